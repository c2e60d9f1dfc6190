package io.tributary.archive.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.archive.EventObjects;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** SQS, SNS, Kinesis and CloudTrail over HTTP, as far as the archive function calls them, for the SDK's own clients. */
public final class AwsServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Queue<String> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<String> notices = new ConcurrentLinkedQueue<>();
    private final Queue<byte[]> records = new ConcurrentLinkedQueue<>();
    private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();
    private boolean isQueueFailing;

    public AwsServer() {
        System.setProperty("aws.cborEnabled", "false");
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

    /** The messages on the queue, which are taken from it. */
    public List<String> takeTasks() {
        List<String> taken = new ArrayList<>(tasks);
        tasks.clear();
        return taken;
    }

    /** What was published: subject, line feed, message. */
    public List<String> notices() {
        return new ArrayList<>(notices);
    }

    /** The uids of the documents that were put on the log stream. */
    public List<String> replayed() {
        List<String> uids = new ArrayList<>();
        records.forEach(record ->
                uids.addAll(EventObjects.uids(EventObjects.expanded(record).replace("\\\"", "\""))));
        return uids;
    }

    /** CloudTrail knows this key, valid for ever. */
    public void key(String fingerprint, PublicKey key) {
        keys.put(fingerprint, key);
    }

    public void failQueue(boolean isFailing) {
        isQueueFailing = isFailing;
    }

    public void reset() {
        tasks.clear();
        notices.clear();
        records.clear();
        isQueueFailing = false;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            if (target == null) {
                publish(exchange, body);
            } else if (target.endsWith(".SendMessageBatch")) {
                sendMessages(exchange, JSON.readTree(body));
            } else if (target.endsWith(".PutRecords")) {
                putRecords(exchange, JSON.readTree(body));
            } else if (target.endsWith(".ListPublicKeys")) {
                listPublicKeys(exchange);
            } else {
                answer(exchange, 400, "{\"__type\":\"UnknownOperationException\"}", "application/x-amz-json-1.1");
            }
        }
    }

    private void sendMessages(HttpExchange exchange, JsonNode request) throws IOException {
        if (isQueueFailing) {
            answer(exchange, 400, "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\"}", "application/x-amz-json-1.0");
            return;
        }
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("Failed");
        var successful = answer.putArray("Successful");
        for (JsonNode entry : request.path("Entries")) {
            tasks.add(entry.path("MessageBody").asText());
            successful
                    .addObject()
                    .put("Id", entry.path("Id").asText())
                    .put("MessageId", "m")
                    .put("MD5OfMessageBody", md5(entry.path("MessageBody").asText()));
        }
        answer(exchange, 200, answer.toString(), "application/x-amz-json-1.0");
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void putRecords(HttpExchange exchange, JsonNode request) throws IOException {
        ObjectNode answer = JSON.createObjectNode().put("FailedRecordCount", 0);
        var results = answer.putArray("Records");
        for (JsonNode record : request.path("Records")) {
            records.add(record.path("Data").binaryValue());
            results.addObject().put("SequenceNumber", "1").put("ShardId", "shardId-0");
        }
        answer(exchange, 200, answer.toString(), "application/x-amz-json-1.1");
    }

    private void listPublicKeys(HttpExchange exchange) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        var list = answer.putArray("PublicKeyList");
        keys.forEach((fingerprint, key) -> list.addObject()
                .put("Fingerprint", fingerprint)
                .put("Value", key.getEncoded())
                .put("ValidityStartTime", 0)
                .put("ValidityEndTime", 4_000_000_000L));
        answer(exchange, 200, answer.toString(), "application/x-amz-json-1.1");
    }

    private void publish(HttpExchange exchange, String body) throws IOException {
        notices.add(parameter(body, "Subject") + "\n" + parameter(body, "Message"));
        answer(
                exchange,
                200,
                "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
                "text/xml");
    }

    private static String parameter(String body, String name) {
        for (String pair : body.split("&")) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
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
