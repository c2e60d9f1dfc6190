package io.tributary.transform;

import io.tributary.metrics.EmbeddedMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What happened in one invocation, by source, as CloudWatch embedded metrics: lines of JSON that CloudWatch Logs makes
 * metrics of, without a call. Counts only, never content.
 *
 * <p>A record that cannot be read counts as one event of the source {@code unknown}, so that the balance holds: events in =
 * out + dropped + failed + re-ingested.
 */
public final class Metrics {
    /** The namespace of the metrics. */
    public static final String NAMESPACE = "Tributary/Transform";

    /** The source of records that hold no readable event. */
    public static final String UNKNOWN = "unknown";

    /** One metric: its name, its unit, and how it is read from the counts. */
    private enum Metric {
        RECORDS_IN("RecordsIn", "Count"),
        RECORDS_OK("RecordsOk", "Count"),
        RECORDS_DROPPED("RecordsDropped", "Count"),
        RECORDS_REINGESTED("RecordsReingested", "Count"),
        RECORDS_FAILED("RecordsFailed", "Count"),
        EVENTS_IN("EventsIn", "Count"),
        EVENTS_OUT("EventsOut", "Count"),
        EVENTS_DROPPED("EventsDropped", "Count"),
        EVENTS_REINGESTED("EventsReingested", "Count"),
        EVENTS_FAILED("EventsFailed", "Count"),
        EVENTS_REJECTED("EventsKeptAsBaseEvent", "Count"),
        SECRETS_REDACTED("SecretsRedacted", "Count"),
        BYTES_IN("BytesIn", "Bytes"),
        BYTES_EXPANDED("BytesExpanded", "Bytes"),
        BYTES_DOCUMENTS("BytesDocuments", "Bytes"),
        BYTES_OUT("BytesOut", "Bytes"),
        OLDEST_EVENT_AGE("OldestEventAge", "Milliseconds");

        private final String metricName;
        private final String unit;

        Metric(String metricName, String unit) {
            this.metricName = metricName;
            this.unit = unit;
        }
    }

    private static final String EVENT_BALANCE = "EventBalance";

    private final Set<String> namedAccounts;
    private final Map<String, long[]> counts = new TreeMap<>();
    private final Map<String, Long> accounts = new TreeMap<>();
    private final Map<String, Long> trustedOrigins = new TreeMap<>();
    /** Events of answered records without a document. */
    private long unaccounted;

    public Metrics() {
        this(Set.of(), List.of());
    }

    /**
     * Metrics.
     *
     * @param namedAccounts whose events are counted by account, too, so that one that falls silent is noticed; CloudWatch charges
     *     for every one
     * @param trustedOrigins whose events are counted by origin, too: that one of them falls silent must be told by what nobody else can send
     */
    Metrics(Set<String> namedAccounts, List<TrustedOrigin> trustedOrigins) {
        this.namedAccounts = Set.copyOf(namedAccounts);
        trustedOrigins.forEach(origin -> this.trustedOrigins.put(origin.toString(), 0L));
    }

    /** Adds what became of a record. */
    void add(Outcome outcome, SourceRecord record, RecordCount count, long now) {
        String source = count.sources.isEmpty() ? UNKNOWN : count.sources.firstKey();
        add(source, Metric.RECORDS_IN, 1);
        add(source, Metric.BYTES_IN, record.data().length);
        add(source, Metric.BYTES_EXPANDED, count.expandedBytes);
        add(source, Metric.EVENTS_IN, count.controlMessages);
        add(source, Metric.EVENTS_DROPPED, count.controlMessages);
        Metric fate;
        if (outcome instanceof Outcome.Ok ok) {
            add(source, Metric.RECORDS_OK, 1);
            add(source, Metric.BYTES_DOCUMENTS, count.documentBytes);
            add(source, Metric.BYTES_OUT, ok.data().length);
            fate = Metric.EVENTS_OUT;
            unaccounted += count.events() - count.documents;
        } else if (outcome instanceof Outcome.Dropped dropped) {
            boolean reingested = dropped.reason().equals(Outcome.Dropped.REINGESTED);
            add(source, reingested ? Metric.RECORDS_REINGESTED : Metric.RECORDS_DROPPED, 1);
            fate = reingested ? Metric.EVENTS_REINGESTED : Metric.EVENTS_DROPPED;
        } else {
            add(source, Metric.RECORDS_FAILED, 1);
            fate = Metric.EVENTS_FAILED;
            if (count.sources.isEmpty()) {
                add(source, Metric.EVENTS_IN, 1);
                add(source, Metric.EVENTS_FAILED, 1);
            }
        }
        count.accounts.forEach((account, events) -> {
            if (namedAccounts.contains(account)) {
                accounts.merge(account, events, Long::sum);
            }
        });
        count.trustedOrigins.forEach((origin, events) -> trustedOrigins.merge(origin, events, Long::sum));
        count.sources.forEach((name, events) -> {
            add(name, Metric.EVENTS_IN, events.events);
            add(name, fate, events.events);
            add(name, Metric.EVENTS_REJECTED, events.rejected);
            add(name, Metric.SECRETS_REDACTED, events.redacted);
            long[] values = counts.get(name);
            int age = Metric.OLDEST_EVENT_AGE.ordinal();
            values[age] = Math.max(values[age], now - events.oldest);
        });
    }

