package io.tributary.transform;

import java.util.Objects;

/**
 * One record of a Firehose transformation request.
 *
 * @param id the id to answer with
 * @param data the record's data, decoded from base64
 * @param arrival when Firehose or Kinesis got it, epoch milliseconds
 * @param partitionKey the record's key on the Kinesis stream; empty if it did not come from one
 */
public record SourceRecord(String id, byte[] data, long arrival, String partitionKey) {
    public SourceRecord {
        Objects.requireNonNull(id);
        Objects.requireNonNull(data);
        Objects.requireNonNull(partitionKey);
    }
}
