package io.tributary.local.pipeline.aws;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.local.pipeline.Fault;
import io.tributary.local.pipeline.process.Loopback;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before S3Mock and adds what that has not: objects are in the class that the lifecycle rules put them in; in a Glacier class they
 * refuse to be read until they have been restored, which takes seconds here instead of hours; and S3 can be made to ask callers to slow
 * down.
 */
public final class Glacier implements AutoCloseable {
    private static final Set<String> NOT_FORWARDED =
            Set.of("host", "content-length", "connection", "expect", "upgrade", "transfer-encoding");
    private static final Set<String> ASLEEP = Set.of("GLACIER", "DEEP_ARCHIVE");
    private static final String UNTIL =
            DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.of(2099, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));

    private static final Pattern LISTED = Pattern.compile("<Contents>.*?</Contents>", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>", Pattern.DOTALL);
    private static final Pattern MODIFIED = Pattern.compile("<LastModified>(.*?)</LastModified>");
    private static final Pattern STORED = Pattern.compile("<StorageClass>(.*?)</StorageClass>");

    private final URI endpoint;
    private final LifecycleClock lifecycle;
    private final Duration restoring;
    private final Fault.Switches faults;
    private final BiConsumer<String, String> restored;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Boolean> awake = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();

    /**
     * Starts it.
     *
     * @param endpoint S3Mock's
     * @param lifecycle tells which class an object is in
     * @param restoring how long it takes until an object can be read
     * @param restored is told bucket and key of an object that can be read again
     */
    public Glacier(
            URI endpoint,
            LifecycleClock lifecycle,
            Duration restoring,
            Fault.Switches faults,
            BiConsumer<String, String> restored)
            throws IOException {
        this.endpoint = endpoint;
        this.lifecycle = lifecycle;
        this.restoring = restoring;
        this.faults = faults;
        this.restored = restored;
        server = Loopback.bind(0);
        Loopback.serve(server, "/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    public URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** Whether an object that is asleep can be read: empty if nobody asked for it, false while it wakes. */
    public Optional<Boolean> isAwake(String bucket, String key) {
        return Optional.ofNullable(awake.get("/" + bucket + "/" + key));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (faults.has(Fault.S3_SLOW_DOWN) && requests.incrementAndGet() % 3 == 0) {
                error(exchange, 503, "SlowDown");
                return;
            }
            if (!glacier(exchange, body)) {
                HttpResponse<byte[]> response = forward(exchange, body);
                answer(exchange, response, response.body(), Map.of());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What concerns the class of objects; false if the request does not. */
    private boolean glacier(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        if (method.equals("POST") && query.startsWith("restore")) {
            restore(exchange, path);
            return true;
        }
        if (method.equals("GET") && query.contains("list-type=2")) {
            HttpResponse<byte[]> listed = forward(exchange, body);
            answer(exchange, listed, listed(listed.body()), Map.of());
            return true;
        }
        int key = path.indexOf('/', 1) + 1;
        boolean isObject = key > 0 && key < path.length();
        if (!isObject || !query.isEmpty() || !(method.equals("GET") || method.equals("HEAD"))) {
            return false;
        }
        HttpResponse<byte[]> response = forward(exchange, body);
        if (response.statusCode() / 100 != 2) {
            answer(exchange, response, response.body(), Map.of());
            return true;
        }
        String storageClass = storageClass(path.substring(key), response);
        Map<String, String> more = new HashMap<>();
        if (!storageClass.equals("STANDARD")) {
            more.put("x-amz-storage-class", storageClass);
        }
        if (ASLEEP.contains(storageClass)) {
            Boolean isAwake = awake.get(path);
            if (method.equals("GET") && !Boolean.TRUE.equals(isAwake)) {
                error(exchange, 403, "InvalidObjectState");
                return true;
            }
            if (isAwake != null) {
                more.put(
                        "x-amz-restore",
                        isAwake
                                ? "ongoing-request=\"false\", expiry-date=\"" + UNTIL + "\""
                                : "ongoing-request=\"true\"");
            }
        }
        answer(exchange, response, response.body(), more);
        return true;
    }

    private String storageClass(String key, HttpResponse<?> response) {
        return lifecycle.storageClass(
                key,
                response.headers()
                        .firstValue("last-modified")
                        .map(time -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(time)))
                        .orElseGet(Instant::now),
                response.headers().firstValue("x-amz-storage-class").orElse(""));
    }

    /** A list with the classes that objects are in now. */
    private byte[] listed(byte[] xml) {
        String text = new String(xml, StandardCharsets.UTF_8);
        return LISTED.matcher(text)
                .replaceAll(object -> Matcher.quoteReplacement(listed(object.group())))
                .getBytes(StandardCharsets.UTF_8);
    }

    private String listed(String object) {
        String now = lifecycle.storageClass(
                URLDecoder.decode(first(KEY, object).replace("+", "%2B"), StandardCharsets.UTF_8),
                Instant.parse(first(MODIFIED, object)),
                first(STORED, object));
        return STORED.matcher(object).replaceFirst("<StorageClass>" + now + "</StorageClass>");
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    private void restore(HttpExchange exchange, String path) throws IOException, InterruptedException {
        HttpResponse<Void> head = http.send(
                HttpRequest.newBuilder(endpoint.resolve(exchange.getRequestURI().getRawPath()))
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        if (!ASLEEP.contains(storageClass(path.substring(path.indexOf('/', 1) + 1), head))) {
            error(exchange, 403, "InvalidObjectState");
        } else if (awake.putIfAbsent(path, false) == null) {
            var unused = clock.schedule(() -> wake(path), restoring.toMillis(), TimeUnit.MILLISECONDS);
            exchange.sendResponseHeaders(202, -1);
        } else if (Boolean.TRUE.equals(awake.get(path))) {
            exchange.sendResponseHeaders(200, -1);
        } else {
            error(exchange, 409, "RestoreAlreadyInProgress");
        }
    }

    private void wake(String path) {
        awake.put(path, true);
        int slash = path.indexOf('/', 1);
        restored.accept(path.substring(1, slash), path.substring(slash + 1));
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        URI uri = exchange.getRequestURI();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        endpoint.resolve(uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, HttpResponse<?> response, byte[] body, Map<String, String> more)
            throws IOException {
        Headers headers = exchange.getResponseHeaders();
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        Map<String, List<String>> all = new TreeMap<>(response.headers().map());
        all.forEach((name, values) -> {
            if (!NOT_FORWARDED.contains(name) || isHead && name.equals("content-length")) {
                values.forEach(value -> headers.add(name, value));
            }
        });
        more.forEach(headers::set);
        exchange.sendResponseHeaders(response.statusCode(), isHead || body.length == 0 ? -1 : body.length);
        if (!isHead) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        byte[] body = ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
        if (!isHead) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
        clock.shutdownNow();
    }
}
