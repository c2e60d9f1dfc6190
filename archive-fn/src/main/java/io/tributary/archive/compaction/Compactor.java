package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.ChangedException;
import io.tributary.archive.ArchiveStore.Content;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.RefusedException;
import io.tributary.archive.ArchiveStore.Stored;
import io.tributary.archive.ArchiveStore.Upload;
import io.tributary.archive.Lock;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.StorageClass;
import io.tributary.archive.Term;
import io.tributary.archive.compaction.ChainHeads.Head;
import io.tributary.archive.compaction.Manifest.Part;
import io.tributary.archive.compaction.Manifest.Source;
import io.tributary.archive.compaction.ReadAhead.Outcomes;
import io.tributary.archive.compaction.ReadAhead.Whole;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * Joins objects of a partition into one of the archive. In this order: the part is uploaded and compared with what S3 says it
 * has; the manifest is made, if nobody else made one of that number; the sources are deleted. Before the manifest nothing is
 * archived, and after it everything is, so an end at any point costs work at most: the next run leaves out what a manifest
 * names, and deletes it. A part that no manifest names is rubbish.
 */
public final class Compactor {
    /** Objects up to this size are read ahead as a whole. */
    private static final int SMALL = 4 << 20;

    /** Larger ones are written as they come, in blocks of this size. */
    private static final int BLOCK = 1 << 20;

    /** So many blocks may wait to be looked through. */
    private static final int BLOCKS = 16;

    /**
     * How parts are kept.
     *
     * @param storageClass what they are written to
     * @param lock how long they, and their manifests, cannot be deleted
     * @param term how long they are kept; its beginning is not after that of their making
     */
    public record Keeping(StorageClass storageClass, Optional<Lock> lock, Term term) {}

    /**
     * What became of a work item.
     *
     * @param archived objects that are in the archive now
     * @param leftOver objects that had been archived before, and were deleted now
     * @param setAside objects that are not what Firehose or CloudTrail writes, by their new keys
     * @param changed objects that were replaced or deleted meanwhile, and were left alone
     * @param refused objects that S3 does not let us read, and were left alone, with S3's reason
     * @param problems what is wrong with manifests that were looked at; nothing that they name was touched
     * @param events events that were archived
     */
    public record Result(
            int archived,
            int leftOver,
            List<String> setAside,
            List<String> changed,
            List<String> refused,
            List<Problem> problems,
            long events,
            long bytes) {
        public Result {
            problems = List.copyOf(problems);
            setAside = List.copyOf(setAside);
            changed = List.copyOf(changed);
            refused = List.copyOf(refused);
        }
    }

    private final Chains chains;
    private final ArchiveStore store;
    private final Keeping keeping;
    private final Supplier<String> names;
    private final ExecutorService executor;

    /**
     * A compactor, for one thread.
     *
     * @param names makes a name that nobody else makes
     * @param executor what objects are read ahead on
     */
    public Compactor(Chains chains, Keeping keeping, Supplier<String> names, ExecutorService executor) {
        this.chains = chains;
        this.store = chains.store();
        this.keeping = keeping;
        this.names = names;
        this.executor = executor;
    }

    /**
     * Compacts what a work item names.
     *
     * @throws IOException if S3 fails: the item is to be repeated
     */
    public Result compact(WorkItem item) throws IOException {
        Joining joining = new Joining(item.partition());
        int leftOver = 0;
        while (true) {
            // in this order: what is finished before the objects are listed is not among them
            Chains.End end = chains.end(item.partition());
            leftOver += finish(end.unfinished());
            Map<String, String> archived = archived(end.unfinished());
            List<Entry> fresh = entries(item.partition().loose(), item.first(), item.last()).stream()
                    .filter(entry -> !entry.etag().equals(archived.get(entry.key())))
                    .toList();
            Optional<Manifest> joined = joining.join(end, fresh);
            if (joined.isEmpty()) {
                return joining.result(0, leftOver, end.problems(), 0, 0);
            }
            Manifest manifest = joined.get();
            if (commit(manifest)) {
                finish(manifest);
                return joining.result(
                        manifest.sources().size(),
                        leftOver,
                        end.problems(),
                        manifest.part().events(),
                        manifest.part().size());
            }
            // another worker was faster, perhaps with the same objects: look again
            store.delete(List.of(manifest.part().key()));
        }
    }

