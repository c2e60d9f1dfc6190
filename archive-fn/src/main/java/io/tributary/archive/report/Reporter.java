package io.tributary.archive.report;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Chains.Orphan;
import io.tributary.archive.compaction.Manifest;
import io.tributary.archive.report.Usage.Delivered;
import io.tributary.archive.report.Usage.Holding;
import io.tributary.archive.report.Usage.Share;
import java.io.IOException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at what is in a bucket: lists it, and reads its manifests. */
public final class Reporter {
    /** What S3 moves to other classes has at least this size, unless a rule says otherwise. */
    private static final long LEAST_MOVED = 128 << 10;

    private final Chains chains;
    private final ArchiveStore store;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Holding> holdings = new TreeMap<>();
    private final Map<String, Share> shares = new TreeMap<>();
    private long small;
    private long smallBytes;
    private long large;
    private long largeBytes;

    public Reporter(Chains chains) {
        this.chains = chains;
        this.store = chains.store();
    }

    /**
     * Counts. What is wrong with the archive is told beside it, and does not keep the rest from being counted.
     *
     * @param from the first month; what is older is left out
     */
    public Usage usage(YearMonth from) throws IOException {
        for (Partition partition : chains.partitions()) {
            YearMonth month = YearMonth.from(partition.date());
            if (!month.isBefore(from)) {
                chains.read(partition, new Archived(month));
            }
        }
        for (Partition partition : Partition.all(store, Partition.EVENTS)) {
            YearMonth month = YearMonth.from(partition.date());
            if (!month.isBefore(from)) {
                each(partition.loose(), entry -> add("events", partition.source(), entry, month, 0));
            }
        }
        for (String place : List.of("raw", "failed")) {
            each(place + "/", entry -> {
                YearMonth month = YearMonth.from(entry.modified().atZone(ZoneOffset.UTC));
                if (!month.isBefore(from)) {
                    add(place, "", entry, month, 0);
                }
            });
        }
        return new Usage(
                new ArrayList<>(holdings.values()),
                new ArrayList<>(shares.values()),
                new Delivered(small, smallBytes, large, largeBytes),
                problems);
    }

    private interface Visitor {
        void object(Entry entry) throws IOException;
    }

    private void each(String prefix, Visitor visitor) throws IOException {
        String after = "";
        for (List<Entry> page = store.list(prefix, after); !page.isEmpty(); page = store.list(prefix, after)) {
            for (Entry entry : page) {
                visitor.object(entry);
            }
            after = page.get(page.size() - 1).key();
        }
    }

    /** What the manifests of a partition say, and what there is without them. */
    private final class Archived implements Chains.Visitor {
        private final YearMonth month;

        Archived(YearMonth month) {
            this.month = month;
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }

        @Override
        public void orphan(Orphan orphan) {
            add("archive", orphan.partition().source(), orphan.part(), month, 0);
        }

        @Override
        public void manifest(Manifest manifest, String digest) throws IOException {
            // its class now: lifecycle rules may have moved it
            Optional<Entry> part = chains.part(manifest, this);
            if (part.isPresent()) {
                archived(manifest, part.get(), month);
            }
        }
    }

    private void archived(Manifest manifest, Entry part, YearMonth month) {
        add(
                "archive",
                manifest.partition().source(),
                part,
                month,
                manifest.part().events());
        for (Manifest.Source source : manifest.sources()) {
            if (source.length() < LEAST_MOVED) {
                small++;
                smallBytes += source.length();
            } else {
                large++;
                largeBytes += source.length();
            }
            source.members()
                    .forEach(member -> share(member, manifest.partition().source(), part.storageClass(), month));
        }
    }

    private void add(String place, String source, Entry entry, YearMonth month, long events) {
        holdings.merge(
                String.join(
                        "|",
                        place,
                        source,
                        month.toString(),
                        entry.storageClass().name()),
                new Holding(place, source, entry.storageClass(), month, 1, entry.size(), events),
                (one, other) -> new Holding(
                        place,
                        source,
                        one.storageClass(),
                        month,
                        one.objects() + other.objects(),
                        one.bytes() + other.bytes(),
                        one.events() + other.events()));
    }

    private void share(Manifest.Member member, String source, StorageClass storageClass, YearMonth month) {
        shares.merge(
                String.join("|", member.account(), source, month.toString(), storageClass.name()),
                new Share(member.account(), source, storageClass, month, member.length(), member.events()),
                (one, other) -> new Share(
                        one.account(),
                        source,
                        storageClass,
                        month,
                        one.bytes() + other.bytes(),
                        one.events() + other.events()));
    }
}
