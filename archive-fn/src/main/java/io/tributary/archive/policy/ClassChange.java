package io.tributary.archive.policy;

import io.tributary.archive.StorageClass;

/** A storage class, and how many days after compaction (or delivery) an object goes there. */
public record ClassChange(StorageClass storageClass, int afterDays) {}
