package io.tributary.local.pipeline.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process that belongs to the pipeline: its output is in a file, and it ends when the pipeline does, even where that is killed: a shell
 * between the two waits for the end of its standard input. Ctrl-C on a terminal does not reach it, so that what is in flight can be
 * delivered first.
 */
public final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int END_SECONDS = 10;

    /** A shell ignores interrupts for what it runs in the background. */
    private static final String GUARD = """
            exec 3<&0
            "$@" </dev/null 3<&- &
            child=$!
            (cat <&3; kill $child) >/dev/null 2>&1 &
            exec 3<&-
            wait $child
            """;

    private final String name;
    private final Path log;
    private final Process process;
    private final Thread reader;

    /**
     * Starts a process.
     *
     * @param log what it prints
     * @param lines is given every line that it prints, too
     */
    public Child(String name, Path log, Map<String, String> environment, List<String> command, Consumer<String> lines)
            throws IOException {
        this.name = name;
        this.log = log;
        Files.createDirectories(log.getParent());
        List<String> guarded = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, name));
        guarded.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(guarded).redirectErrorStream(true);
        // what is set in this shell is about other AWS accounts
        builder.environment().keySet().removeIf(key -> key.matches("(AWS|TRIBUTARY|QUARKUS|JAVA_TOOL)_.*"));
        builder.environment().putAll(environment);
        process = builder.start();
        reader = new Thread(() -> read(lines), name + " output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader in =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(Files.newBufferedWriter(log))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(line);
                out.flush();
                lines.accept(line);
            }
        } catch (IOException e) {
            // it ended
        }
    }

    /** The JVM that this one is. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A port that is free now. */
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /**
     * Waits until it answers.
     *
     * @throws IOException if it ends, or takes too long
     */
    public void await(URI address) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                HttpURLConnection connection =
                        (HttpURLConnection) address.toURL().openConnection();
                connection.setConnectTimeout(1_000);
                connection.setReadTimeout(5_000);
                if (connection.getResponseCode() > 0) {
                    return;
                }
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        close();
        throw new IOException(name + " does not start; what it printed is in " + log);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException e) {
            // it ended already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
