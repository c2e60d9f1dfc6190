package io.tributary.archive.task;

import io.tributary.metrics.EmbeddedMetrics;
import io.tributary.metrics.EmbeddedMetrics.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What an invocation did. */
public final class ArchiveMetrics {
    private static final String NAMESPACE = "Tributary/Archive";

    /** A number of things. */
    public enum Count {
        ITEMS_PLANNED("ItemsPlanned"),
        OBJECTS_ARCHIVED("ObjectsArchived"),
        EVENTS_ARCHIVED("EventsArchived"),
        BYTES_ARCHIVED("BytesArchived"),
        OBJECTS_SET_ASIDE("ObjectsSetAside"),
        OBJECTS_REFUSED("ObjectsRefused"),
        PARTS_VERIFIED("PartsVerified"),
        INTEGRITY_VIOLATIONS("IntegrityViolations"),
        EVENTS_REPLAYED("EventsReplayed"),
        RECORDS_UNREADABLE("RecordsUnreadable"),
        TASKS_FAILED("TasksFailed");

        private final String label;

        Count(String label) {
            this.label = label;
        }
    }

    private final Map<Count, Long> counts = new EnumMap<>(Count.class);

    /** Adds to a count; nothing is printed of what was not counted. */
    public void add(Count count, long more) {
        counts.merge(count, more, Long::sum);
    }

    public long of(Count count) {
        return counts.getOrDefault(count, 0L);
    }

    /**
     * The metrics as a log line.
     *
     * @param now epoch milliseconds
     * @param more others, such as requests to S3
     */
    public String line(long now, Map<String, Long> more) {
        List<Metric> metrics = new ArrayList<>();
        counts.forEach((count, value) ->
                metrics.add(new Metric(count.label, count == Count.BYTES_ARCHIVED ? "Bytes" : "Count", value)));
        more.forEach((name, value) -> metrics.add(Metric.count(name, value)));
        return EmbeddedMetrics.line(NAMESPACE, now, metrics);
    }
}
