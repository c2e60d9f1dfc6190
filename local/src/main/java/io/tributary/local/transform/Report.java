package io.tributary.local.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.ocsf.OcsfClass;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** What became of the events: by source, as the function's metrics tell, and by class, as its documents tell. */
final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CLASS_UID = Pattern.compile("\"class_uid\":(\\d+)");

    private record Row(String source, String ocsfClass) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            int bySource = source.compareTo(other.source);
            return bySource != 0 ? bySource : ocsfClass.compareTo(other.ocsfClass);
        }
    }

    private static final class Documents {
        long count;
        long bytes;
    }

    private final Map<Row, Documents> documents = new TreeMap<>();
    private final Map<String, TreeMap<String, Long>> metrics = new TreeMap<>();
    private long putBack;

    /** Counts the documents of a record. */
    void documents(byte[] data, String source) throws IOException {
        boolean gzip = data.length > 1 && data[0] == 0x1f;
        try (InputStream in =
                gzip ? new GZIPInputStream(new ByteArrayInputStream(data)) : new ByteArrayInputStream(data)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                Matcher matcher = CLASS_UID.matcher(line);
                int uid = matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
                Documents row = documents.computeIfAbsent(new Row(source, caption(uid)), key -> new Documents());
                row.count++;
                row.bytes += line.getBytes(StandardCharsets.UTF_8).length + 1L;
            }
        }
    }

    private static String caption(int uid) {
        return Arrays.stream(OcsfClass.values())
                .filter(ocsfClass -> ocsfClass.uid() == uid)
                .map(OcsfClass::caption)
                .findFirst()
                .orElse(String.valueOf(uid));
    }

    /** Adds a line of the embedded metric format. */
    void metrics(JsonNode line) {
        if (line.has("Source")) {
            TreeMap<String, Long> sum =
                    metrics.computeIfAbsent(line.path("Source").asText(), key -> new TreeMap<>());
            for (Map.Entry<String, JsonNode> field : line.properties()) {
                if (field.getValue().isIntegralNumber()) {
                    sum.merge(field.getKey(), field.getValue().asLong(), Long::sum);
                }
            }
            putBack += line.path("EventsReingested").asLong();
        }
    }

    private long total(String metric) {
        return metrics.values().stream()
                .mapToLong(source -> source.getOrDefault(metric, 0L))
                .sum();
    }

    /** Events that were put in: those that came back are not counted again. */
    long eventsIn() {
        return total("EventsIn") - putBack;
    }

    long eventsOut() {
        return total("EventsOut");
    }

    long eventsDropped() {
        return total("EventsDropped");
    }

    long eventsFailed() {
        return total("EventsFailed");
    }

    /** Events that are not of their type's form. */
    long eventsKeptAsBaseEvent() {
        return total("EventsKeptAsBaseEvent");
    }

    /** Whether every event is accounted for. */
    boolean isBalanced() {
        long counted = documents.values().stream().mapToLong(row -> row.count).sum();
        return eventsIn() == eventsOut() + eventsDropped() + eventsFailed() && counted == eventsOut();
    }

    void print(PrintWriter out, double seconds) {
        out.printf(
                Locale.ROOT,
                "%-18s %-20s %10s %10s %10s %10s %14s%n",
                "source",
                "class",
                "in",
                "out",
                "dropped",
                "failed",
                "bytes out");
        documents.forEach(
                (row, count) -> line(out, row.source(), row.ocsfClass(), count.count, count.count, 0, 0, count.bytes));
        metrics.forEach((source, sum) -> {
            long dropped = sum.getOrDefault("EventsDropped", 0L);
            long failed = sum.getOrDefault("EventsFailed", 0L);
            if (dropped + failed > 0) {
                line(out, source, "-", dropped + failed, 0, dropped, failed, 0);
            }
        });
        line(out, "total", "", eventsIn(), eventsOut(), eventsDropped(), eventsFailed(), bytesOut());
        double expanded = total("BytesExpanded") / 1e6;
        out.printf(
                Locale.ROOT,
                "%n%s: %,d in = %,d out + %,d dropped + %,d failed%s%n",
                isBalanced() ? "Balance" : "OUT OF BALANCE",
                eventsIn(),
                eventsOut(),
                eventsDropped(),
                eventsFailed(),
                putBack > 0 ? String.format(Locale.ROOT, " (%,d put back on the stream once or more)", putBack) : "");
        out.printf(
                Locale.ROOT,
                "%.1f MB decompressed in %.1f s, %.1f MB/s; %,d kept as Base Events for their form; %,d secrets redacted%n",
                expanded,
                seconds,
                expanded / Math.max(seconds, 1e-3),
                eventsKeptAsBaseEvent(),
                total("SecretsRedacted"));
        out.flush();
    }

    private long bytesOut() {
        return documents.values().stream().mapToLong(row -> row.bytes).sum();
    }

    private static void line(
            PrintWriter out, String source, String name, long in, long put, long dropped, long failed, long bytes) {
        out.printf(
                Locale.ROOT,
                "%-18s %-20s %,10d %,10d %,10d %,10d %,14d%n",
                source,
                name,
                in,
                put,
                dropped,
                failed,
                bytes);
    }

    void printJson(PrintWriter out, double seconds) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        ArrayNode rows = report.putArray("classes");
        documents.forEach((row, count) -> rows.addObject()
                .put("source", row.source())
                .put("class", row.ocsfClass())
                .put("events_out", count.count)
                .put("bytes_out", count.bytes));
        report.put("events_in", eventsIn());
        report.put("events_out", eventsOut());
        report.put("events_dropped", eventsDropped());
        report.put("events_failed", eventsFailed());
        report.put("events_kept_as_base_event", eventsKeptAsBaseEvent());
        report.put("events_put_back", putBack);
        report.put("secrets_redacted", total("SecretsRedacted"));
        report.put("bytes_expanded", total("BytesExpanded"));
        report.put("bytes_out", bytesOut());
        report.put("seconds", seconds);
        report.put("balanced", isBalanced());
        out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        out.flush();
    }
}
