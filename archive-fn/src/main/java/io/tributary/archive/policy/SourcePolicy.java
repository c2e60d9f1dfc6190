package io.tributary.archive.policy;

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
    public record ObjectLock(Mode mode, int days) {}

    /** Of an object lock. */
    public enum Mode {
        GOVERNANCE,
        COMPLIANCE
    }
}
