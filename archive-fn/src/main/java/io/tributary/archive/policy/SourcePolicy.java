package io.tributary.archive.policy;

import io.tributary.archive.Lock;
import io.tributary.archive.Term;
import io.tributary.archive.compaction.Compactor.Keeping;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the events of one source.
 *
 * @param searchableDays how long Firehose's objects stay in {@code events/}, one by one; then they are compacted
 * @param classes where the compacted objects go with age, the first at once
 * @param retentionDays when they are deleted, in days after compaction
 * @param lock how long nobody may delete them
 */
public record SourcePolicy(
        int searchableDays, List<ClassChange> classes, int retentionDays, Optional<ObjectLock> lock) {
    public SourcePolicy {
        classes = List.copyOf(classes);
    }

    /** An object lock: in governance mode some may lift it, in compliance mode nobody. */
    public record ObjectLock(Lock.Mode mode, int days) {}

    /** Whether no more objects of a day are to come, and nobody searches it object by object any more. */
    public boolean isClosed(LocalDate date, LocalDate today) {
        // late deliveries of yesterday are not over yet
        return date.isBefore(today.minusDays(Math.max(1, searchableDays)));
    }

    /** How parts are kept that are made now. */
    public Keeping keeping(Instant now) {
        return new Keeping(
                classes.get(0).storageClass(),
                lock.map(own -> new Lock(own.mode(), now.plus(Duration.ofDays(own.days())))),
                new Term(now, now.plus(Duration.ofDays(retentionDays))));
    }
}
