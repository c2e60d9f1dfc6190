package io.tributary.archive;

/**
 * How fast S3 wakes an object.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html">Retrieval options</a>
 */
public enum RestoreTier {
    /** Within minutes; not from Deep Archive. */
    EXPEDITED,
    /** Within hours. */
    STANDARD,
    /** Within half a day, or two days from Deep Archive; the cheapest. */
    BULK
}
