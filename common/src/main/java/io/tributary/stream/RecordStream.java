package io.tributary.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A stream that records are put on in batches, such as a Firehose stream or a Kinesis data stream. One call puts one batch
 * and does not retry: {@link Delivery} does. Safe for concurrent calls.
 */
public interface RecordStream {
    /**
     * What one call may hold.
     *
     * @param records most records
     * @param bytes most bytes of all records, partition keys included
     * @param recordBytes most bytes of one record, partition key included
     */
    record Limits(int records, int bytes, int recordBytes) {}

    /**
     * One record to put.
     *
     * @param partitionKey the key on a Kinesis stream; ignored by Firehose
     */
    record Entry(byte[] data, String partitionKey) {
        public int size() {
            return data.length + partitionKey.length();
        }
    }

    /** A call that will fail however often it is repeated: no such stream, no permission, wrong request. */
    final class PermanentFailure extends RuntimeException {
        private static final long serialVersionUID = 1;

        public PermanentFailure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    Limits limits();

    /**
     * Puts a batch within the limits.
     *
     * @param timeout how long the call may take
     * @return the entries that were not accepted, by index, with the service's error code; empty if all were
     * @throws PermanentFailure if a repetition is pointless
     * @throws RuntimeException if the whole batch was, or may have been, not accepted
     */
    Map<Integer, String> put(List<Entry> batch, Duration timeout);
}
