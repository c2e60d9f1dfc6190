package io.tributary.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.opensearch.OpenSearch.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives an OpenSearch Dashboards our {@link Dashboards}. What is there and is the same is left alone; what somebody changed in them is
 * set right again: a dashboard of one's own is a copy under another name.
 */
public final class DashboardsSetup {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OpenSearch site;

    /** @param site where OpenSearch Dashboards is, its path ending with a slash: {@code https://…/_dashboards/} */
    public DashboardsSetup(OpenSearch site) {
        this.site = site;
    }

    /**
     * Applies what is missing or differs.
     *
     * @param isDryRun tells only
     * @return what was, or would be, written
     * @throws IOException if OpenSearch Dashboards refuses something
     */
    public List<String> apply(boolean isDryRun) throws IOException {
        List<ObjectNode> objects = Dashboards.savedObjects();
        ArrayNode wanted = JSON.createArrayNode();
        objects.forEach(object -> wanted.addObject()
                .put("type", object.path("type").asText())
                .put("id", object.path("id").asText()));
        JsonNode there = call("api/saved_objects/_bulk_get", wanted).path("saved_objects");
        ArrayNode differing = JSON.createArrayNode();
        List<String> written = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            ObjectNode object = objects.get(i);
            JsonNode found = there.path(i);
            if (!found.path("attributes")
                    .equals(JSON.readTree(object.path("attributes").toString()))) {
                differing.add(object);
                written.add(
                        object.path("type").asText() + " " + object.path("id").asText());
            }
        }
        if (!isDryRun && !differing.isEmpty()) {
            for (JsonNode made : call("api/saved_objects/_bulk_create?overwrite=true", differing)
                    .path("saved_objects")) {
                if (made.has("error")) {
                    throw new IOException(
                            made.path("type").asText() + " " + made.path("id").asText() + ": "
                                    + made.at("/error/message").asText());
                }
            }
        }
        return written;
    }

    private JsonNode call(String path, JsonNode body) throws IOException {
        Answer answer = site.call("POST", path, body.toString());
        Setup.check(path, answer);
        return JSON.readTree(answer.body());
    }
}