    /**
     * The step that counts. It is announced before, and settled after, where nobody can undo it who can write to the archive: nothing is deleted
     * that is not settled, and nothing is settled that was not announced.
     */
    private boolean commit(Manifest manifest) throws IOException {
        byte[] json = manifest.toJson();
        Head head = Head.of(manifest, Digests.sha256(json));
        chains.heads().announce(head.partition(), head.sequence(), head.digest());
        if (!isMade(Manifest.key(manifest.partition(), manifest.sequence()), json)) {
            return false;
        }
        if (chains.heads().settle(head).equals(head)) {
            return true;
        }
        // the number is that of a manifest that somebody has deleted meanwhile
        store.delete(List.of(Manifest.key(manifest.partition(), manifest.sequence())));
        return false;
    }

    /** A refusal may be the answer to a repetition of our own success: who made the manifest is looked up. */
    private boolean isMade(String key, byte[] json) throws IOException {
        if (store.create(key, json, keeping.lock())) {
            return true;
        }
        Entry there = store.find(key).orElseThrow(() -> new ChangedException(key));
        return there.size() == json.length && Arrays.equals(store.read(there), json);
    }

    private int finish(List<Manifest> manifests) throws IOException {
        int deleted = 0;
        for (Manifest manifest : manifests) {
            deleted += finish(manifest);
        }
        return deleted;
    }

    /** Deletes what a manifest has archived, and notes that. What was replaced meanwhile is not what was archived, and stays. */
    private int finish(Manifest manifest) throws IOException {
        List<Source> sources = manifest.sources();
        Map<String, String> archived = archived(List.of(manifest));
        List<String> keys =
                entries(
                                manifest.partition().loose(),
                                sources.get(0).key(),
                                sources.get(sources.size() - 1).key())
                        .stream()
                        .filter(entry -> entry.etag().equals(archived.get(entry.key())))
                        .map(Entry::key)
                        .toList();
        store.delete(keys);
        store.create(
                Manifest.doneKey(manifest.partition(), manifest.sequence()),
                manifest.term().map(term -> term.until().toString()).orElse("").getBytes(StandardCharsets.US_ASCII));
        return keys.size();
    }

    /** The content of objects that are archived, by key. */
    private static Map<String, String> archived(List<Manifest> manifests) {
        Map<String, String> archived = new HashMap<>();
        manifests.forEach(manifest -> manifest.sources().forEach(source -> archived.put(source.key(), source.etag())));
        return archived;
    }

    private List<Entry> entries(String prefix, String first, String last) throws IOException {
        List<Entry> entries = new ArrayList<>();
        store.find(first).ifPresent(entries::add);
        List<Entry> page = store.list(prefix, first);
        while (!page.isEmpty()) {
            for (Entry entry : page) {
                if (entry.key().compareTo(last) > 0) {
                    return entries;
                }
                entries.add(entry);
            }
            page = store.list(prefix, page.get(page.size() - 1).key());
        }
        return entries;
    }

    /** A large object of which a beginning was written turned out not to be whole: the part has to be begun again without it. */
    private static final class SpoiledException extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Entry entry;

