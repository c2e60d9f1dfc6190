package io.tributary.metrics;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import java.util.List;

/**
 * A line of JSON of which CloudWatch Logs makes metrics, without a call.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">
 *     Embedded metric format</a>
 */
public final class EmbeddedMetrics {
    private static final Name AWS = Name.of("_aws");
    private static final Name TIMESTAMP = Name.of("Timestamp");
    private static final Name CLOUD_WATCH_METRICS = Name.of("CloudWatchMetrics");
    private static final Name NAMESPACE = Name.of("Namespace");
    private static final Name DIMENSIONS = Name.of("Dimensions");
    private static final Name METRICS = Name.of("Metrics");
    private static final Name NAME = Name.of("Name");
    private static final Name UNIT = Name.of("Unit");

    /**
     * One metric.
     *
     * @param unit one of CloudWatch's, such as {@code Count}, {@code Bytes} or {@code Milliseconds}
     */
    public record Metric(String name, String unit, long value) {
        /** A number of things. */
        public static Metric count(String name, long value) {
            return new Metric(name, "Count", value);
        }
    }

    /** What metrics are told apart by. */
    public record Dimension(String name, String value) {}

    private EmbeddedMetrics() {}

    /** The line of metrics that have no dimension. */
    public static String line(String namespace, long now, List<Metric> metrics) {
        return line(namespace, now, List.of(), metrics);
    }

    /**
     * The line of metrics.
     *
     * @param now epoch milliseconds
     */
    public static String line(String namespace, long now, List<Dimension> dimensions, List<Metric> metrics) {
        JsonOutput out = new JsonOutput(2048);
        int object = out.openObject();
        out.openObject(AWS);
        out.member(TIMESTAMP, now);
        out.openArray(CLOUD_WATCH_METRICS);
        out.openObject();
        out.member(NAMESPACE, namespace);
        out.name(DIMENSIONS).ascii("[[");
        for (int i = 0; i < dimensions.size(); i++) {
            out.ascii(i == 0 ? "" : ",");
            out.string(dimensions.get(i).name());
        }
        out.ascii("]]");
        int array = out.openArray(METRICS);
        for (Metric metric : metrics) {
            int one = out.openObject();
            out.member(NAME, metric.name());
            out.member(UNIT, metric.unit());
            out.closeObject(one);
        }
        out.closeArray(array);
        out.ascii("}]}");
        dimensions.forEach(dimension -> out.member(Name.of(dimension.name()), dimension.value()));
        metrics.forEach(metric -> out.member(Name.of(metric.name()), metric.value()));
        out.closeObject(object);
        return out.toString();
    }
}
