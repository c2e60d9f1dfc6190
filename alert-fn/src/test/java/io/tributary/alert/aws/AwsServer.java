package io.tributary.alert.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * SNS' Publish and Kinesis' PutRecord over HTTP, for the SDK's own clients: what is accepted is remembered, what the services
 * would refuse is refused, and a topic or stream can be made to fail.
 */
public final class AwsServer implements AutoCloseable {
    /** What was published to a topic. */
    public record Message(String topic, String subject, String text, Map<String, String> attributes) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 256 * 1024;

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Queue<Message> messages = new ConcurrentLinkedQueue<>();
    private final Queue<JsonNode> recorded = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> failing = new ConcurrentHashMap<>();

    public AwsServer() {
        // the Java SDK speaks CBOR to Kinesis; the server here speaks the JSON that every other SDK does
        System.setProperty("aws.cborEnabled", "false");
        // else an answer's body waits 40 ms for the acknowledgement of its head
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** What was published, in order. */
    public List<Message> messages() {
        return new ArrayList<>(messages);
    }

    /** What was published to one topic. */
    public List<Message> messages(String topic) {
        return messages.stream()
                .filter(message -> message.topic().equals(topic))
                .toList();
    }

    /** The events on the stream. */
    public List<JsonNode> recorded() {
        return new ArrayList<>(recorded);
    }

    /** Makes a topic or stream answer with an HTTP status; 0 mends it. */
    public void fail(String name, int status) {
        failing.put(name, status);
    }

    public void reset() {
        messages.clear();
        recorded.clear();
        failing.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (exchange.getRequestHeaders().containsKey("X-Amz-Target")) {
                putRecord(exchange, JSON.readTree(body));
            } else {
                publish(exchange, parameters(body));
            }
        }
    }

    private void putRecord(HttpExchange exchange, JsonNode request) throws IOException {
        int status = failing.getOrDefault(request.path("StreamName").asText(), 0);
        if (status != 0) {
            answer(exchange, status, "{\"__type\":\"InternalFailure\"}", "application/x-amz-json-1.1");
            return;
        }
        recorded.add(JSON.readTree(request.path("Data").binaryValue()));
        answer(exchange, 200, "{\"SequenceNumber\":\"1\",\"ShardId\":\"shardId-0\"}", "application/x-amz-json-1.1");
    }

    private void publish(HttpExchange exchange, Map<String, String> parameters) throws IOException {
        Message message = message(parameters);
        int status = failing.getOrDefault(message.topic(), 0);
        if (status != 0) {
            answer(exchange, status, error("InternalError"), "text/xml");
        } else if (isRefused(message)) {
            answer(exchange, 400, error("InvalidParameter"), "text/xml");
        } else {
            messages.add(message);
            answer(
                    exchange,
                    200,
                    "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
                    "text/xml");
        }
    }

    private static Message message(Map<String, String> parameters) {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 1; parameters.containsKey("MessageAttributes.entry." + i + ".Name"); i++) {
            attributes.put(
                    parameters.get("MessageAttributes.entry." + i + ".Name"),
                    parameters.get("MessageAttributes.entry." + i + ".Value.StringValue"));
        }
        return new Message(
                parameters.getOrDefault("TopicArn", ""),
                parameters.getOrDefault("Subject", ""),
                parameters.getOrDefault("Message", ""),
                attributes);
    }

    /** As SNS documents it. */
    private static boolean isRefused(Message message) {
        return message.subject().length() >= 100
                || message.subject().chars().anyMatch(character -> character < 0x20 || character > 0x7e)
                || message.text().isEmpty()
                || message.text().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES
                || message.attributes().values().stream().anyMatch(String::isEmpty);
    }

    private static String error(String code) {
        return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>no</Message></Error>"
                + "</ErrorResponse>";
    }

    private static Map<String, String> parameters(String body) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            parameters.put(
                    URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static void answer(HttpExchange exchange, int status, String body, String type) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
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
