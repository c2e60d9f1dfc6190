package io.tributary.local.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.opensearch.OpenSearch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the pipeline on one machine takes: 1, 10 and 100 times the same number of events, as fast as they are accepted, until all of them
 * are transformed, have passed the rules, and are in the search engine.
 */
public final class Benchmarks {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WARM_UP = 2_000;
    private static final List<Integer> TIMES = List.of(1, 10, 100);
    private static final Map<String, String> PROCESSES = Map.of(
            "OpenSearchNode", "OpenSearch",
            "s3mock.jar", "S3Mock",
            "ServerRunner", "DynamoDB Local",
            "functions/transform", "transform-fn",
            "functions/alert", "alert-fn",
            "functions/archive", "archive-fn");

    /** Of one volume: seconds until everything was there, by place, and CPU seconds by process. */
    private record Result(
            int events, double accepted, double indexed, double archived, double alerted, Map<String, Double> cpu) {
        double seconds() {
            return Math.max(Math.max(indexed, archived), alerted);
        }
    }

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        int base = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        Path plot = Path.of("..", "docs", "load.svg");
        List<Result> results = new ArrayList<>();
        Path data = Files.createTempDirectory(Path.of("target"), "load");
        try (LocalPipeline pipeline = new LocalPipeline(
                new LocalPipeline.Plan(
                        Path.of("..").toAbsolutePath().normalize(),
                        data.toAbsolutePath(),
                        4,
                        0,
                        42,
                        URI.create("http://localhost/"),
                        Duration.ofSeconds(1),
                        Duration.ofDays(1),
                        "",
                        Map.of()),
                part -> {})) {
            run(pipeline, WARM_UP);
            for (int times : TIMES) {
                Result result = run(pipeline, base * times);
                results.add(result);
                System.out.printf(
                        Locale.ROOT,
                        "%,8d events: accepted %.1f s, indexed %.1f s, transformed %.1f s, alerted %.1f s: %,.0f events/s%n",
                        result.events(),
                        result.accepted(),
                        result.indexed(),
                        result.archived(),
                        result.alerted(),
                        result.events() / result.seconds());
                result.cpu()
                        .forEach((process, seconds) -> System.out.printf(
                                Locale.ROOT,
                                "         %-16s %5.1f CPU seconds, %3.0f %% of a core%n",
                                process,
                                seconds,
                                100 * seconds / result.seconds()));
            }
        }
        Files.writeString(plot, svg(results));
        delete(data);
    }

    private static Result run(LocalPipeline pipeline, int events) throws IOException, InterruptedException {
        long indexedBefore = documents(pipeline);
        long outBefore = pipeline.counts().of("transform.EventsOut");
        Map<String, Double> cpu = cpu();
        long began = System.nanoTime();
        Thread sender = new Thread(() -> {
            try {
                for (int left = events; left > 0; left -= Math.min(left, 1_000)) {
                    pipeline.traffic().send(Math.min(left, 1_000), Instant.now());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        sender.start();
        double accepted = 0;
        double archived = 0;
        double indexed = 0;
        double alerted = 0;
        while (accepted == 0 || archived == 0 || indexed == 0 || alerted == 0) {
            TimeUnit.MILLISECONDS.sleep(50);
            double now = (System.nanoTime() - began) / 1e9;
            if (accepted == 0 && !sender.isAlive()) {
                accepted = now;
            }
            if (archived == 0 && pipeline.counts().of("transform.EventsOut") - outBefore >= events) {
                archived = now;
            }
            if (alerted == 0
                    && accepted > 0
                    && pipeline.counts().of("bus.matched") == pipeline.counts().of("alert.invocations")) {
                alerted = now;
            }
            if (indexed == 0 && archived > 0 && documents(pipeline) - indexedBefore >= events) {
                indexed = now;
            }
        }
        Map<String, Double> used = new TreeMap<>();
        cpu().forEach((process, seconds) -> used.put(process, seconds - cpu.getOrDefault(process, 0.0)));
        return new Result(events, accepted, indexed, archived, alerted, used);
    }

    private static long documents(LocalPipeline pipeline) throws IOException {
        pipeline.openSearch().call("POST", "/tributary-*/_refresh", "");
        OpenSearch.Answer answer = pipeline.openSearch().call("GET", "/tributary-*/_count", "");
        return JSON.readTree(answer.body()).path("count").asLong();
    }

    /** CPU seconds of each process so far. */
    private static Map<String, Double> cpu() {
        Map<String, Double> cpu = new TreeMap<>();
        cpu.put("the stand-ins", seconds(ProcessHandle.current()));
        ProcessHandle.current().descendants().forEach(process -> {
            String command = process.info().commandLine().orElse("");
            if (process.info().command().orElse("").endsWith("java")) {
                PROCESSES.forEach((part, name) -> {
                    if (command.contains(part)) {
                        cpu.put(name, seconds(process));
                    }
                });
            }
        });
        return cpu;
    }

    private static double seconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    /** Seconds against events, both axes logarithmic; a line of slope 1 is what linear growth looks like. */
    private static String svg(List<Result> results) {
        int width = 640;
        int height = 360;
        double left = 70;
        double bottom = height - 50.0;
        double decade = (width - 110) / 2.5;
        double lowX = Math.log10(results.get(0).events()) - 0.25;
        double high =
                Math.log10(results.stream().mapToDouble(Result::seconds).max().orElse(1) * 2);
        double lowY =
                Math.log10(results.stream().mapToDouble(Result::seconds).min().orElse(1) / 2);
        double decadeY = (bottom - 30) / (high - lowY);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"system-ui, sans-serif\" font-size=\"13\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n"
                        + "<path d=\"M%.0f 30V%.0fH%d\" fill=\"none\" stroke=\"#667\"/>%n",
                width,
                height,
                left,
                bottom,
                width - 20));
        StringBuilder line = new StringBuilder();
        for (Result result : results) {
            double x = left + (Math.log10(result.events()) - lowX) * decade;
            double y = bottom - (Math.log10(result.seconds()) - lowY) * decadeY;
            line.append(line.isEmpty() ? "M" : "L").append(String.format(Locale.ROOT, "%.1f %.1f", x, y));
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#0b7285\"/>%n"
                            + "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%.1f s</text>%n"
                            + "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%,d</text>%n",
                    x,
                    y,
                    x,
                    y - 12,
                    result.seconds(),
                    x,
                    bottom + 20,
                    result.events()));
        }
        Result last = results.get(results.size() - 1);
        double x = left + (Math.log10(last.events()) - lowX) * decade;
        double y = bottom - (Math.log10(last.seconds()) - lowY) * decadeY;
        double first = Math.log10(last.events()) - Math.log10(results.get(0).events());
        svg.append(String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#adb5bd\" stroke-dasharray=\"4 4\"/>%n"
                        + "<path d=\"%s\" fill=\"none\" stroke=\"#0b7285\" stroke-width=\"2\"/>%n"
                        + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">events</text>%n"
                        + "<text x=\"20\" y=\"20\">seconds until every event is transformed, indexed and has passed the rules;"
                        + " dashed: as linear growth would be</text>%n</svg>%n",
                x - first * decade,
                y + first * decadeY,
                x,
                y,
                line,
                (left + width) / 2,
                height - 10));
        return svg.toString();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
                Files.delete(file);
            }
        }
    }
}
