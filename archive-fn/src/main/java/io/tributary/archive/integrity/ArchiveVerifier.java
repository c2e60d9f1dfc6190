package io.tributary.archive.integrity;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.ChangedException;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.RefusedException;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.Problem.Kind;
import io.tributary.archive.compaction.ChainHeads.Head;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Chains.Orphan;
import io.tributary.archive.compaction.Chains.Remainder;
import io.tributary.archive.compaction.Digests;
import io.tributary.archive.compaction.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Verifies a partition of the archive: its manifests, among themselves and against their heads where those are kept, and that each part is there
 * with the content that its manifest names. Parts that are asleep in a Glacier class are compared by size and ETag; the others are read,
 * too. Only heads tell that the end of a chain, or all of it, was deleted.
 */
public final class ArchiveVerifier {
    private static final int BUFFER = 256 << 10;

    /**
     * What was found.
     *
     * @param parts how many were compared
     * @param problems what is wrong; empty if nothing is
     * @param orphans parts whose manifests are lost, which are problems: what is in them can still be read
     * @param rubbish parts of runs that ended early, or are under way: what is in them is elsewhere
     * @param expired how many manifests or parts are gone because their time is over
     */
    public record Result(
            int parts,
            long events,
            long bytes,
            List<Problem> problems,
            List<String> orphans,
            List<String> rubbish,
            int expired) {
        public Result {
            problems = List.copyOf(problems);
            orphans = List.copyOf(orphans);
            rubbish = List.copyOf(rubbish);
        }
    }

    private final Chains chains;
    private final ArchiveStore store;

    public ArchiveVerifier(Chains chains) {
        this.chains = chains;
        this.store = chains.store();
    }

    /**
     * Verifies a partition.
     *
     * @param isReading whether parts that are awake are read, which S3 charges for in all classes but Standard
     */
    public Result verify(Partition partition, boolean isReading) throws IOException {
        Walk walk = new Walk(isReading);
        Remainder remainder = chains.read(partition, walk);
        return new Result(
                walk.parts,
                walk.events,
                walk.bytes,
                walk.problems,
                walk.orphans,
                remainder.rubbish(),
                remainder.expired() + walk.expired);
    }

    /**
     * Deletes rubbish of a partition that is as it should be.
     *
     * @param before what was made before that may go; what is younger may be under way
     * @return what was deleted; nothing if anything is wrong with the partition, or no heads are kept, since then it may be the part of
     *     a lost manifest
     */
    public List<String> sweep(Result result, Instant before) throws IOException {
        List<String> old = new ArrayList<>();
        if (chains.heads().areKept() && result.problems().isEmpty()) {
            for (String key : result.rubbish()) {
                if (store.find(key)
                        .filter(entry -> entry.modified().isBefore(before))
                        .isPresent()) {
                    old.add(key);
                }
            }
            store.delete(old);
        }
        return old;
    }

    /**
     * Settles the manifests of a partition that has no heads, as they are now: of an archive that was compacted before heads were kept.
     *
     * @return how many; none if there are heads, or if anything is wrong with the partition
     */
    public int record(Partition partition) throws IOException {
        if (!chains.heads().areKept() || !chains.heads().sequences(partition).isEmpty()) {
            return 0;
        }
        List<Head> heads = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        chains.withoutHeads().read(partition, new Chains.Visitor() {
            @Override
            public void manifest(Manifest manifest, String digest) throws IOException {
                chains.part(manifest, this);
                heads.add(Head.of(manifest, digest));
            }

            @Override
            public void problem(Problem problem) {
                problems.add(problem);
            }
        });
        if (!problems.isEmpty()) {
            return 0;
        }
        for (Head head : heads) {
            chains.heads().announce(partition, head.sequence(), head.digest());
            chains.heads().settle(head);
        }
        return heads.size();
    }

    /** What the manifests of a chain say. */
    private final class Walk implements Chains.Visitor {
        private final boolean isReading;
        private final List<Problem> problems = new ArrayList<>();
        private final List<String> orphans = new ArrayList<>();
        private int parts;
        private int expired;
        private long events;
        private long bytes;

        Walk(boolean isReading) {
            this.isReading = isReading;
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }

        @Override
        public void orphan(Orphan orphan) {
            orphans.add(orphan.part().key());
        }

        @Override
        public void manifest(Manifest manifest, String digest) throws IOException {
            int before = problems.size();
            Optional<Entry> part = chains.part(manifest, this);
            if (part.isEmpty() && problems.size() == before) {
                expired++;
                return;
            }
            if (part.isPresent() && isReading && !part.get().storageClass().isAsleep()) {
                content(part.get(), manifest.part()).ifPresent(problems::add);
            }
            parts++;
            events += manifest.part().events();
            bytes += manifest.part().size();
        }
    }

    private Optional<Problem> content(Entry entry, Manifest.Part part) throws IOException {
        try {
            return sha256(entry).equals(part.sha256())
                    ? Optional.empty()
                    : Optional.of(
                            new Problem(Kind.PART_CHANGED, part.key(), "it has other content than its manifest says"));
        } catch (RefusedException e) {
            return Optional.of(new Problem(Kind.PART_REFUSED, part.key(), e.getMessage()));
        } catch (ChangedException e) {
            return Optional.of(new Problem(Kind.PART_MISSING, part.key(), e.getMessage()));
        }
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
}
