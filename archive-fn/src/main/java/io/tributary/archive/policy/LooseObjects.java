package io.tributary.archive.policy;

import java.util.Optional;

/**
 * What becomes of objects that are not compacted: those of {@code raw/} and {@code failed/}.
 *
 * @param change a storage class that larger ones go to; those below 128 KB stay, as S3 has it
 */
public record LooseObjects(int retentionDays, Optional<ClassChange> change) {}
