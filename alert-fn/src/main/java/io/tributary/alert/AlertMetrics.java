package io.tributary.alert;

import io.tributary.alert.rule.Rule;
import io.tributary.metrics.EmbeddedMetrics;
import io.tributary.metrics.EmbeddedMetrics.Dimension;
import io.tributary.metrics.EmbeddedMetrics.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What became of an event, by rule. */
public final class AlertMetrics {
    /** The namespace of the metrics. */
    public static final String NAMESPACE = "Tributary/Alert";

    /** What one rule did. */
    static final class Counts {
        long matched;
        long counted;
        long sent;
        long silent;
        long failed;
        long publishMillis;
    }

    private final Map<String, Counts> rules = new TreeMap<>();

    Counts of(Rule rule) {
        return rules.computeIfAbsent(rule.id(), id -> new Counts());
    }

    /** Alerts that were told. */
    public long sent() {
        return rules.values().stream().mapToLong(counts -> counts.sent).sum();
    }

    /** Alerts that were not told, because they were told before. */
    public long silent() {
        return rules.values().stream().mapToLong(counts -> counts.silent).sum();
    }

    /** What became of the event, as JSON for whoever invoked the function. */
    String summary() {
        return "{\"rules\":["
                + rules.keySet().stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",")) + "],\"sent\":"
                + sent() + ",\"silent\":" + silent() + "}";
    }

    /** The metrics as log lines: one for the event, one for each rule that it broke. */
    public List<String> lines(long now, long stateUnavailable) {
        List<String> lines = new ArrayList<>();
        List<Metric> whole = new ArrayList<>(List.of(
                Metric.count("Events", 1),
                Metric.count("EventsWithoutRule", rules.isEmpty() ? 1 : 0),
                Metric.count("StateUnavailable", stateUnavailable)));
        if (sent() > 0) {
            whole.add(new Metric(
                    "EventToPublish",
                    "Milliseconds",
                    rules.values().stream()
                            .mapToLong(counts -> counts.publishMillis)
                            .max()
                            .orElse(0)));
        }
        lines.add(EmbeddedMetrics.line(NAMESPACE, now, whole));
        rules.forEach((id, counts) ->
                lines.add(EmbeddedMetrics.line(NAMESPACE, now, List.of(new Dimension("Rule", id)), metrics(counts))));
        return lines;
    }

    private static List<Metric> metrics(Counts counts) {
        List<Metric> metrics = new ArrayList<>(List.of(
                Metric.count("Matched", counts.matched),
                Metric.count("BelowThreshold", counts.counted),
                Metric.count("Sent", counts.sent),
                Metric.count("Silent", counts.silent),
                Metric.count("Failed", counts.failed)));
        if (counts.sent > 0) {
            metrics.add(new Metric("EventToPublish", "Milliseconds", counts.publishMillis));
        }
        return metrics;
    }
}
