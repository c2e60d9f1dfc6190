package io.tributary.transform;

import io.tributary.ocsf.Timestamps;
import io.tributary.transform.logtype.Origin;
import java.util.TreeMap;

/** What was counted of one record while it was read. */
final class RecordCount {
    /** Events by source. */
    static final class BySource {
        long events;
        long rejected;
        long redacted;
        long oldest = Timestamps.MAX;
    }

    final TreeMap<String, BySource> sources = new TreeMap<>();
    /** Events by the account whose log group they were in. */
    final TreeMap<String, Long> accounts = new TreeMap<>();
    /** Events by the configured origin that may speak for other accounts. */
    final TreeMap<String, Long> trustedOrigins = new TreeMap<>();

    long expandedBytes;
    /** Documents in the record's data, counted where they are written. */
    long documents;

    long documentBytes;
    int controlMessages;

    private String lastSource = "";
    private BySource last = new BySource();

    /** @param time by which the event is found, epoch milliseconds */
    void add(Normaliser normaliser, long time) {
        if (!normaliser.lastSource().equals(lastSource)) {
            lastSource = normaliser.lastSource();
            last = sources.computeIfAbsent(lastSource, source -> new BySource());
        }
        last.events++;
        last.redacted += normaliser.lastRedactions();
        last.oldest = Math.min(last.oldest, time);
        if (normaliser.lastRejected()) {
            last.rejected++;
        }
    }

    /** Adds the events of an envelope to those of its origin. */
    void add(Origin origin, long events) {
        accounts.merge(origin.account(), events, Long::sum);
        if (!origin.trustedAs().isEmpty()) {
            trustedOrigins.merge(origin.trustedAs(), events, Long::sum);
        }
    }

    /** Corrects the number of events of a record that was not read to its end. */
    void setEvents(long events) {
        last.events += events - events();
    }

    long events() {
        long events = 0;
        for (BySource source : sources.values()) {
            events += source.events;
        }
        return events;
    }
}
