package io.tributary.archive;

/**
 * S3 storage classes that an archive may be in, from the one that is read at once to the one that takes hours.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html">Storage classes</a>
 */
public enum StorageClass {
    STANDARD,
    STANDARD_IA,
    GLACIER_IR,
    GLACIER,
    DEEP_ARCHIVE;

    /** Whether an object has to be restored before it can be read. */
    public boolean isAsleep() {
        return this == GLACIER || this == DEEP_ARCHIVE;
    }
}
