package io.tributary.archive.compaction;

/** An object is not what Firehose writes; the reason has nothing of its content. */
public final class MalformedObjectException extends Exception {
    MalformedObjectException(String reason) {
        super(reason);
    }
}
