package io.tributary.archive.integrity;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Content;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Digests;
import io.tributary.archive.compaction.Manifest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipException;

/**
 * CloudTrail's files in a bucket, whether they are as CloudTrail delivered them or were compacted. Of a compacted file the bytes are
 * read where they are now and digested anew; where they are asleep, the manifest is believed, if its part is the one that it names. Files whose
 * manifests are lost are not found.
 */
public final class TrailFiles implements CloudTrailFiles {
    private static final int BUFFER = 64 << 10;

    /** Of a digest that is larger only the beginning is read, which is none. */
    private static final long MOST_DIGEST = 64 << 20;

    /** Where CloudTrail's public keys come from. */
    public interface KeySource {
        /** The keys that were in use within a time, by fingerprint. */
        Map<String, PublicKey> keys(Instant from, Instant to) throws IOException;
    }

    /** Where the bytes of a compacted file are. */
    private record Place(Manifest.Part part, long offset, long length, String sha256Expanded) {}

    private final Chains chains;
    private final ArchiveStore store;
    private final String bucket;
    private final KeySource keys;
    private String prefix = "";
    private Map<String, Place> places = Map.of();

    /** @param bucket the store's name, which digests contain */
    public TrailFiles(Chains chains, String bucket, KeySource keys) {
        this.chains = chains;
        this.store = chains.store();
        this.bucket = bucket;
        this.keys = keys;
    }

    @Override
    public Optional<DigestFile> digest(String bucket, String key) throws IOException {
        Optional<Entry> entry = find(bucket, key);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        long size = Math.min(entry.get().size(), MOST_DIGEST);
        try (Content in = store.open(key, entry.get().etag(), 0, size)) {
            return Optional.of(new DigestFile(bucket, key, in.readAllBytes(), in.metadata()));
        }
    }

    private Optional<Entry> find(String bucket, String key) throws IOException {
        // the key stands in a digest, which is not yet known to be CloudTrail's
        return bucket.equals(this.bucket) && ArchiveStore.isPlain(key) ? store.find(key) : Optional.empty();
    }

    @Override
    public Optional<String> logFile(String bucket, String key) throws IOException {
        Optional<Entry> loose = find(bucket, key);
        if (loose.isPresent()) {
            return Optional.of(digest(loose.get(), 0, loose.get().size()));
        }
        Place place = bucket.equals(this.bucket) ? places(key).get(key) : null;
        if (place == null) {
            return Optional.empty();
        }
        Optional<Entry> part = store.find(place.part().key());
        if (part.isEmpty()) {
            return Optional.empty();
        }
        Entry entry = part.get();
        if (!entry.etag().equals(place.part().etag())
                || entry.size() != place.part().size()) {
            return Optional.of("the archived part was replaced");
        }
        return Optional.of(
                entry.storageClass().isAsleep()
                        ? place.sha256Expanded()
                        : digest(entry, place.offset(), place.length()));
    }

    private String digest(Entry entry, long offset, long length) throws IOException {
        MessageDigest digest = Digests.sha256();
        byte[] buffer = new byte[BUFFER];
        try (Content in = store.open(entry.key(), entry.etag(), offset, length);
                InputStream expanded = in.expanded()) {
            for (int count = expanded.read(buffer); count >= 0; count = expanded.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        } catch (EOFException | ZipException e) {
            return "no gzip";
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Where the compacted files of a key's account, Region and day are; those of one day are remembered. */
    private Map<String, Place> places(String key) throws IOException {
        Optional<Partition> partition = Partition.lookUp(key);
        if (partition.isEmpty()) {
            return Map.of();
        }
        if (!partition.get().loose().equals(prefix)) {
            places = places(partition.get());
            prefix = partition.get().loose();
        }
        return places;
    }

    private Map<String, Place> places(Partition partition) throws IOException {
        Map<String, Place> found = new TreeMap<>();
        chains.read(partition, new Chains.Visitor() {
            @Override
            public void manifest(Manifest manifest, String digest) {
                manifest.sources()
                        .forEach(source -> found.put(
                                source.key(),
                                new Place(manifest.part(), source.offset(), source.length(), source.sha256Expanded())));
            }

            @Override
            public void problem(Problem problem) {
                // the verification of the archive tells it; here files are missed
            }
        });
        return found;
    }

    /** The keys of all log files that are there under a prefix, also of those that were compacted. */
    List<String> logFiles(String prefix) throws IOException {
        List<String> keys = new ArrayList<>();
        store.all(prefix).forEach(entry -> keys.add(entry.key()));
        for (Partition partition : Partition.all(store, Partition.MANIFESTS + prefix)) {
            keys.addAll(places(partition).keySet());
        }
        return keys;
    }

    @Override
    public Map<String, PublicKey> publicKeys(Instant from, Instant to) throws IOException {
        return keys.keys(from, to);
    }
}
