package io.tributary.archive;

import java.time.Instant;

/**
 * Until when nobody may delete an object's version.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">Object Lock</a>
 */
public record Lock(Mode mode, Instant until) {
    /** Who may lift it. */
    public enum Mode {
        /** Some may. */
        GOVERNANCE,
        /** Nobody, the account's root included. */
        COMPLIANCE
    }
}
