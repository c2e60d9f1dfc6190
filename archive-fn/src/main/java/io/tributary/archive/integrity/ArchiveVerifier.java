package io.tributary.archive.integrity;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Chain;
import io.tributary.archive.compaction.Digests;
import io.tributary.archive.compaction.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Verifies a partition of the archive: the chain of its manifests, and that each part is there with the content that its manifest
 * names. Parts that are asleep in a Glacier class are compared by size and ETag; the others are read, too.
 */
public final class ArchiveVerifier {
    private static final int BUFFER = 256 << 10;

    /**
     * What was found.
     *
     * @param problems what is wrong; empty if nothing is
     * @param orphans parts that no manifest names: rubbish of runs that ended early
     * @param last the digest of the last manifest, to be kept elsewhere: a chain cannot tell that its end was cut off
     */
    public record Result(int parts, long events, long bytes, List<String> problems, List<String> orphans, String last) {
        public Result {
            problems = List.copyOf(problems);
            orphans = List.copyOf(orphans);
        }
    }

    private final ArchiveStore store;

    public ArchiveVerifier(ArchiveStore store) {
        this.store = store;
    }

    /**
     * Verifies a partition.
     *
     * @param expectedLast what {@link Result#last} was before, if it is known: it must still be in the chain
     * @param isReading whether parts that are awake are read, which S3 charges for in all classes but Standard
     */
    public Result verify(Partition partition, Optional<String> expectedLast, boolean isReading) throws IOException {
        Walk walk = new Walk(partition, isReading);
        String last = Chain.read(store, partition, walk);
        expectedLast
                .filter(digest -> !digest.isEmpty() && !walk.digests.contains(digest))
                .ifPresent(digest -> walk.problems.add(partition.archive() + ": the manifest " + digest
                        + " is gone: the end of the chain was cut off, or changed"));
        List<String> orphans = new ArrayList<>();
        gaps(partition, walk, orphans);
        return new Result(walk.digests.size(), walk.events, walk.bytes, walk.problems, orphans, last);
    }

    /** What the manifests of a chain say. */
    private final class Walk implements Chain.Visitor {
        private final Partition partition;
        private final boolean isReading;
        private final List<String> problems = new ArrayList<>();
        private final Set<String> named = new HashSet<>();
        private final Set<String> digests = new HashSet<>();
        private long events;
        private long bytes;

        Walk(Partition partition, boolean isReading) {
            this.partition = partition;
            this.isReading = isReading;
        }

        @Override
        public void manifest(Manifest manifest, String digest, boolean follows) throws IOException {
            if (!follows) {
                problems.add(Manifest.key(partition, digests.size())
                        + " does not follow the manifest before it: one of them was changed");
            }
            digests.add(digest);
            named.add(manifest.part().key());
            part(manifest.part(), isReading).ifPresent(problems::add);
            events += manifest.part().events();
            bytes += manifest.part().size();
        }
    }

    private Optional<String> part(Manifest.Part part, boolean isReading) throws IOException {
        Optional<Entry> found = store.find(part.key());
        if (found.isEmpty()) {
            return Optional.of(part.key() + " is gone");
        }
        Entry entry = found.get();
        if (entry.size() != part.size() || !entry.etag().equals(part.etag())) {
            return Optional.of(part.key() + " was replaced");
        }
        if (isReading && !entry.storageClass().isAsleep() && !sha256(entry).equals(part.sha256())) {
            return Optional.of(part.key() + " has other content than its manifest says");
        }
        return Optional.empty();
    }

    private String sha256(Entry entry) throws IOException {
        MessageDigest digest = Digests.sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = store.open(entry.key(), entry.etag(), 0, entry.size())) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What the chain does not reach: parts without a manifest, and manifests after a gap. */
    private void gaps(Partition partition, Walk walk, List<String> orphans) throws IOException {
        each(partition.archive(), key -> {
            if (!walk.named.contains(key)) {
                orphans.add(key);
            }
        });
        SortedMap<Integer, Boolean> beyond = new TreeMap<>();
        each(
                partition.manifests(),
                key -> Manifest.sequence(key)
                        .ifPresentOrElse(
                                sequence -> beyond.put(sequence, true),
                                () -> Manifest.doneSequence(key)
                                        .ifPresent(sequence -> beyond.putIfAbsent(sequence, false))));
        beyond.tailMap(walk.digests.size())
                .forEach((sequence, isThere) -> walk.problems.add(Manifest.key(partition, sequence)
                        + (isThere ? " comes after a manifest that is gone" : " is gone")));
    }

    private void each(String prefix, Consumer<String> visitor) throws IOException {
        String after = "";
        for (List<Entry> page = store.list(prefix, after); !page.isEmpty(); page = store.list(prefix, after)) {
            page.forEach(entry -> visitor.accept(entry.key()));
            after = page.get(page.size() - 1).key();
        }
    }
}
