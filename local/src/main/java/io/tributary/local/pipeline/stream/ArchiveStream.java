package io.tributary.local.pipeline.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.local.pipeline.Counts;
import io.tributary.local.pipeline.Fault;
import io.tributary.local.pipeline.process.Function;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The Firehose stream that reads the log stream: has records transformed, and writes what comes back to S3, by partition, beside the
 * untouched source, and what could not be processed.
 *
 * @see <a href="https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html">Data transformation</a>
 */
public final class ArchiveStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "tributary-archive";
    private static final String ARN = "arn:aws:firehose:eu-central-1:000000000000:deliverystream/" + NAME;
    private static final String SOURCE = "arn:aws:kinesis:eu-central-1:000000000000:stream/tributary-logs";

    /** As deployed, but for the time: people wait for it here. */
    private static final int BATCH_BYTES = 1 << 20;

    private static final long BATCH_MILLIS = 500;
    private static final int ATTEMPTS = 4;
    private static final int OBJECT_BYTES = 8 << 20;
    private static final long OBJECT_MILLIS = 5_000;
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyy/MM/dd/HH").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss").withZone(ZoneOffset.UTC);

    private final LogStream source;
    private final Function transform;
    private final Bucket bucket;
    private final Counts counts;
    private final Fault.Switches faults;
    private final Map<String, Buffer> buffers = new HashMap<>();
    private final Thread thread;
    private volatile boolean isEnding;
    private long sequence;
    private long invocations;

    /** What has gathered for an object. */
    private static final class Buffer {
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private final long since = System.currentTimeMillis();
    }

    public ArchiveStream(LogStream source, Function transform, Bucket bucket, Counts counts, Fault.Switches faults) {
        this.source = source;
        this.transform = transform;
        this.bucket = bucket;
        this.counts = counts;
        this.faults = faults;
        thread = new Thread(this::run, NAME);
        thread.start();
    }

    private void run() {
        try {
            while (!isEnding || source.waiting() > 0) {
                List<LogStream.Entry> records = source.take(BATCH_BYTES, BATCH_MILLIS);
                if (!records.isEmpty()) {
                    transform(records);
                }
                flush(false);
            }
            flush(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void transform(List<LogStream.Entry> records) throws InterruptedException {
        byte[] request = request(records);
        String reason = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                if (faults.has(Fault.TRANSFORM_FAILS) && invocations++ % 3 == 0) {
                    throw new IOException("a fault that is switched on");
                }
                deliver(records, JSON.readTree(transform.invoke(request)));
                return;
            } catch (IOException e) {
                counts.add("archive.invocations-failed", 1);
                reason = String.valueOf(e.getMessage());
            }
        }
        for (LogStream.Entry record : records) {
            failed(record, "Lambda.InvokeFailed", reason);
        }
        backUp(records);
    }

    private byte[] request(List<LogStream.Entry> records) {
        ObjectNode request = JSON.createObjectNode()
                .put("invocationId", UUID.randomUUID().toString())
                .put("deliveryStreamArn", ARN)
                .put("sourceKinesisStreamArn", SOURCE)
                .put("region", "eu-central-1");
        ArrayNode list = request.putArray("records");
        for (LogStream.Entry record : records) {
            String id = String.format("%056d", sequence++);
            list.addObject()
                    .put("recordId", id)
                    .put("approximateArrivalTimestamp", record.arrival())
                    .put("data", record.data())
                    .putObject("kinesisRecordMetadata")
                    .put("shardId", "shardId-000000000000")
                    .put("partitionKey", record.partitionKey())
                    .put("approximateArrivalTimestamp", record.arrival())
                    .put("sequenceNumber", id)
                    .put("subsequenceNumber", "");
        }
        return request.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void deliver(List<LogStream.Entry> records, JsonNode response) throws IOException, InterruptedException {
        JsonNode results = response.path("records");
        if (results.size() != records.size()) {
            throw new IOException("Lambda.MissingRecordId: " + results.size() + " of " + records.size());
        }
        for (int i = 0; i < records.size(); i++) {
            JsonNode result = results.get(i);
            switch (result.path("result").asText()) {
                case "Ok" -> {
                    counts.add("archive.records-ok", 1);
                    JsonNode keys = result.at("/metadata/partitionKeys");
                    append(
                            "events/source=" + keys.path("source").asText() + "/date="
                                    + keys.path("date").asText() + "/",
                            ".ndjson.gz",
                            result.path("data").binaryValue());
                }
                case "Dropped" -> counts.add("archive.records-dropped", 1);
                default -> failed(records.get(i), "Lambda.FunctionError", "ProcessingFailed");
            }
        }
        backUp(records);
    }

    private void backUp(List<LogStream.Entry> records) throws InterruptedException {
        for (LogStream.Entry record : records) {
            append("raw/" + HOUR.format(Instant.ofEpochMilli(record.arrival())) + "/", "", record.data());
        }
    }

    private void failed(LogStream.Entry record, String code, String message) throws InterruptedException {
        counts.add("archive.records-failed", 1);
        ObjectNode failure = JSON.createObjectNode()
                .put("attemptsMade", ATTEMPTS)
                .put("arrivalTimestamp", record.arrival())
                .put("errorCode", code)
                .put("errorMessage", message)
                .put("attemptEndingTimestamp", System.currentTimeMillis())
                .put("rawData", record.data())
                .put("lambdaArn", "arn:aws:lambda:eu-central-1:000000000000:function:tributary-transform");
        append(
                "failed/processing-failed/" + HOUR.format(Instant.now()) + "/",
                "",
                (failure + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void append(String prefix, String extension, byte[] data) throws InterruptedException {
        String key = prefix + "|" + extension;
        Buffer buffer = buffers.computeIfAbsent(key, each -> new Buffer());
        buffer.data.writeBytes(data);
        if (buffer.data.size() >= OBJECT_BYTES) {
            write(key, buffer);
            buffers.remove(key);
        }
    }

    private void flush(boolean isAll) throws InterruptedException {
        long before = System.currentTimeMillis() - OBJECT_MILLIS;
        for (String key : List.copyOf(buffers.keySet())) {
            Buffer buffer = buffers.get(key);
            if (buffer != null && (isAll || buffer.since <= before)) {
                write(key, buffer);
                buffers.remove(key);
            }
        }
    }

    private void write(String key, Buffer buffer) throws InterruptedException {
        if (faults.has(Fault.SLOW)) {
            Thread.sleep(500);
        }
        int bar = key.indexOf('|');
        bucket.put(
                key.substring(0, bar) + NAME + "-1-" + SECOND.format(Instant.now()) + "-" + UUID.randomUUID()
                        + key.substring(bar + 1),
                buffer.data.toByteArray());
    }

    /** Delivers what is there, and ends. */
    @Override
    public void close() {
        isEnding = true;
        try {
            thread.join(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
