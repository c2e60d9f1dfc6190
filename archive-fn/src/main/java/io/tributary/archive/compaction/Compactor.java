package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.ChangedException;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.Stored;
import io.tributary.archive.ArchiveStore.Upload;
import io.tributary.archive.Partition;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.Manifest.Member;
import io.tributary.archive.compaction.Manifest.Part;
import io.tributary.archive.compaction.Manifest.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * Joins objects of a partition into one of the archive. In this order: the part is uploaded and compared with what S3 says it
 * has; the manifest is made, if nobody else made one of that number; the sources are deleted. Before the manifest nothing is
 * archived, and after it everything is, so an end at any point costs work at most: the next run leaves out what a manifest
 * names, and deletes it. A part that no manifest names is rubbish.
 */
public final class Compactor {
    /** Objects up to this size are read once and kept; larger ones are read twice, to be looked through first. */
    private static final int KEPT = 4 << 20;

    private static final int BUFFER = 256 << 10;
    private static final int DELETED_AT_ONCE = 1_000;

    /**
     * What became of a work item.
     *
     * @param archived objects that are in the archive now
     * @param leftOver objects that had been archived before, and were deleted now
     * @param setAside objects that are not what Firehose writes, by their new keys
     * @param changed objects that were replaced or deleted meanwhile, and were left alone
     * @param events events that were archived
     */
    public record Result(
            int archived, int leftOver, List<String> setAside, List<String> changed, long events, long bytes) {
        public Result {
            setAside = List.copyOf(setAside);
            changed = List.copyOf(changed);
        }
    }

    private final ArchiveStore store;
    private final StorageClass storageClass;
    private final Supplier<String> names;
    private final byte[] buffer = new byte[BUFFER];

    /**
     * A compactor, for one thread.
     *
     * @param storageClass what parts are written to
     * @param names makes a name that nobody else makes
     */
    public Compactor(ArchiveStore store, StorageClass storageClass, Supplier<String> names) {
        this.store = store;
        this.storageClass = storageClass;
        this.names = names;
    }

    /**
     * Compacts what a work item names.
     *
     * @throws IOException if S3 fails: the item is to be repeated
     */
    public Result compact(WorkItem item) throws IOException {
        List<String> setAside = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        int leftOver = 0;
        while (true) {
            Chain chain = chain(item.partition());
            List<String> done = new ArrayList<>();
            List<Entry> fresh = new ArrayList<>();
            for (Entry entry : entries(item)) {
                if (chain.has(entry)) {
                    done.add(entry.key());
                } else {
                    fresh.add(entry);
                }
            }
            delete(done);
            leftOver += done.size();
            changed.clear();
            Manifest manifest = join(item.partition(), chain, fresh, setAside, changed);
            if (manifest.sources().isEmpty()) {
                return new Result(0, leftOver, setAside, changed, 0, 0);
            }
            if (commit(manifest)) {
                delete(manifest.sources().stream().map(Source::key).toList());
                return new Result(
                        manifest.sources().size(),
                        leftOver,
                        setAside,
                        changed,
                        manifest.part().events(),
                        manifest.part().size());
            }
            // another worker was faster, perhaps with the same objects: look again
            store.delete(List.of(manifest.part().key()));
        }
    }

    private Chain chain(Partition partition) throws IOException {
        Chain chain = Chain.read(store, partition);
        if (!chain.problems().isEmpty()) {
            throw new IOException(chain.problems().get(0));
        }
        return chain;
    }

    /** The step that counts. A refusal may be the answer to a repetition of our own success: who made the manifest is looked up. */
    private boolean commit(Manifest manifest) throws IOException {
        if (store.create(Manifest.key(manifest.partition(), manifest.sequence()), manifest.toJson())) {
            return true;
        }
        return chain(manifest.partition()).manifests().stream()
                .anyMatch(other -> other.part().key().equals(manifest.part().key()));
    }

    private List<Entry> entries(WorkItem item) throws IOException {
        List<Entry> entries = new ArrayList<>();
        String prefix = item.partition().events();
        store.find(item.first()).ifPresent(entries::add);
        List<Entry> page = store.list(prefix, item.first());
        while (!page.isEmpty()) {
            for (Entry entry : page) {
                if (entry.key().compareTo(item.last()) > 0) {
                    return entries;
                }
                entries.add(entry);
            }
            page = store.list(prefix, page.get(page.size() - 1).key());
        }
        return entries;
    }

