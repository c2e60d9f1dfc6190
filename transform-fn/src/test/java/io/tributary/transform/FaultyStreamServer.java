package io.tributary.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Firehose's PutRecordBatch and Kinesis' PutRecords over HTTP, for the SDK's own clients, with faults: what is accepted is
 * remembered, and every call is checked against the service's documented limits.
 */
final class FaultyStreamServer implements AutoCloseable {
    /** What happens to a call. */
    enum Fault {
        /** Nothing: all is accepted. */
        NONE,
        /** HTTP 400, as the services throttle. */
        THROTTLED,
        /** HTTP 503. */
        UNAVAILABLE,
        /** Every other record is refused, with HTTP 200. */
        PARTLY_REFUSED,
        /** All is accepted, but the answer comes too late. */
        ACCEPTED_TOO_LATE,
        /** Nothing is accepted, and no answer comes in time. */
        TOO_LATE,
        /** The connection ends without an answer. */
        CUT_OFF,
        /** HTTP 400 that repeating does not mend. */
        ACCESS_DENIED
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LATE_MILLIS = 2_000;

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Supplier<Fault> faults;
    private final Queue<byte[]> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    FaultyStreamServer(Supplier<Fault> faults) {
        this.faults = faults;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** The data of all records that were accepted; of those that were put twice, twice. */
    List<byte[]> accepted() {
        return new ArrayList<>(accepted);
    }

    /** Calls beyond what the service accepts. */
    List<String> violations() {
        return new ArrayList<>(violations);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean kinesis =
                    exchange.getRequestHeaders().getFirst("X-Amz-Target").startsWith("Kinesis");
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            List<byte[]> records = new ArrayList<>();
            for (JsonNode record : request.path("Records")) {
                records.add(record.path("Data").binaryValue());
            }
            check(records, kinesis);
            answer(exchange, records, kinesis, faults.get());
        }
    }

    private void check(List<byte[]> records, boolean kinesis) {
        long bytes = records.stream().mapToLong(record -> record.length).sum();
        int largest = records.stream().mapToInt(record -> record.length).max().orElse(0);
        if (records.isEmpty()
                || records.size() > 500
                || bytes > (kinesis ? 5 : 4) << 20
                || largest > (kinesis ? 1 << 20 : 1_024_000)) {
            violations.add(records.size() + " records of " + bytes + " bytes, the largest of " + largest);
        }
    }

    private void answer(HttpExchange exchange, List<byte[]> records, boolean kinesis, Fault fault) throws IOException {
        switch (fault) {
            case NONE -> accept(exchange, records, kinesis, false);
            case PARTLY_REFUSED -> accept(exchange, records, kinesis, true);
            case THROTTLED ->
                error(exchange, 400, kinesis ? "ProvisionedThroughputExceededException" : "ThrottlingException");
            case UNAVAILABLE -> error(exchange, 503, "ServiceUnavailableException");
            case ACCESS_DENIED -> error(exchange, 400, "AccessDeniedException");
            case ACCEPTED_TOO_LATE -> {
                accepted.addAll(records);
                sleep();
            }
            case TOO_LATE -> sleep();
            case CUT_OFF -> {}
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(LATE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept(HttpExchange exchange, List<byte[]> records, boolean kinesis, boolean partly)
            throws IOException {
        ObjectNode response = JSON.createObjectNode();
        ArrayNode responses = response.putArray(kinesis ? "Records" : "RequestResponses");
        int failed = 0;
        for (int i = 0; i < records.size(); i++) {
            if (partly && i % 2 == 0) {
                failed++;
                responses
                        .addObject()
                        .put(
                                "ErrorCode",
                                kinesis ? "ProvisionedThroughputExceededException" : "ServiceUnavailableException")
                        .put("ErrorMessage", "Slow down.");
            } else {
                accepted.add(records.get(i));
                responses
                        .addObject()
                        .put(kinesis ? "SequenceNumber" : "RecordId", "1")
                        .put("ShardId", "shardId-0");
            }
        }
        response.put(kinesis ? "FailedRecordCount" : "FailedPutCount", failed);
        send(exchange, 200, JSON.writeValueAsBytes(response));
    }

    private static void error(HttpExchange exchange, int status, String type) throws IOException {
        byte[] body = ("{\"__type\":\"" + type + "\",\"message\":\"no\"}").getBytes(StandardCharsets.UTF_8);
        send(exchange, status, body);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
