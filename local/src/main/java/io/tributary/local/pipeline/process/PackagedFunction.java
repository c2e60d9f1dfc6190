package io.tributary.local.pipeline.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A function as it runs in Lambda: its package, unpacked, in a process that asks Lambda's Runtime API for events; by AWS's own runtime
 * interface client on a JVM, or by itself where it is native.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a>
 */
public final class PackagedFunction implements Function {
    private static final String API = "/2018-06-01/runtime/";
    private static final String HANDLER = "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest";

    private final String name;
    private final Duration timeout;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
    private final Map<String, Invocation> running = new ConcurrentHashMap<>();
    private final List<Child> children = new ArrayList<>();

    private record Invocation(String id, byte[] event, long deadline, CompletableFuture<byte[]> answer) {}

    /**
     * Starts a function.
     *
     * @param name such as {@code transform}
     * @param instances how many events it can handle at once
     * @param lines is given every line that it logs
     */
    public PackagedFunction(
            Parts parts,
            String name,
            int instances,
            int megabytes,
            Duration timeout,
            Map<String, String> environment,
            Consumer<String> lines)
            throws IOException {
        this.name = name;
        this.timeout = timeout;
        server = Loopback.bind(0);
        Loopback.serve(server, API, this::handle);
        server.setExecutor(executor);
        server.start();
        Path folder = parts.unpack(name, parts.data().resolve("functions"));
        Map<String, String> all = new HashMap<>(environment);
        all.put("AWS_LAMBDA_RUNTIME_API", "localhost:" + server.getAddress().getPort());
        all.put("AWS_LAMBDA_FUNCTION_NAME", "tributary-" + name);
        all.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(megabytes));
        all.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        all.put("LAMBDA_TASK_ROOT", folder.toString());
        all.put("_HANDLER", HANDLER);
        for (int i = 0; i < instances; i++) {
            children.add(new Child(
                    name,
                    parts.logs().resolve(name + "-" + i + ".log"),
                    all,
                    command(parts, folder, megabytes),
                    lines));
        }
    }

    private static List<String> command(Parts parts, Path folder, int megabytes) {
        Path bootstrap = folder.resolve("bootstrap");
        if (Files.exists(bootstrap)) {
            bootstrap.toFile().setExecutable(true);
            return List.of(bootstrap.toString());
        }
        return List.of(
                Child.java(),
                "-Xmx" + megabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                String.join(File.pathSeparator, folder + "/", folder + "/lib/*", parts.runtimeInterfaceClient()),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                HANDLER);
    }

    @Override
    public byte[] invoke(byte[] event) throws IOException, InterruptedException {
        Invocation invocation = new Invocation(
                UUID.randomUUID().toString(),
                event,
                System.currentTimeMillis() + timeout.toMillis(),
                new CompletableFuture<>());
        waiting.add(invocation);
        try {
            return invocation.answer().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new FunctionException(e.getCause().getMessage());
        } catch (TimeoutException e) {
            waiting.remove(invocation);
            running.remove(invocation.id());
            throw new IOException("function " + name + " timed out after " + timeout, e);
        }
    }

    /** Whether all of its processes run. */
    public boolean isAlive() {
        return children.stream().allMatch(Child::isAlive);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(API.length());
            if (path.equals("invocation/next")) {
                next(exchange);
                return;
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            String[] parts = path.split("/");
            if (parts.length == 3) {
                Invocation invocation = running.remove(parts[1]);
                if (invocation != null && parts[2].equals("response")) {
                    invocation.answer().complete(body);
                } else if (invocation != null) {
                    invocation
                            .answer()
                            .completeExceptionally(new IOException(new String(body, StandardCharsets.UTF_8)));
                }
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            byte[] accepted = "{\"status\":\"OK\"}".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(202, accepted.length);
            exchange.getResponseBody().write(accepted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        Invocation invocation = waiting.take();
        running.put(invocation.id(), invocation);
        exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", invocation.id());
        exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms", Long.toString(invocation.deadline()));
        exchange.getResponseHeaders()
                .set(
                        "Lambda-Runtime-Invoked-Function-Arn",
                        "arn:aws:lambda:eu-central-1:000000000000:function:tributary-" + name);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, invocation.event().length);
        exchange.getResponseBody().write(invocation.event());
    }

    @Override
    public void close() {
        children.forEach(Child::close);
        server.stop(0);
        executor.shutdownNow();
    }
}
