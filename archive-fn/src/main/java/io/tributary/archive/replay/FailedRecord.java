package io.tributary.archive.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.ocsf.Timestamps;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Firehose keeps of a record that it could not process or deliver: a line of JSON with the record in base64.
 *
 * @param data the record
 * @param arrival when it came, epoch milliseconds; empty if Firehose does not say
 * @see <a href="https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html">Failure handling</a>
 */
record FailedRecord(byte[] data, OptionalLong arrival) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The record of a line; empty if the line is none of Firehose's. */
    static Optional<FailedRecord> parse(byte[] line) {
        try {
            JsonNode json = JSON.readTree(line);
            JsonNode data = json.path("rawData");
            long arrival = json.path("arrivalTimestamp").asLong(-1);
            return data.isTextual()
                    ? Optional.of(new FailedRecord(
                            data.binaryValue(),
                            Timestamps.isValid(arrival) ? OptionalLong.of(arrival) : OptionalLong.empty()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
