package io.tributary.archive.replay;

import java.io.IOException;

/** Where replayed events go. What it throws ends the replay, which can be continued where it was flushed last. */
public interface EventSink {
    /** Takes a document of the archive: one line, without its end. */
    void document(ReplayedDocument document) throws IOException;

    /** Takes a record as it once was on the log stream. */
    void record(byte[] data) throws IOException;

    /** Returns when everything so far has been accepted. */
    void flush() throws IOException;
}
