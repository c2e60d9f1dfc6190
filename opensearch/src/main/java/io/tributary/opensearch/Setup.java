package io.tributary.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.opensearch.OpenSearch.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Gives an OpenSearch the ingest pipeline that makes each document one, whatever is delivered twice, the index templates of
 * normalised events, and how long indices are kept. What is there already, and is the same, is left alone.
 */
public final class Setup {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEMPLATE = "/_index_template/";
    private static final String POLICY = "/_plugins/_ism/policies/";
    private static final int NOT_FOUND = 404;

    private final OpenSearch openSearch;
    private final Map<String, Integer> searchableDays;

    /** Without index state management: indices stay until somebody deletes them. */
    public Setup(OpenSearch openSearch) {
        this(openSearch, Map.of());
    }

    /**
     * A setup.
     *
     * @param searchableDays how long a source's events stay, by the source's name as in {@link IndexRetention}; if it is empty,
     *     indices stay until somebody deletes them
     */
    public Setup(OpenSearch openSearch, Map<String, Integer> searchableDays) {
        this.openSearch = openSearch;
        this.searchableDays = Map.copyOf(searchableDays);
    }

    /**
     * Applies what is missing or differs.
     *
     * @param isDryRun tells only
     * @return what was, or would be, written
     * @throws IOException if OpenSearch refuses something: the message says what and why
     */
    public List<String> apply(boolean isDryRun) throws IOException {
        List<String> written = new ArrayList<>();
        for (Map.Entry<String, String> each : content().entrySet()) {
            JsonNode wanted = JSON.readTree(each.getValue());
            if (!isThere(each.getKey(), wanted)) {
                if (!isDryRun) {
                    put(each.getKey(), wanted);
                }
                written.add(each.getKey());
            }
        }
        return written;
    }

    /** The pipeline first: templates name it. */
    private Map<String, String> content() throws IOException {
        Map<String, String> content = new LinkedHashMap<>();
        content.put("/_ingest/pipeline/tributary", pipeline());
        content.put("/_index_template/tributary", read("templates/tributary.json"));
        content.put("/_index_template/tributary-events", read("templates/tributary-events.json"));
        for (Map.Entry<String, Integer> each :
                IndexRetention.daysOfPatterns(searchableDays).entrySet()) {
            content.put(
                    POLICY + each.getKey().replaceAll("-?\\*$", ""),
                    IndexRetention.policy(each.getKey(), each.getValue()).toString());
        }
        return content;
    }

    /** The ingest pipeline, with the scripts that it names. */
    private static String pipeline() throws IOException {
        JsonNode pipeline = JSON.readTree(read("pipeline.json"));
        for (JsonNode processor : pipeline.path("processors")) {
            if (processor.path("script") instanceof ObjectNode script) {
                script.put("source", read(script.path("source").asText()));
            }
        }
        return pipeline.toString();
    }

    private boolean isThere(String path, JsonNode wanted) throws IOException {
        Answer answer = openSearch.call("GET", path, "");
        if (answer.status() == NOT_FOUND) {
            return false;
        }
        if (path.startsWith(POLICY) && answer.body().contains("no handler found")) {
            throw new IOException(
                    "this OpenSearch has no index state management: its indices cannot be kept by a policy");
        }
        check(path, answer);
        JsonNode there = JSON.readTree(answer.body());
        if (path.startsWith(POLICY)) {
            return there.at("/policy/description")
                    .asText()
                    .equals(wanted.at("/policy/description").asText());
        }
        if (!path.startsWith(TEMPLATE)) {
            // OpenSearch gives pipelines back as they were written
            return there.path(path.substring(path.lastIndexOf('/') + 1)).equals(wanted);
        }
        // and templates otherwise: they carry their digest
        return there.at("/index_templates/0/index_template/_meta/tributary")
                .asText()
                .equals(digest(wanted));
    }

    private static String digest(JsonNode wanted) {
        return Integer.toHexString(wanted.toString().hashCode());
    }

    private void put(String path, JsonNode wanted) throws IOException {
        ObjectNode json = wanted.deepCopy();
        if (path.startsWith(TEMPLATE)) {
            json.putObject("_meta").put("tributary", digest(wanted));
        }
        check(path, openSearch.call("PUT", path + version(path), json.toString()));
    }

    /** A policy is changed only by who has seen what it was. */
    private String version(String path) throws IOException {
        if (!path.startsWith(POLICY)) {
            return "";
        }
        JsonNode there = JSON.readTree(openSearch.call("GET", path, "").body());
        return there.has("_seq_no")
                ? "?if_seq_no=" + there.path("_seq_no").asLong() + "&if_primary_term="
                        + there.path("_primary_term").asLong()
                : "";
    }

    static void check(String path, Answer answer) throws IOException {
        if (answer.status() / 100 != 2) {
            JsonNode reason = JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
            throw new IOException(path + ": " + answer.status() + " "
                    + reason.at("/error/reason").asText(reason.path("error").asText()));
        }
    }

    private static String read(String name) throws IOException {
        try (InputStream in = Setup.class.getResourceAsStream("/opensearch/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
