package io.tributary.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.metrics.EmbeddedMetrics;
import io.tributary.metrics.EmbeddedMetrics.Dimension;
import io.tributary.metrics.EmbeddedMetrics.Metric;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountsTest {
    /** Otherwise events would be missing on the page: more came in than went out. */
    @Test
    void anEventIsCountedOnceByHoweverManyDimensionsItIsToldApart() {
        Counts counts = new Counts();
        List<Metric> events = List.of(Metric.count("EventsIn", 7));
        for (String dimension : List.of("Source", "Account", "Origin")) {
            counts.metrics("transform", EmbeddedMetrics.line("n", 1, List.of(new Dimension(dimension, "x")), events));
        }
        counts.metrics("transform", "{\"_aws\" is no JSON");
        counts.metrics("transform", "a line");

        assertThat(counts.all()).isEqualTo(Map.of("transform.EventsIn", 7L));
    }
}
