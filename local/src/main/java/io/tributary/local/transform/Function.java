package io.tributary.local.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.stream.RecordStream;
import io.tributary.transform.TransformHandler;
import io.tributary.transform.TransformSettings;
import io.tributary.transform.Transformer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The function as Firehose uses it: records are collected to requests, the handler is called with them as AWS Lambda calls it,
 * and what it puts back on its stream comes again until nothing is left.
 */
final class Function implements AutoCloseable {
    /** Firehose's default buffer of one MiB, before base64. */
    private static final int REQUEST_BYTES = 1 << 20;

    private static final String SOURCE_ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/logs";
    private static final String STREAM_ARN = "arn:aws:firehose:us-east-1:000000000000:deliverystream/archive";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Takes what became of the records. */
    interface Answers {
        void ok(byte[] data, Map<String, String> partitionKeys) throws IOException;

        void failed(byte[] record) throws IOException;

        /** One invocation's metrics: a line of the embedded metric format. */
        void metrics(JsonNode line);
    }

    /** A record that is to be sent, and when it came. */
    private record Waiting(byte[] data, long arrival) {}

    private final Transformer transformer;
    private final TransformHandler handler;
    private final String region;
    private final Answers answers;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ByteArrayOutputStream metrics = new ByteArrayOutputStream();
    private final Deque<Waiting> putBack = new ArrayDeque<>();
    private List<Waiting> batch = new ArrayList<>();
    private int batchBytes;
    private long records;

    Function(TransformSettings settings, String region, Answers answers) {
        this.region = region;
        this.answers = answers;
        this.transformer = new Transformer(settings, InstantSource.system(), List.of(), executor);
        this.handler = new TransformHandler(
                transformer,
                request -> new SourceStream(),
                InstantSource.system(),
                new PrintStream(metrics, false, StandardCharsets.UTF_8));
    }

    /**
     * Adds a record; a full request before it is sent.
     *
     * @param arrival when it came, epoch milliseconds
     */
    void add(byte[] data, long arrival) throws IOException {
        if (batchBytes + data.length > REQUEST_BYTES && !batch.isEmpty()) {
            invoke();
        }
        batch.add(new Waiting(data, arrival));
        batchBytes += data.length;
    }

    /** Sends what is left, and what comes back. */
    void finish() throws IOException {
        while (!batch.isEmpty() || !putBack.isEmpty()) {
            while (!putBack.isEmpty()
                    && (batch.isEmpty() || batchBytes + putBack.peek().data().length <= REQUEST_BYTES)) {
                Waiting waiting = putBack.poll();
                batch.add(waiting);
                batchBytes += waiting.data().length;
            }
            invoke();
        }
    }

    private void invoke() throws IOException {
        List<Waiting> sent = batch;
        batch = new ArrayList<>();
        batchBytes = 0;
        byte[] request = request(sent);
        ByteArrayOutputStream answer = new ByteArrayOutputStream(1 << 20);
        handler.handleRequest(new ByteArrayInputStream(request), answer, new LocalContext());
        JsonNode answered = JSON.readTree(answer.toByteArray()).path("records");
        for (int i = 0; i < sent.size(); i++) {
            JsonNode record = answered.path(i);
            switch (record.path("result").asText()) {
                case "Ok" -> answers.ok(record.path("data").binaryValue(), keys(record));
                case "ProcessingFailed" -> answers.failed(sent.get(i).data());
                default -> {} // dropped: a control message, or put back
            }
        }
        for (String line : metrics.toString(StandardCharsets.UTF_8).split("\n")) {
            answers.metrics(JSON.readTree(line));
        }
        metrics.reset();
    }

    private static Map<String, String> keys(JsonNode record) {
        Map<String, String> keys = new TreeMap<>();
        for (Map.Entry<String, JsonNode> key :
                record.at("/metadata/partitionKeys").properties()) {
            keys.put(key.getKey(), key.getValue().asText());
        }
        return keys;
    }

    private byte[] request(List<Waiting> sending) throws IOException {
        ObjectNode request = JSON.createObjectNode();
        request.put("invocationId", "local-" + records);
        request.put("deliveryStreamArn", STREAM_ARN);
        request.put("sourceKinesisStreamArn", SOURCE_ARN);
        request.put("region", region);
        ArrayNode list = request.putArray("records");
        for (Waiting record : sending) {
            String number = String.format("%056d", records++);
            ObjectNode entry = list.addObject().put("recordId", number);
            entry.put("approximateArrivalTimestamp", record.arrival());
            entry.put("data", record.data());
            // halves that are put back keep the key, and so the arrival
            entry.putObject("kinesisRecordMetadata")
                    .put("shardId", "shardId-000000000000")
                    .put("partitionKey", Long.toString(record.arrival()))
                    .put("sequenceNumber", number);
        }
        return JSON.writeValueAsBytes(request);
    }

    @Override
    public void close() {
        transformer.close();
        executor.shutdown();
    }

    /** Keeps what does not fit for the next requests. */
    private final class SourceStream implements RecordStream {
        @Override
        public Limits limits() {
            return new Limits(500, 5 << 20, 1 << 20);
        }

        @Override
        public Map<Integer, String> put(List<Entry> entries, Duration timeout) {
            synchronized (putBack) {
                entries.forEach(entry -> putBack.add(new Waiting(entry.data(), Long.parseLong(entry.partitionKey()))));
            }
            return Map.of();
        }
    }
}
