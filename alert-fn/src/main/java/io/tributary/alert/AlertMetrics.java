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

/**
 * What became of an event, or of a round of summaries, by rule. As metrics of the whole:
 *
 * <ul>
 *   <li>{@code Events}, {@code EventsWithoutRule}: counts, of events only
 *   <li>{@code StateUnavailable}: how often the shared state could not be asked
 *   <li>{@code EventToPublish}: milliseconds from an event's own time until all channels had its alert; where one was told
 *   <li>{@code HeldBack}: messages beyond their rule's allowance, which people are told of in a digest; where there were any
 *   <li>{@code Summarised}: messages about what was not told when it happened; where there were any
 * </ul>
 *
 * <p>By the dimension {@code Rule}: {@code Matched}, {@code BelowThreshold}, {@code Sent}, {@code Silent} (told before) and
 * {@code Failed}; and {@code EventToPublish} as above. Which rule was held back says its digest.
 */
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
        long heldBack;
        long summarised;
    }

    private final boolean isEvent;
    private final Map<String, Counts> rules = new TreeMap<>();

    private AlertMetrics(boolean isEvent) {
        this.isEvent = isEvent;
    }

    static AlertMetrics ofEvent() {
        return new AlertMetrics(true);
    }

    static AlertMetrics ofSummaries() {
        return new AlertMetrics(false);
    }

    Counts of(Rule rule) {
        return rules.computeIfAbsent(rule.id(), id -> new Counts());
    }

    /** Alerts that were told. */
    public long sent() {
        return total().sent;
    }

    /** Alerts that were not told, because they were told before. */
    public long silent() {
        return total().silent;
    }

    /** Messages beyond their rule's allowance. */
    public long heldBack() {
        return total().heldBack;
    }

    /** Messages about what was not told when it happened. */
    public long summarised() {
        return total().summarised;
    }

    /** What became of it, as JSON for whoever invoked the function. */
    String summary() {
        return "{\"rules\":["
                + rules.keySet().stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",")) + "],\"sent\":"
                + sent() + ",\"silent\":" + silent() + ",\"heldBack\":" + heldBack() + ",\"summarised\":" + summarised()
                + "}";
    }

    /** The metrics as log lines: one for the whole, one for each rule that has any. */
    public List<String> lines(long now, long stateUnavailable) {
        List<String> lines = new ArrayList<>();
        List<Metric> whole = new ArrayList<>();
        if (isEvent) {
            whole.add(Metric.count("Events", 1));
            whole.add(Metric.count("EventsWithoutRule", rules.isEmpty() ? 1 : 0));
        }
        whole.add(Metric.count("StateUnavailable", stateUnavailable));
        Counts total = total();
        addPublished(whole, total);
        if (total.heldBack > 0) {
            whole.add(Metric.count("HeldBack", total.heldBack));
        }
        if (total.summarised > 0) {
            whole.add(Metric.count("Summarised", total.summarised));
        }
        lines.add(EmbeddedMetrics.line(NAMESPACE, now, whole));
        rules.forEach((id, counts) ->
                lines.add(EmbeddedMetrics.line(NAMESPACE, now, List.of(new Dimension("Rule", id)), metrics(counts))));
        return lines;
    }

    private List<Metric> metrics(Counts counts) {
        List<Metric> metrics = new ArrayList<>();
        if (isEvent) {
            metrics.add(Metric.count("Matched", counts.matched));
            metrics.add(Metric.count("BelowThreshold", counts.counted));
            metrics.add(Metric.count("Sent", counts.sent));
            metrics.add(Metric.count("Silent", counts.silent));
        }
        metrics.add(Metric.count("Failed", counts.failed));
        addPublished(metrics, counts);
        return metrics;
    }

    private Counts total() {
        Counts total = new Counts();
        for (Counts counts : rules.values()) {
            total.sent += counts.sent;
            total.silent += counts.silent;
            total.publishMillis = Math.max(total.publishMillis, counts.publishMillis);
            total.heldBack += counts.heldBack;
            total.summarised += counts.summarised;
        }
        return total;
    }

    private static void addPublished(List<Metric> metrics, Counts counts) {
        if (counts.sent > 0) {
            metrics.add(new Metric("EventToPublish", "Milliseconds", counts.publishMillis));
        }
    }
}
