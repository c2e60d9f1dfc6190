package io.tributary.archive.aws;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Stands before S3Mock and adds what that has not: objects that are asleep refuse to be read until they are restored; and any
 * request can be made to fail, before or after it took effect.
 */
public final class S3Front implements AutoCloseable {
    /** What becomes of a request. */
    public enum Fault {
        /** 503, and nothing happens. */
        SLOW_DOWN,
        /** 403, and nothing happens. */
        ACCESS_DENIED,
        /** It takes effect, but no answer comes in time. */
        TIMEOUT
    }

    /** Decides about requests. */
    public interface Faults {
        /** @param number of the request, from 0 */
        Optional<Fault> of(int number, String method, String path);
    }

    private static final Set<String> NOT_FORWARDED =
            Set.of("host", "content-length", "connection", "expect", "upgrade", "transfer-encoding");
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final URI endpoint;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Boolean> restored = new ConcurrentHashMap<>();
    private final List<String> restoreRequests = new CopyOnWriteArrayList<>();
    private final List<S3Client> clients = new CopyOnWriteArrayList<>();
    private Faults faults = (number, method, path) -> Optional.empty();
    private int requests;

    public S3Front(URI endpoint) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.endpoint = endpoint;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    public URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** A client that waits half a second, and repeats nothing. */
    public S3Client impatientClient() {
        return client(true);
    }

    /** A client as it is used in AWS. */
    public S3Client client() {
        return client(false);
    }

    private S3Client client(boolean isImpatient) {
        S3Client client = S3Client.builder()
                .endpointOverride(address())
                .forcePathStyle(true)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(
                        isImpatient
                                ? UrlConnectionHttpClient.builder().socketTimeout(PATIENCE)
                                : UrlConnectionHttpClient.builder())
                .overrideConfiguration(configuration -> {
                    if (isImpatient) {
                        configuration.retryStrategy(DefaultRetryStrategy.doNotRetry());
                    }
                })
                .build();
        clients.add(client);
        return client;
    }

    /** What requests meet from now on; they are counted anew. */
    public synchronized void faults(Faults faults) {
        this.faults = faults;
        requests = 0;
    }

    /** How many requests there were since. */
    public synchronized int requests() {
        return requests;
    }

    /** The objects that were asked to be restored, {@code /bucket/key tier days}, in order. */
    public List<String> restoreRequests() {
        return new ArrayList<>(restoreRequests);
    }

    /** Ends the restoring of an object. */
    public void wake(String bucket, String key) {
        restored.replace("/" + bucket + "/" + key, true);
    }

    private synchronized Optional<Fault> next(String method, String path) {
        return faults.of(requests++, method, path);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            Optional<Fault> fault = next(exchange.getRequestMethod(), path);
            if (fault.isPresent() && fault.get() != Fault.TIMEOUT) {
                boolean isDenied = fault.get() == Fault.ACCESS_DENIED;
                error(exchange, isDenied ? 403 : 503, isDenied ? "AccessDenied" : "SlowDown");
                return;
            }
            if (fault.isPresent()) {
                forward(exchange, body);
                TimeUnit.MILLISECONDS.sleep(PATIENCE.toMillis() * 2);
                return;
            }
            if (!glacier(exchange, path, body)) {
                answer(exchange, forward(exchange, body), Map.of());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What concerns objects that are asleep; false if the request does not. */
    private boolean glacier(HttpExchange exchange, String path, byte[] body) throws IOException, InterruptedException {
        String method = exchange.getRequestMethod();
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        if (method.equals("POST") && query.startsWith("restore")) {
            restore(exchange, path, new String(body, StandardCharsets.UTF_8));
            return true;
        }
        boolean isObject = path.indexOf('/', 1) > 0 && path.indexOf('/', 1) < path.length() - 1;
        if (!isObject || !query.isEmpty() || !(method.equals("GET") || method.equals("HEAD"))) {
            return false;
        }
        String storageClass = storageClass(exchange);
        if (!storageClass.equals("GLACIER") && !storageClass.equals("DEEP_ARCHIVE")) {
            return false;
        }
        Boolean isAwake = restored.get(path);
        if (method.equals("GET") && !Boolean.TRUE.equals(isAwake)) {
            error(exchange, 403, "InvalidObjectState");
            return true;
        }
        Map<String, String> more = isAwake == null
                ? Map.of()
                : Map.of(
                        "x-amz-restore",
                        isAwake
                                ? "ongoing-request=\"false\", expiry-date=\"Fri, 21 Dec 2046 00:00:00 GMT\""
                                : "ongoing-request=\"true\"");
        answer(exchange, forward(exchange, body), more);
        return true;
    }

    private String storageClass(HttpExchange exchange) throws IOException, InterruptedException {
        HttpResponse<byte[]> head = http.send(
                HttpRequest.newBuilder(endpoint.resolve(exchange.getRequestURI().getRawPath()))
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return head.headers().firstValue("x-amz-storage-class").orElse("");
    }

    private void restore(HttpExchange exchange, String path, String body) throws IOException, InterruptedException {
        String storageClass = storageClass(exchange);
        if (!storageClass.equals("GLACIER") && !storageClass.equals("DEEP_ARCHIVE")) {
            error(exchange, 403, "InvalidObjectState");
        } else if (restored.putIfAbsent(path, false) == null) {
            restoreRequests.add(path + " " + body.replaceAll(".*<Tier>(\\w+)</Tier>.*", "$1") + " "
                    + body.replaceAll(".*<Days>(\\d+)</Days>.*", "$1"));
            exchange.sendResponseHeaders(202, -1);
        } else if (restored.get(path)) {
            exchange.sendResponseHeaders(200, -1);
        } else {
            error(exchange, 409, "RestoreAlreadyInProgress");
        }
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

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> response, Map<String, String> more)
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
        byte[] body = response.body();
        exchange.sendResponseHeaders(response.statusCode(), isHead || body.length == 0 ? -1 : body.length);
        if (!isHead) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        byte[] body = ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>no</Message></Error>")
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
        clients.forEach(S3Client::close);
    }
}
