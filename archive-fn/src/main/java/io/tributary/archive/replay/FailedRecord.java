package io.tributary.archive.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/**
 * What Firehose keeps of a record that it could not process or deliver: a line of JSON with the record in base64.
 *
 * @see <a href="https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html">Failure handling</a>
 */
final class FailedRecord {
    private static final ObjectMapper JSON = new ObjectMapper();

    private FailedRecord() {}

    /** The record itself; empty if the line is none of Firehose's. */
    static Optional<byte[]> unwrap(byte[] line) {
        try {
            JsonNode data = JSON.readTree(line).path("rawData");
            return data.isTextual() ? Optional.of(data.binaryValue()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
