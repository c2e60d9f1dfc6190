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
 * Gives an OpenSearch the ingest pipeline that makes each document one, whatever is delivered twice, and the index templates of
 * normalised events. What is there already, and is the same, is left alone.
 */
public final class Setup {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEMPLATE = "/_index_template/";
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private final OpenSearch openSearch;

    public Setup(OpenSearch openSearch) {
        this.openSearch = openSearch;
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
    private static Map<String, String> content() throws IOException {
        Map<String, String> content = new LinkedHashMap<>();
        content.put("/_ingest/pipeline/tributary", read("pipeline.json"));
        content.put("/_index_template/tributary", read("templates/tributary.json"));
        content.put("/_index_template/tributary-events", read("templates/tributary-events.json"));
        return content;
    }

    private boolean isThere(String path, JsonNode wanted) throws IOException {
        Answer answer = openSearch.call("GET", path, "");
        if (answer.status() == NOT_FOUND) {
            return false;
        }
        check(path, answer);
        JsonNode there = JSON.readTree(answer.body());
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
        check(path, openSearch.call("PUT", path, json.toString()));
    }

    private static void check(String path, Answer answer) throws IOException {
        if (answer.status() != OK) {
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
