package io.tributary.local.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What was counted since the start, by name: by the stand-ins themselves, and by the metrics that the functions log. */
public final class Counts {
    /** Dimensions whose metrics say again what those of the sources say. */
    private static final List<String> REPEATING = List.of("Account", "Origin");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    public void add(String name, long number) {
        counts.computeIfAbsent(name, each -> new LongAdder()).add(number);
    }

    public long of(String name) {
        LongAdder count = counts.get(name);
        return count == null ? 0 : count.sum();
    }

    /** All of them. */
    public Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((name, count) -> all.put(name, count.sum()));
        return all;
    }

    /** Adds the metrics of a line of a function's log, {@code transform.EventsIn} and so on, if it is one of the embedded metric format. */
    public void metrics(String function, String line) {
        if (!line.startsWith("{\"_aws\"")) {
            return;
        }
        try {
            JsonNode json = JSON.readTree(line);
            for (JsonNode set : json.at("/_aws/CloudWatchMetrics")) {
                for (JsonNode metric : set.path("Metrics")) {
                    String name = metric.path("Name").asText();
                    if (REPEATING.stream().noneMatch(json::has)
                            && !metric.path("Unit").asText().equals("Milliseconds")) {
                        add(function + "." + name, json.path(name).asLong());
                    }
                }
            }
        } catch (IOException e) {
            // a line that was cut
        }
    }
}
