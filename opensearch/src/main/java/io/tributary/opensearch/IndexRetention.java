package io.tributary.opensearch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long indices are kept. An index holds a class and a day, and a class may come of several sources: it is kept for as long as
 * that one of them that is searchable longest. What is older is in the archive.
 *
 * @see <a href="https://docs.opensearch.org/latest/im-plugin/ism/policies/">Index state management</a>
 */
final class IndexRetention {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "tributary-*";
    private static final Map<String, List<String>> SOURCES = Map.of(
            "tributary-2004-*", List.of("guardduty", "tributary-alerts"),
            "tributary-3001-*", List.of("cloudtrail"),
            "tributary-3002-*", List.of("cloudtrail", "rds"),
            "tributary-4001-*", List.of("vpc-flow-logs", "tgw-flow-logs"),
            "tributary-4002-*", List.of("waf"),
            "tributary-4003-*", List.of("route53-resolver", "route53-public"),
            "tributary-6003-*", List.of("cloudtrail", "eks-audit"));

    private IndexRetention() {}

    /** The days of each pattern of indices' names; empty for no sources. */
    static SortedMap<String, Integer> daysOfPatterns(Map<String, Integer> daysOfSources) {
        SortedMap<String, Integer> days = new TreeMap<>();
        if (daysOfSources.isEmpty()) {
            return days;
        }
        int most = daysOfSources.values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        // base events are of every source, and so is what could not be routed
        days.put(ALL, most);
        SOURCES.forEach((pattern, sources) -> days.put(
                pattern,
                sources.stream()
                        .mapToInt(source -> daysOfSources.getOrDefault(source, most))
                        .max()
                        .orElse(most)));
        return days;
    }

    /** A policy of index state management for new indices whose names have the pattern. */
    static ObjectNode policy(String pattern, int days) {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode policy = json.putObject("policy")
                .put("description", "Tributary: " + pattern + " is deleted after " + days + " days")
                .put("default_state", "searchable");
        ArrayNode states = policy.putArray("states");
        ObjectNode searchable = states.addObject().put("name", "searchable");
        searchable.putArray("actions");
        searchable
                .putArray("transitions")
                .addObject()
                .put("state_name", "deleted")
                // a day more: an index is made when its day's first event comes
                .putObject("conditions")
                .put("min_index_age", (days + 1) + "d");
        ObjectNode deleted = states.addObject().put("name", "deleted");
        deleted.putArray("actions").addObject().putObject("delete");
        deleted.putArray("transitions");
        ObjectNode template = policy.putArray("ism_template").addObject();
        template.putArray("index_patterns").add(pattern);
        template.put("priority", pattern.equals(ALL) ? 1 : 100);
        return json;
    }
}
