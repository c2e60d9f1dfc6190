package io.tributary.transform;

import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A Firehose transformation request.
 *
 * @param invocationId Firehose's id of the invocation
 * @param deliveryStreamArn the stream that asks
 * @param sourceStreamArn the Kinesis stream that the records came from; empty if they were put on the stream directly
 * @param region the stream's Region
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesisfirehose.html">Lambda with Firehose</a>
 */
public record FirehoseRequest(
        String invocationId,
        String deliveryStreamArn,
        String sourceStreamArn,
        String region,
        List<SourceRecord> records) {
    private static final Name INVOCATION_ID = Name.of("invocationId");
    private static final Name DELIVERY_STREAM_ARN = Name.of("deliveryStreamArn");
    private static final Name SOURCE_KINESIS_STREAM_ARN = Name.of("sourceKinesisStreamArn");
    private static final Name REGION = Name.of("region");
    private static final Name RECORDS = Name.of("records");
    private static final Name RECORD_ID = Name.of("recordId");
    private static final Name DATA = Name.of("data");
    private static final Name ARRIVAL = Name.of("approximateArrivalTimestamp");
    private static final Name KINESIS_RECORD_METADATA = Name.of("kinesisRecordMetadata");
    private static final Name PARTITION_KEY = Name.of("partitionKey");

    public FirehoseRequest {
        records = List.copyOf(records);
    }

    /**
     * Reads a request.
     *
     * @param now the arrival of records that have none, epoch milliseconds
     * @throws IllegalArgumentException if it is no such request, so that nothing could be answered
     */
    public static FirehoseRequest parse(byte[] text, long now) {
        JsonText json = new JsonText();
        if (!json.parse(text, 0, text.length)) {
            throw new IllegalArgumentException("not a Firehose transformation request: no JSON, " + json.problem());
        }
        int list = json.find(RECORDS);
        if (!json.isArray(list)) {
            throw new IllegalArgumentException("not a Firehose transformation request: it has no list of records");
        }
        List<SourceRecord> records = new ArrayList<>();
        for (int record = json.first(list); record != JsonText.NONE; record = json.next(record)) {
            records.add(record(json, record, now));
        }
        return new FirehoseRequest(
                json.text(json.find(INVOCATION_ID)).orElse(""),
                json.text(json.find(DELIVERY_STREAM_ARN)).orElse(""),
                json.text(json.find(SOURCE_KINESIS_STREAM_ARN)).orElse(""),
                json.text(json.find(REGION)).orElse(""),
                records);
    }

    private static SourceRecord record(JsonText json, int record, long now) {
        String id = json.text(json.find(record, RECORD_ID))
                .orElseThrow(() -> new IllegalArgumentException(
                        "not a Firehose transformation request: a record has no recordId"));
        int metadata = json.find(record, KINESIS_RECORD_METADATA);
        return new SourceRecord(
                id,
                decode(json, json.find(record, DATA)),
                arrival(json, json.find(record, ARRIVAL), now),
                json.text(json.find(metadata, PARTITION_KEY)).orElse(""));
    }

    /** The decoded data; empty if there is none, or it is no base64. */
    private static byte[] decode(JsonText json, int data) {
        if (!json.isString(data)) {
            return new byte[0];
        }
        byte[] text = json.isEscaped(data)
                ? json.text(data).orElse("").getBytes(StandardCharsets.ISO_8859_1)
                : Arrays.copyOfRange(json.bytes(), json.start(data) + 1, json.end(data) - 1);
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Firehose writes a number, the Lambda guide shows ISO 8601. */
    private static long arrival(JsonText json, int node, long now) {
        long millis = json.isString(node) ? Timestamps.parseIso(json, node) : json.integer(node, Timestamps.NONE);
        return Timestamps.isValid(millis) ? millis : now;
    }
}