    private Manifest join(
            Partition partition, Chain chain, List<Entry> entries, List<String> setAside, List<String> changed)
            throws IOException {
        int sequence = chain.manifests().size();
        String key = "%spart-%05d-%s.ndjson.gz".formatted(partition.archive(), sequence, names.get());
        PartWriter part = new PartWriter();
        List<Source> sources = new ArrayList<>();
        if (entries.isEmpty()) {
            return manifest(partition, chain, new Part(key, "", 0, "", 0, 0), sources);
        }
        try (Upload upload = store.upload(key, storageClass)) {
            part.upload = upload;
            for (Entry entry : entries) {
                try {
                    sources.add(append(entry, part));
                } catch (MalformedObjectException e) {
                    setAside.add(setAside(entry, e.getMessage()));
                } catch (ChangedException e) {
                    changed.add(entry.key()); // a later run has it
                }
            }
            if (sources.isEmpty()) {
                return manifest(partition, chain, new Part(key, "", 0, "", 0, 0), sources);
            }
            Stored stored = upload.complete();
            if (stored.size() != part.size || stored.crc32() != part.crc.getValue()) {
                throw new IOException(key + ": S3 has " + stored.size() + " bytes with checksum " + stored.crc32()
                        + ", sent were " + part.size + " with " + part.crc.getValue());
            }
            long events = sources.stream().mapToLong(Source::events).sum();
            Part written = new Part(
                    key,
                    stored.etag(),
                    stored.size(),
                    HexFormat.of().formatHex(part.sha256.digest()),
                    stored.crc32(),
                    events);
            return manifest(partition, chain, written, sources);
        }
    }

    private static Manifest manifest(Partition partition, Chain chain, Part part, List<Source> sources) {
        return new Manifest(partition, chain.manifests().size(), chain.last(), part, sources);
    }

    /** What is written to the part, and what is known of it. */
    private static final class PartWriter {
        private final MessageDigest sha256 = Digests.sha256();
        private final CRC32 crc = new CRC32();
        private Upload upload;
        private long size;

        void write(byte[] bytes, int length) throws IOException {
            upload.write(bytes, 0, length);
            sha256.update(bytes, 0, length);
            crc.update(bytes, 0, length);
            size += length;
        }
    }

    /** An object is looked through before any of it is written: what is in the part cannot be taken back. */
    private Source append(Entry entry, PartWriter part) throws IOException, MalformedObjectException {
        byte[] kept = entry.size() <= KEPT ? new byte[(int) entry.size()] : null;
        GzipScanner scanner = new GzipScanner();
        MessageDigest sha256 = Digests.sha256();
        int length = 0;
        try (InputStream in = store.open(entry.key(), entry.etag(), 0, entry.size())) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                scanner.scan(buffer, 0, count);
                sha256.update(buffer, 0, count);
                if (kept != null) {
                    System.arraycopy(buffer, 0, kept, length, count);
                    length += count;
                }
            }
        }
        scanner.finish();
        long offset = part.size;
        if (kept != null) {
            part.write(kept, kept.length);
        } else {
            try (InputStream in = store.open(entry.key(), entry.etag(), 0, entry.size())) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    part.write(buffer, count);
                }
            }
        }
        List<Member> members = scanner.members().stream()
                .map(member -> new Member(
                        member.account(), member.region(), offset + member.offset(), member.length(), member.events()))
                .toList();
        return new Source(
                entry.key(),
                entry.etag(),
                offset,
                entry.size(),
                HexFormat.of().formatHex(sha256.digest()),
                scanner.sha256Expanded(),
                scanner.events(),
                scanner.firstTime(),
                scanner.lastTime(),
                members);
    }

    /** Moves an object aside, with the reason beside it. */
    private String setAside(Entry entry, String reason) throws IOException {
        String to = "failed/compaction/" + entry.key();
        store.copy(entry.key(), entry.etag(), to);
        store.create(to + ".reason.txt", (reason + "\n").getBytes(StandardCharsets.UTF_8));
        store.delete(List.of(entry.key()));
        return to;
    }

    private void delete(List<String> keys) throws IOException {
        for (int from = 0; from < keys.size(); from += DELETED_AT_ONCE) {
            store.delete(keys.subList(from, Math.min(keys.size(), from + DELETED_AT_ONCE)));
        }
    }
}
