package io.tributary.archive.replay;

import java.io.IOException;

/** An object is not what Firehose writes; the reason has nothing of its content. */
final class UnreadableRecordsException extends IOException {
    private static final long serialVersionUID = 1;

    UnreadableRecordsException(String reason) {
        super(reason);
    }
}
