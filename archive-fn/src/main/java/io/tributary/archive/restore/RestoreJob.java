package io.tributary.archive.restore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.Partition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A restore under way, kept in the bucket: below {@code restore/open/}, and below {@code restore/done/} when all of it can be read.
 *
 * @param parts what has wanted events
 */
public record RestoreJob(String id, RestoreRequest request, List<Part> parts) {
    static final String OPEN = "restore/open/";
    static final String DONE = "restore/done/";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A part of the archive.
     *
     * @param partition the prefix of its partition
     * @param sequence of its manifest
     */
    public record Part(String partition, int sequence, String key) {
        /** The partition it is of. */
        public Partition of() {
            return Partition.of(partition);
        }
    }

    public RestoreJob {
        parts = List.copyOf(parts);
    }

    static String key(String folder, String id) {
        return folder + id + ".json";
    }

    byte[] toJson() {
        ObjectNode json = JSON.createObjectNode().put("id", id);
        json.set("request", request.toJson());
        var array = json.putArray("parts");
        parts.forEach(part -> array.addObject()
                .put("partition", part.partition())
                .put("sequence", part.sequence())
                .put("key", part.key()));
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static RestoreJob parse(byte[] text) throws IOException {
        JsonNode json = JSON.readTree(text);
        List<Part> parts = new ArrayList<>();
        json.path("parts")
                .forEach(part -> parts.add(new Part(
                        part.path("partition").asText(),
                        part.path("sequence").asInt(),
                        part.path("key").asText())));
        return new RestoreJob(json.path("id").asText(), RestoreRequest.parse(json.path("request")), parts);
    }
}
