package io.tributary.transform;

import io.tributary.stream.RecordStream;

/** Finds the stream that a request's records came from, and that those which do not fit are put back on. */
@FunctionalInterface
public interface SourceStreams {
    RecordStream of(FirehoseRequest request);
}
