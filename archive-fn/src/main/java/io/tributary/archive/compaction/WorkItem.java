package io.tributary.archive.compaction;

import io.tributary.archive.Partition;

/**
 * Objects of a partition that one invocation joins: those whose keys are from {@code first} to {@code last}, both included.
 */
public record WorkItem(Partition partition, String first, String last) {}
