package io.tributary.local.pipeline.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.local.pipeline.Fault;
import io.tributary.local.pipeline.LocalPipeline;
import io.tributary.local.pipeline.process.Loopback;
import io.tributary.local.pipeline.traffic.Story;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page: what is under {@code /page} of the resources, and what its scripts ask for, as JSON. For this machine only: it answers to
 * nobody else, and to no other site's scripts.
 */
public final class PageServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");
    private static final Set<String> FILES = Set.of(
            "index.html",
            "style.css",
            "icon.svg",
            "app.js",
            "page.js",
            "pipeline.js",
            "search.js",
            "alerts.js",
            "archive.js");
    private static final Duration LOOKING = Duration.ofSeconds(5);
    private static final int MOST_BODY = 1 << 16;
    private static final Pattern EVENT = Pattern.compile("#event=([\\w:.%-]+)");

    private final LocalPipeline pipeline;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "page");
        thread.setDaemon(true);
        return thread;
    });
    private final Search search;
    private final Holdings holdings;
    private final AtomicLong stories = new AtomicLong(System.currentTimeMillis());
    private final ArrayNode operations = JSON.createArrayNode();
    private final long started = System.currentTimeMillis();

    /** A request that cannot be answered. */
    private static final class BadRequestException extends IOException {
        private static final long serialVersionUID = 1L;

        BadRequestException(String message) {
            super(message);
        }
    }

    /** @param server bound already: a port that is taken is to be known first */
    public PageServer(HttpServer server, LocalPipeline pipeline) {
        this.server = server;
        this.pipeline = pipeline;
        search = new Search(pipeline.openSearch());
        holdings = new Holdings(pipeline.s3(), pipeline.glacier());
        pipeline.every(LOOKING, holdings::look);
        Loopback.serve(server, "/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    public URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            try {
                check(exchange);
                if (path.startsWith("/api/")) {
                    answer(exchange, 200, api(exchange, path.substring("/api/".length())));
                } else {
                    file(exchange, path.equals("/") ? "index.html" : path.substring(1));
                }
            } catch (BadRequestException | NumberFormatException e) {
                answer(exchange, 400, JSON.createObjectNode().put("error", String.valueOf(e.getMessage())));
            } catch (IOException e) {
                answer(exchange, 502, JSON.createObjectNode().put("error", String.valueOf(e.getMessage())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** No form of another site, in a browser that does not say where a request is from. */
    private static void check(HttpExchange exchange) throws BadRequestException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (exchange.getRequestMethod().equals("POST") && !"application/json".equals(type)) {
            throw new BadRequestException("requests are application/json");
        }
    }

    private JsonNode api(HttpExchange exchange, String name) throws IOException, InterruptedException {
        Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
        if (exchange.getRequestMethod().equals("POST")) {
            return act(name, JSON.readTree(exchange.getRequestBody().readNBytes(MOST_BODY)));
        }
        return switch (name) {
            case "state" -> state();
            case "search" -> search.search(parameters);
            case "alerts" -> alerts(Integer.parseInt(parameters.getOrDefault("from", "0")));
            case "archive" -> archive();
            default -> throw new BadRequestException("there is no " + name);
        };
    }

    private ObjectNode state() {
        ObjectNode state =
                JSON.createObjectNode().put("time", System.currentTimeMillis()).put("started", started);
        ObjectNode counts = state.putObject("counts");
        pipeline.counts().all().forEach(counts::put);
        state.put("waiting.stream", pipeline.logs().waiting())
                .put("waiting.index", pipeline.index().waiting())
                .put("waiting.tasks", pipeline.tasks().waiting());
        ArrayNode faults = state.putArray("faults");
        for (Fault fault : Fault.values()) {
            faults.addObject()
                    .put("name", fault.toString())
                    .put("description", fault.description())
                    .put("on", pipeline.faults().has(fault));
        }
        ArrayNode list = state.putArray("stories");
        for (Story story : Story.values()) {
            list.addObject().put("name", story.toString()).put("description", story.description());
        }
        ArrayNode accounts = state.putArray("accounts");
        pipeline.accounts()
                .forEach(account -> accounts.addObject().put("id", account.id()).put("name", account.name()));
        return state;
    }

    private ArrayNode alerts(int from) {
        ArrayNode list = JSON.createArrayNode();
        pipeline.topics().told(from).forEach(told -> {
            ObjectNode one = list.addObject()
                    .put("number", told.number())
                    .put("time", told.time())
                    .put("channel", told.channel())
                    .put("title", told.title())
                    .put("text", told.text());
            told.attributes().forEach(one.putObject("attributes")::put);
            Matcher link = EVENT.matcher(told.text());
            if (link.find()) {
                one.put("event", URLDecoder.decode(link.group(1), StandardCharsets.UTF_8));
            }
        });
        return list;
    }

    private ObjectNode archive() {
        ObjectNode json = holdings.toJson();
        synchronized (operations) {
            json.set("operations", operations.deepCopy());
        }
        return json;
    }

    private JsonNode act(String name, JsonNode request) throws IOException, InterruptedException {
        return switch (name) {
            case "story" -> story(request.path("name").asText());
            case "fault" ->
                fault(request.path("name").asText(), request.path("on").asBoolean());
            case "plan" -> operation("plan", "{\"action\":\"plan\"}");
            case "verify" ->
                operation(
                        "verify",
                        JSON.createObjectNode()
                                .put("action", "verify")
                                .put(
                                        "from",
                                        LocalDate.now(ZoneOffset.UTC)
                                                .minusDays(30)
                                                .toString())
                                .put("to", LocalDate.now(ZoneOffset.UTC).toString())
                                .put("read", false)
                                .toString());
            case "restore" -> restore(request);
            default -> throw new BadRequestException("there is no " + name);
        };
    }

    private ObjectNode story(String name) throws BadRequestException {
        for (Story story : Story.values()) {
            if (story.toString().equals(name)) {
                long seed = stories.incrementAndGet();
                executor.execute(() -> {
                    try {
                        story.play(pipeline.traffic(), seed);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                return JSON.createObjectNode().put("started", name);
            }
        }
        throw new BadRequestException("there is no story " + name);
    }

    private ObjectNode fault(String name, boolean isOn) throws BadRequestException {
        for (Fault fault : Fault.values()) {
            if (fault.toString().equals(name)) {
                pipeline.faults().set(fault, isOn);
                return JSON.createObjectNode().put(name, isOn);
            }
        }
        throw new BadRequestException("there is no fault " + name);
    }

    private JsonNode restore(JsonNode request) throws IOException, InterruptedException {
        String date = request.path("date").asText();
        if (!date.matches("\\d{4}-\\d{2}-\\d{2}")) {
            throw new BadRequestException("a restore is of a date");
        }
        ObjectNode asked = JSON.createObjectNode()
                .put("action", "restore")
                .put("from", date + "T00:00:00Z")
                .put("to", LocalDate.parse(date).plusDays(1) + "T00:00:00Z")
                .put("tier", "standard")
                .put("days", 1)
                .put("replay", true);
        if (!request.path("source").asText().isEmpty()) {
            asked.putArray("sources").add(request.path("source").asText());
        }
        if (request.path("dry run").asBoolean()) {
            asked.put("dry run", true);
        }
        return operation("restore " + date, asked.toString());
    }

    /** Asks the archive function, and remembers the answer. */
    private JsonNode operation(String name, String request) throws IOException, InterruptedException {
        ObjectNode done =
                JSON.createObjectNode().put("time", System.currentTimeMillis()).put("name", name);
        try {
            JsonNode answer = pipeline.archive(request);
            done.set("answer", answer);
            return answer;
        } catch (IOException e) {
            done.put("error", String.valueOf(e.getMessage()));
            throw e;
        } finally {
            synchronized (operations) {
                operations.add(done);
                if (operations.size() > 50) {
                    operations.remove(0);
                }
            }
        }
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    private static void file(HttpExchange exchange, String name) throws IOException {
        if (!FILES.contains(name)) {
            answer(exchange, 404, JSON.createObjectNode().put("error", "there is no " + name));
            return;
        }
        try (InputStream in = PageServer.class.getResourceAsStream("/page/" + name)) {
            exchange.getResponseHeaders()
                    .set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'");
            write(exchange, 200, in.readAllBytes(), TYPES.get(name.substring(name.indexOf('.') + 1)));
        }
    }

    private static void answer(HttpExchange exchange, int status, JsonNode json) throws IOException {
        write(exchange, status, json.toString().getBytes(StandardCharsets.UTF_8), "application/json");
    }

    private static void write(HttpExchange exchange, int status, byte[] body, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