        SpoiledException(Entry entry, MalformedObjectException cause) {
            super(cause.getMessage(), cause);
            this.entry = entry;
        }
    }

    /** An object that was written, and what will be known of it. */
    private record Joined(Entry entry, Future<Source> source) {
        Source await() throws IOException, SpoiledException {
            try {
                return Outcomes.of(source);
            } catch (MalformedObjectException e) {
                throw new SpoiledException(entry, e);
            }
        }
    }

    private static BlockingQueue<byte[]> blocks(int count) {
        BlockingQueue<byte[]> blocks = new LinkedBlockingQueue<>();
        for (int i = 0; i < count; i++) {
            blocks.add(new byte[BLOCK]);
        }
        return blocks;
    }

    /** The joining of one work item, and what came up. */
    private final class Joining {
        private final Partition partition;
        private final List<String> setAside = new ArrayList<>();
        private final Set<Entry> gone = new HashSet<>();
        private final List<String> changed = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();

        Joining(Partition partition) {
            this.partition = partition;
        }

        Result result(int archived, int leftOver, List<Problem> problems, long events, long bytes) {
            return new Result(archived, leftOver, setAside, changed, refused, problems, events, bytes);
        }

        /** Uploads a part of the objects; empty if there is none that can be archived. */
        Optional<Manifest> join(Chains.End end, List<Entry> entries) throws IOException {
            List<Entry> left = new ArrayList<>(entries);
            while (!left.isEmpty()) {
                changed.clear();
                refused.clear();
                try {
                    return upload(end, left);
                } catch (SpoiledException e) {
                    setAside(e.entry, e.getMessage());
                    left.removeAll(gone);
                }
            }
            return Optional.empty();
        }

        private Optional<Manifest> upload(Chains.End end, List<Entry> entries) throws IOException, SpoiledException {
            String key = "%spart-%08d-%s.ndjson.gz".formatted(partition.archive(), end.next(), names.get());
            List<Entry> small =
                    entries.stream().filter(entry -> entry.size() <= SMALL).toList();
            BlockingQueue<byte[]> blocks = blocks(small.size() < entries.size() ? BLOCKS : 0);
            List<Joined> joined = new ArrayList<>();
            try (ReadAhead ahead = new ReadAhead(store, partition, executor, small);
                    Upload upload = store.upload(key, keeping.storageClass(), keeping.lock())) {
                PartWriter part = new PartWriter(upload);
                for (Entry entry : entries) {
                    try {
                        joined.add(new Joined(
                                entry,
                                entry.size() <= SMALL
                                        ? append(entry, ahead.next(), part)
                                        : stream(entry, part, blocks)));
                    } catch (MalformedObjectException e) {
                        setAside(entry, e.getMessage());
                    } catch (ChangedException e) {
                        changed.add(entry.key()); // a later run has it
                    } catch (RefusedException e) {
                        refused.add(e.getMessage());
                    }
                }
                List<Source> sources = new ArrayList<>();
                for (Joined one : joined) {
                    sources.add(one.await());
                }
                if (sources.isEmpty()) {
                    return Optional.empty();
                }
                return Optional.of(new Manifest(
                        partition,
                        end.next(),
                        end.last(),
                        end.lastTerm(),
                        Optional.of(keeping.term()),
                        part.complete(key, keeping.storageClass(), sources),
                        sources));
            }
        }

        private Future<Source> append(Entry entry, Whole whole, PartWriter part) throws IOException {
            long offset = part.size;
            part.write(whole.bytes(), whole.bytes().length);
            return CompletableFuture.completedFuture(whole.inspection().source(entry, whole.version(), offset));
        }

        /**
         * Writes an object while it is read. It is looked through behind that, perhaps when the next one is being written already.
         *
         * @return the object as a source, once it was looked through
         */
        private Future<Source> stream(Entry entry, PartWriter part, BlockingQueue<byte[]> blocks) throws IOException {
            long offset = part.size;
            Inspection inspection = new Inspection(partition);
            CompletableFuture<Void> looking = CompletableFuture.completedFuture(null);
            try (Content in = store.open(entry.key(), entry.etag(), 0, entry.size())) {
                for (long left = entry.size(); left > 0; ) {
                    byte[] block = blocks.take();
                    int length = in.readNBytes(block, 0, (int) Math.min(left, BLOCK));
                    if (length == 0) {
                        throw new EOFException(entry.key() + ": S3 sent less than it has");
                    }
                    left -= length;
                    part.write(block, length);
                    looking = looking.thenRunAsync(() -> inspection.passUnchecked(block, length), executor)
                            .whenComplete((nothing, failure) -> blocks.add(block));
                }
                return looking.thenApply(nothing -> inspection.finishUnchecked(entry, in.version(), offset));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        /** Moves an object aside, with the reason beside it. */
        private void setAside(Entry entry, String reason) throws IOException {
            String to = "failed/compaction/" + entry.key();
            store.copy(entry.key(), entry.etag(), to);
            store.create(to + ".reason.txt", (reason + "\n").getBytes(StandardCharsets.UTF_8));
            store.delete(List.of(entry.key()));
            setAside.add(to);
            gone.add(entry);
        }
    }

    /** What is written to a part, and what is known of it. */
    private static final class PartWriter {
        private final Upload upload;
        private final MessageDigest sha256 = Digests.sha256();
        private final CRC32 crc = new CRC32();
        private long size;

        PartWriter(Upload upload) {
            this.upload = upload;
        }

        void write(byte[] bytes, int length) throws IOException {
            upload.write(bytes, 0, length);
            sha256.update(bytes, 0, length);
            crc.update(bytes, 0, length);
            size += length;
        }

        Part complete(String key, StorageClass storageClass, List<Source> sources) throws IOException {
            Stored stored = upload.complete();
            if (stored.size() != size || stored.crc32() != crc.getValue()) {
                throw new IOException(key + ": S3 has " + stored.size() + " bytes with checksum " + stored.crc32()
                        + ", sent were " + size + " with " + crc.getValue());
            }
            return new Part(
                    key,
                    stored.etag(),
                    storageClass,
                    stored.size(),
                    HexFormat.of().formatHex(sha256.digest()),
                    stored.crc32(),
                    sources.stream().mapToLong(Source::events).sum());
        }
    }
}
