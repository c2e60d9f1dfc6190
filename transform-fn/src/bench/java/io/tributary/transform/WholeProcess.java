package io.tributary.transform;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;

/**
 * Whole processes on one core, from the start of the JVM to its end: gunzip alone, with full normalisation, and with the
 * documents compressed, in turn, so that what else the machine does falls on all of them.
 */
final class WholeProcess {
    private static final int BYTES = 192 << 20;
    private static final int ROUNDS = 5;
    private static final List<String> MODES = List.of("gunzip", "normalise", "compress");

    private WholeProcess() {}

    static void run() throws IOException, InterruptedException {
        System.out.printf("%nWhole processes, %d MB of decompressed input, median of %d%n", BYTES / 1_000_000, ROUNDS);
        System.out.printf(
                "%-14s %-10s %10s %14s %10s %10s%n", "source", "mode", "MB/s", "of gunzip", "out/in", "peak RSS");
        for (String source : List.of("vpc-flow-logs", "cloudtrail")) {
            Path file = Files.createTempFile("tributary-bench", ".records");
            try {
                write(file, source);
                compare(file, source);
            } finally {
                Files.delete(file);
            }
        }
    }

    private static void write(Path file, String source) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            // the same records again and again: writing them takes longer than reading them
            List<byte[]> records = SyntheticLogs.records(source, BYTES / 16);
            for (int i = 0; i < 16; i++) {
                for (byte[] record : records) {
                    out.writeInt(record.length);
                    out.write(record);
                }
            }
        }
    }

    private static void compare(Path file, String source) throws IOException, InterruptedException {
        List<List<double[]>> results = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < ROUNDS; round++) {
            for (int mode = 0; mode < MODES.size(); mode++) {
                results.get(mode).add(child(file, MODES.get(mode)));
            }
        }
        double gunzip = median(results.get(0), 0);
        for (int mode = 0; mode < MODES.size(); mode++) {
            double speed = median(results.get(mode), 0);
            System.out.printf(
                    Locale.ROOT,
                    "%-14s %-10s %10.0f %14.2f %10.2f %7.0f MB%n",
                    source,
                    MODES.get(mode),
                    speed,
                    speed / gunzip,
                    median(results.get(mode), 1),
                    median(results.get(mode), 2));
        }
    }

    private static double median(List<double[]> results, int column) {
        return results.stream().mapToDouble(result -> result[column]).sorted().toArray()[results.size() / 2];
    }

    /** MB of decompressed input a second, bytes out for each byte in, peak resident megabytes. */
    private static double[] child(Path file, String mode) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ActiveProcessorCount=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Benchmarks.class.getName(),
                        "child",
                        mode,
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("a benchmark process failed: " + output);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double[] numbers = Arrays.stream(output.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new double[] {numbers[0] / 1e6 / seconds, numbers[1] / numbers[0], numbers[2]};
    }

    /** Prints bytes in, bytes out and peak resident megabytes. */
    static void runChild(String mode, Path file) throws IOException, MalformedRecordException {
        long in = 0;
        long out = 0;
        Gunzip gunzip = new Gunzip(TransformSettings.DEFAULT_MAX_EXPANDED_BYTES);
        Transformer transformer = new Transformer(
                SyntheticLogs.settings(mode.equals("compress")),
                InstantSource.fixed(Instant.ofEpochMilli(SyntheticLogs.DELIVERED)),
                List.of(),
                Executors.newCachedThreadPool());
        try (DataInputStream input = new DataInputStream(Files.newInputStream(file))) {
            while (true) {
                byte[] record = input.readNBytes(input.readInt());
                if (mode.equals("gunzip")) {
                    gunzip.expand(record);
                    in += gunzip.length();
                    out += gunzip.length();
                    continue;
                }
                Transformer.Result result = transformer.transform(
                        "eu-central-1",
                        List.of(new SourceRecord("record", record, SyntheticLogs.DELIVERED, "key")),
                        TransformBenchmark.NO_STREAM,
                        () -> 300_000);
                out += ((Outcome.Ok) result.outcomes().get(0)).data().length;
                in += result.metrics().bytesExpanded();
            }
        } catch (EOFException e) {
            System.out.println(in + " " + out + " " + peakMegabytes());
        }
        System.exit(0);
    }

    private static long peakMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }
}
