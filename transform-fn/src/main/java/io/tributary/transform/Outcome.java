package io.tributary.transform;

import java.util.Map;

/** What becomes of a record: one of the three results that Firehose knows, and why. */
public sealed interface Outcome {
    /**
     * The record's events, normalised.
     *
     * @param data NDJSON, one document a line, as gzip members or plain
     * @param partitionKeys the keys of Firehose's dynamic partitioning
     */
    record Ok(byte[] data, Map<String, String> partitionKeys) implements Outcome {
        public Ok {
            partitionKeys = Map.copyOf(partitionKeys);
        }
    }

    /**
     * The record needs no delivery: it holds no data, or it was put back on its stream.
     *
     * @param reason {@link #CONTROL_MESSAGE} or {@link #REINGESTED}
     */
    record Dropped(String reason) implements Outcome {
        public static final String CONTROL_MESSAGE = "control message";
        public static final String REINGESTED = "re-ingested";
    }

    /**
     * The record could not be processed; Firehose keeps the original under {@code failed/}.
     *
     * @param reason what is wrong and where, without any of the record's content
     */
    record Failed(String reason) implements Outcome {}
}
