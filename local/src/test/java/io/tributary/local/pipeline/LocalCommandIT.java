package io.tributary.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as people run it: a process of its own, which is interrupted. */
class LocalCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ADDRESS = Pattern.compile("Tributary is running: (\\S+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<ProcessHandle> children = new ArrayList<>();
    private Process process;

    @TempDir
    private Path folder;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void itStartsShowsEventsEndsAllOfItAndGoesOnWithItsData() throws Exception {
        long began = System.nanoTime();
        URI page = start("--fresh", "--rate", "100", "--history", "0");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
        await(() -> total(page) > 0);
        assertThat(get(page, "").body()).contains("<title>Tributary");
        assertThat(JSON.readTree(get(page, "api/search?q=%5B").body())
                        .path("error")
                        .asText())
                .as("what is wrong with the query")
                .isNotEmpty();
        interrupt();
        long kept = Files.walk(folder.resolve("tributary-local/s3"))
                .filter(file -> file.getFileName().toString().equals("binaryData"))
                .count();
        assertThat(kept).as("what was in flight was delivered").isPositive();

        URI again = start("--rate", "0");
        assertThat(total(again)).as("of the first start").isPositive();
        process.destroyForcibly().waitFor();
        await(() -> children.stream().noneMatch(ProcessHandle::isAlive));

        URI anew = start("--fresh", "--rate", "0", "--history", "0");
        assertThat(total(anew)).isZero();
        interrupt();
    }

    @Test
    void thePageIsForThisMachineOnly() throws Exception {
        URI page = start("--fresh", "--rate", "0", "--history", "0");

        HttpRequest form = HttpRequest.newBuilder(page.resolve("api/fault"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"sns-down\",\"on\":true}"))
                .build();
        assertThat(http.send(form, HttpResponse.BodyHandlers.ofString()).statusCode())
                .as("what a form of another site could send")
                .isEqualTo(400);
        assertThat(get(page, "api/search?from=x&to=y").statusCode()).isEqualTo(400);
        assertThat(get(page, "../../pom.xml").statusCode()).isEqualTo(404);
        assertThat(get(page, "api/nothing").statusCode()).isEqualTo(400);
        interrupt();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            run("--port", Integer.toString(taken.getLocalPort()));
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(3);
            assertThat(output()).contains("port " + taken.getLocalPort() + " is taken; --port names another one");
        }
    }

    @Test
    void onlyOnePipelineKeepsItsDataInAFolderAndFreshDeletesNothingOfAnybodyElse() throws Exception {
        Path mine = Files.createDirectories(folder.resolve("data/notes")).resolve("mine.txt");
        Files.writeString(mine, "kept");
        URI page = start("--data", "data", "--fresh", "--rate", "0", "--history", "0");
        Process first = process;
        List<ProcessHandle> firsts = List.copyOf(children);
        run("--port", "0", "--data", "data", "--fresh");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(3);
        assertThat(output()).contains("another pipeline keeps its data in data");
        assertThat(get(page, "api/state").statusCode()).as("the first goes on").isEqualTo(200);
        process = first;
        children.clear();
        children.addAll(firsts);
        interrupt();
        assertThat(mine).hasContent("kept");
    }

    @Test
    void aStoryThatThereIsNotIsNamedWithThoseThatThereAre() throws Exception {
        run("--port", "0", "--attack", "none");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(output()).contains("no story none").contains("stolen-password, extortion, mining");
    }

    private void run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dtributary.root=" + Path.of("..").toAbsolutePath().normalize(),
                "-jar",
                Path.of("target", "tributary.jar").toAbsolutePath().toString(),
                "local"));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    /** Starts it on any port. */
    private URI start(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--port", "0"));
        run(all.toArray(String[]::new));
        await(() -> ADDRESS.matcher(output()).find() || !process.isAlive());
        Matcher address = ADDRESS.matcher(output());
        assertThat(address.find()).as(output()).isTrue();
        children.clear();
        process.descendants().forEach(children::add);
        assertThat(children.size()).isGreaterThanOrEqualTo(6);
        return URI.create(address.group(1));
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    /** As Ctrl-C does; and as {@code kill} does where interrupts are ignored, as by all that a shell starts in the background. */
    private void interrupt() throws Exception {
        signal("-INT");
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            signal("-TERM");
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        await(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    private void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private long total(URI page) throws IOException, InterruptedException {
        JsonNode found = JSON.readTree(get(page, "api/search").body());
        return found.path("total").asLong();
    }

    private HttpResponse<String> get(URI page, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(page + path)).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