    private void add(String source, Metric metric, long value) {
        counts.computeIfAbsent(source, name -> new long[Metric.values().length])[metric.ordinal()] += value;
    }

    /** Adds what happened in another invocation. */
    public void addAll(Metrics other) {
        unaccounted += other.unaccounted;
        other.accounts.forEach((account, events) -> accounts.merge(account, events, Long::sum));
        other.trustedOrigins.forEach((origin, events) -> trustedOrigins.merge(origin, events, Long::sum));
        other.counts.forEach((source, values) -> {
            for (Metric metric : Metric.values()) {
                if (metric == Metric.OLDEST_EVENT_AGE) {
                    long[] mine = counts.computeIfAbsent(source, name -> new long[Metric.values().length]);
                    mine[metric.ordinal()] = Math.max(mine[metric.ordinal()], values[metric.ordinal()]);
                } else {
                    add(source, metric, values[metric.ordinal()]);
                }
            }
        });
    }

    private long total(Metric metric) {
        return counts.values().stream()
                .mapToLong(values -> values[metric.ordinal()])
                .sum();
    }

    /** Events that were read. */
    public long eventsIn() {
        return total(Metric.EVENTS_IN);
    }

    /** Events whose documents are in the answer. */
    public long eventsOut() {
        return total(Metric.EVENTS_OUT);
    }

    /** Events that need no delivery. */
    public long eventsDropped() {
        return total(Metric.EVENTS_DROPPED);
    }

    /** Events that were put back on their stream. */
    public long eventsReingested() {
        return total(Metric.EVENTS_REINGESTED);
    }

    /** Events of records that could not be processed. */
    public long eventsFailed() {
        return total(Metric.EVENTS_FAILED);
    }

    /** Events that are not of their type's form and were kept as Base Events. */
    public long eventsRejected() {
        return total(Metric.EVENTS_REJECTED);
    }

    /** Bytes of the records after decompression. */
    public long bytesExpanded() {
        return total(Metric.BYTES_EXPANDED);
    }

    /** Secrets that were replaced. */
    public long secretsRedacted() {
        return total(Metric.SECRETS_REDACTED);
    }

    /** Events that are unaccounted for; anything but zero is a defect. */
    public long balance() {
        return unaccounted + eventsIn() - eventsOut() - eventsDropped() - eventsReingested() - eventsFailed();
    }

    /** The metrics as log lines: one for each source, each account with a name, each trusted origin, and one for the balance. */
    public List<String> lines(long now) {
        List<String> lines = new ArrayList<>();
        counts.forEach((source, values) -> lines.add(EmbeddedMetrics.line(
                NAMESPACE,
                now,
                List.of(new EmbeddedMetrics.Dimension("Source", source)),
                Arrays.stream(Metric.values())
                        .map(metric ->
                                new EmbeddedMetrics.Metric(metric.metricName, metric.unit, values[metric.ordinal()]))
                        .toList())));
        accounts.forEach((account, events) -> lines.add(eventsIn(now, "Account", account, events)));
        trustedOrigins.forEach((origin, events) -> lines.add(eventsIn(now, "Origin", origin, events)));
        lines.add(
                EmbeddedMetrics.line(NAMESPACE, now, List.of(EmbeddedMetrics.Metric.count(EVENT_BALANCE, balance()))));
        return lines;
    }

    private static String eventsIn(long now, String dimension, String value, long events) {
        return EmbeddedMetrics.line(
                NAMESPACE,
                now,
                List.of(new EmbeddedMetrics.Dimension(dimension, value)),
                List.of(EmbeddedMetrics.Metric.count(Metric.EVENTS_IN.metricName, events)));
    }
}
