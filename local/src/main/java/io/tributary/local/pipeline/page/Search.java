package io.tributary.local.pipeline.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.opensearch.OpenSearch;
import java.io.IOException;
import java.util.Map;

/** What the page asks OpenSearch. */
final class Search {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HITS = 50;

    /** Facets: what the page calls them, and the fields. */
    private static final Map<String, String> FACETS = Map.of(
            "account", "cloud.account.uid",
            "source", "metadata.source",
            "class", "class_uid",
            "severity", "severity_id");

    private final OpenSearch openSearch;

    Search(OpenSearch openSearch) {
        this.openSearch = openSearch;
    }

    /**
     * Searches.
     *
     * @param parameters {@code q} in Lucene's syntax, {@code from} and {@code to} as epoch milliseconds, and values of facets; others
     *     are ignored
     * @return hits, newest first, a histogram over time, and the facets
     */
    ObjectNode search(Map<String, String> parameters) throws IOException {
        ObjectNode request = JSON.createObjectNode().put("size", HITS).put("track_total_hits", true);
        ArrayNode filters = request.putObject("query").putObject("bool").putArray("filter");
        String text = parameters.getOrDefault("q", "");
        if (!text.isBlank()) {
            filters.addObject()
                    .putObject("query_string")
                    .put("query", text)
                    .put("lenient", true)
                    .put("default_operator", "AND");
        }
        FACETS.forEach((name, field) -> {
            if (!parameters.getOrDefault(name, "").isEmpty()) {
                filters.addObject().putObject("term").put(field, parameters.get(name));
            }
        });
        if (parameters.containsKey("from") && parameters.containsKey("to")) {
            filters.addObject()
                    .putObject("range")
                    .putObject("time")
                    .put("gte", Long.parseLong(parameters.get("from")))
                    .put("lt", Long.parseLong(parameters.get("to")));
        }
        request.putArray("sort").addObject().put("@timestamp", "desc");
        ObjectNode aggregations = request.putObject("aggs");
        aggregations
                .putObject("histogram")
                .putObject("auto_date_histogram")
                .put("field", "time")
                .put("buckets", 60);
        FACETS.forEach((name, field) -> aggregations
                .putObject(name)
                .putObject("terms")
                .put("field", field)
                .put("size", 12));
        OpenSearch.Answer answer =
                openSearch.call("POST", "/tributary-*/_search?ignore_unavailable=true", request.toString());
        JsonNode found = JSON.readTree(answer.body());
        ObjectNode result = JSON.createObjectNode();
        if (answer.status() != 200) {
            return result.put(
                    "error",
                    found.at("/error/root_cause/0/reason").asText("the search engine answers " + answer.status()));
        }
        result.put("total", found.at("/hits/total/value").asLong())
                .put("millis", found.path("took").asLong());
        ArrayNode hits = result.putArray("hits");
        found.at("/hits/hits").forEach(hit -> hits.add(hit.path("_source")));
        ArrayNode histogram = result.putArray("histogram");
        found.at("/aggregations/histogram/buckets")
                .forEach(bucket -> histogram
                        .addObject()
                        .put("time", bucket.path("key").asLong())
                        .put("count", bucket.path("doc_count").asLong()));
        ObjectNode facets = result.putObject("facets");
        FACETS.keySet().forEach(name -> {
            ArrayNode values = facets.putArray(name);
            found.path("aggregations")
                    .path(name)
                    .path("buckets")
                    .forEach(bucket -> values.addObject()
                            .put("value", bucket.path("key").asText())
                            .put("count", bucket.path("doc_count").asLong()));
        });
        return result;
    }
}
