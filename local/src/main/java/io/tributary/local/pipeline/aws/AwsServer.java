package io.tributary.local.pipeline.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.local.pipeline.Fault;
import io.tributary.local.pipeline.events.Tasks;
import io.tributary.local.pipeline.events.Topics;
import io.tributary.local.pipeline.process.Loopback;
import io.tributary.local.pipeline.stream.IndexStream;
import io.tributary.local.pipeline.stream.LogStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Kinesis, Firehose, SNS and SQS, as far as the functions call them, in their own protocols. Limits that AWS documents are kept to;
 * a signature has to be there, which no form of a web page can have, but is not verified.
 */
public final class AwsServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());
    private static final String CBOR_TYPE = "application/x-amz-cbor-1.1";
    private static final int MOST_RECORDS = 500;
    private static final int MOST_MESSAGE_BYTES = 256 << 10;
    private static final String THROTTLED = "ProvisionedThroughputExceededException";

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final LogStream logs;
    private final IndexStream index;
    private final Topics topics;
    private final Tasks tasks;
    private final Fault.Switches faults;
    private final AtomicLong sequence = new AtomicLong();

    public AwsServer(LogStream logs, IndexStream index, Topics topics, Tasks tasks, Fault.Switches faults)
            throws IOException {
        this.logs = logs;
        this.index = index;
        this.topics = topics;
        this.tasks = tasks;
        this.faults = faults;
        server = Loopback.bind(0);
        Loopback.serve(server, "/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    public URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                    .startsWith("AWS4-HMAC-SHA256 ")) {
                write(exchange, 403, new byte[0], "text/plain");
                return;
            }
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            if (target == null) {
                publish(exchange, parameters(new String(body, StandardCharsets.UTF_8)));
                return;
            }
            JsonNode request;
            try {
                request = mapper(exchange).readTree(body);
            } catch (JsonProcessingException e) {
                refuse(exchange, "SerializationException");
                return;
            }
            switch (target.substring(target.indexOf('.') + 1)) {
                case "PutRecord" -> putRecord(exchange, request);
                case "PutRecords" -> putRecords(exchange, request);
                case "PutRecordBatch" -> putRecordBatch(exchange, request);
                case "SendMessage" -> sendMessage(exchange, request);
                case "SendMessageBatch" -> sendMessageBatch(exchange, request);
                default -> refuse(exchange, "UnknownOperationException");
            }
        }
    }

    private boolean isThrottled(Fault fault) {
        return faults.has(fault) && sequence.get() % 2 == 0;
    }

    private void putRecord(HttpExchange exchange, JsonNode request) throws IOException {
        long number = sequence.incrementAndGet();
        if (isThrottled(Fault.KINESIS_THROTTLES) || !put(request)) {
            refuse(exchange, THROTTLED);
            return;
        }
        answer(
                exchange,
                200,
                JSON.createObjectNode()
                        .put("SequenceNumber", Long.toString(number))
                        .put("ShardId", "shardId-000000000000"));
    }

    private boolean put(JsonNode record) throws IOException {
        return logs.offer(
                record.path("Data").binaryValue(), record.path("PartitionKey").asText());
    }

    private void putRecords(HttpExchange exchange, JsonNode request) throws IOException {
        if (request.path("Records").size() > MOST_RECORDS) {
            refuse(exchange, "InvalidArgumentException");
            return;
        }
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode results = answer.putArray("Records");
        int failed = 0;
        for (JsonNode record : request.path("Records")) {
            long number = sequence.incrementAndGet();
            if (isThrottled(Fault.KINESIS_THROTTLES) || !put(record)) {
                results.addObject().put("ErrorCode", THROTTLED).put("ErrorMessage", "slow down");
                failed++;
            } else {
                results.addObject().put("SequenceNumber", Long.toString(number)).put("ShardId", "shardId-000000000000");
            }
        }
        answer(exchange, 200, answer.put("FailedRecordCount", failed));
    }

    private void putRecordBatch(HttpExchange exchange, JsonNode request) throws IOException {
        if (request.path("Records").size() > MOST_RECORDS) {
            refuse(exchange, "InvalidArgumentException");
            return;
        }
        ObjectNode answer = JSON.createObjectNode().put("Encrypted", false);
        ArrayNode results = answer.putArray("RequestResponses");
        int failed = 0;
        for (JsonNode record : request.path("Records")) {
            sequence.incrementAndGet();
            if (isThrottled(Fault.FIREHOSE_THROTTLES)
                    || !index.offer(record.path("Data").binaryValue())) {
                results.addObject()
                        .put("ErrorCode", "ServiceUnavailableException")
                        .put("ErrorMessage", "slow down");
                failed++;
            } else {
                results.addObject().put("RecordId", UUID.randomUUID().toString());
            }
        }
        answer(exchange, 200, answer.put("FailedPutCount", failed));
    }

    private void sendMessage(HttpExchange exchange, JsonNode request) throws IOException {
        String text = request.path("MessageBody").asText();
        tasks.add(text);
        answer(
                exchange,
                200,
                JSON.createObjectNode()
                        .put("MessageId", UUID.randomUUID().toString())
                        .put("MD5OfMessageBody", md5(text)));
    }

    private void sendMessageBatch(HttpExchange exchange, JsonNode request) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("Failed");
        ArrayNode successful = answer.putArray("Successful");
        for (JsonNode entry : request.path("Entries")) {
            String text = entry.path("MessageBody").asText();
            tasks.add(text);
            successful
                    .addObject()
                    .put("Id", entry.path("Id").asText())
                    .put("MessageId", UUID.randomUUID().toString())
                    .put("MD5OfMessageBody", md5(text));
        }
        answer(exchange, 200, answer);
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void publish(HttpExchange exchange, Map<String, String> parameters) throws IOException {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 1; parameters.containsKey("MessageAttributes.entry." + i + ".Name"); i++) {
            attributes.put(
                    parameters.get("MessageAttributes.entry." + i + ".Name"),
                    parameters.get("MessageAttributes.entry." + i + ".Value.StringValue"));
        }
        String text = parameters.getOrDefault("Message", "");
        String subject = parameters.getOrDefault("Subject", "");
        if (faults.has(Fault.SNS_DOWN)) {
            xml(exchange, 500, error("InternalError"));
        } else if (text.isEmpty()
                || text.getBytes(StandardCharsets.UTF_8).length > MOST_MESSAGE_BYTES
                || subject.length() >= 100) {
            xml(exchange, 400, error("InvalidParameter"));
        } else {
            topics.publish(parameters.getOrDefault("TopicArn", ""), subject, text, attributes);
            xml(
                    exchange,
                    200,
                    "<PublishResponse><PublishResult><MessageId>" + UUID.randomUUID()
                            + "</MessageId></PublishResult></PublishResponse>");
        }
    }

    private static String error(String code) {
        return "<ErrorResponse><Error><Type>Receiver</Type><Code>" + code + "</Code><Message>" + code
                + "</Message></Error></ErrorResponse>";
    }

    private static Map<String, String> parameters(String body) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    /** Kinesis clients speak CBOR, all others JSON. */
    private static ObjectMapper mapper(HttpExchange exchange) {
        return isCbor(exchange) ? CBOR : JSON;
    }

    private static boolean isCbor(HttpExchange exchange) {
        return CBOR_TYPE.equals(exchange.getRequestHeaders().getFirst("Content-Type"));
    }

    private static void refuse(HttpExchange exchange, String type) throws IOException {
        answer(exchange, 400, JSON.createObjectNode().put("__type", type));
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        write(
                exchange,
                status,
                mapper(exchange).writeValueAsBytes(body),
                isCbor(exchange) ? CBOR_TYPE : "application/x-amz-json-1.1");
    }

    private static void xml(HttpExchange exchange, int status, String body) throws IOException {
        write(exchange, status, body.getBytes(StandardCharsets.UTF_8), "text/xml");
    }

    private static void write(HttpExchange exchange, int status, byte[] bytes, String type) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
