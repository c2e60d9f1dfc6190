package io.tributary.archive.restore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A restore under way, kept in the bucket: below {@code restore/open/}, and below {@code restore/done/} when all of it can be read.
 *
 * @param parts what has wanted events
 */
public record RestoreJob(String id, RestoreRequest request, List<Part> parts) {
    /** More are refused: their job could not be read at once. */
    static final int MOST_PARTS = 10_000;

    static final String OPEN = "restore/open/";
    static final String DONE = "restore/done/";

    /** Who is ending a job, and until when. */
    static final String CLAIMS = "restore/claims/";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENDING = ".json";
    private static final int MOST_BYTES = 16 << 20;

    /** What is not a job, or names what is not of the archive: whoever wrote it has not to be who should. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String reason) {
            super(reason);
        }
    }

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

        private boolean isRight() {
            Optional<Partition> own = Partition.lookUp(partition);
            return own.isPresent()
                    && own.get().archive().equals(partition)
                    && Manifest.partSequence(own.get(), key).orElse(-1) == sequence;
        }
    }

    public RestoreJob {
        parts = List.copyOf(parts);
    }

    static boolean isId(String id) {
        return id.matches("[A-Za-z0-9-]{1,64}");
    }

    static String key(String folder, String id) {
        return folder + id + ENDING;
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

    static void checkSize(long size) throws MalformedException {
        if (size > MOST_BYTES) {
            throw new MalformedException("it has " + size + " bytes, which no job has");
        }
    }

    /**
     * Reads the job of a key.
     *
     * @throws MalformedException if it is none, or names a part that is none of the archive's
     */
    static RestoreJob parse(String key, byte[] text) throws MalformedException {
        RestoreJob job;
        try {
            JsonNode json = JSON.readTree(text);
            List<Part> parts = new ArrayList<>();
            json.path("parts")
                    .forEach(part -> parts.add(new Part(
                            part.path("partition").asText(),
                            part.path("sequence").asInt(-1),
                            part.path("key").asText())));
            job = new RestoreJob(json.path("id").asText(), RestoreRequest.parse(json.path("request")), parts);
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedException("it is no job of a restore");
        }
        if (!isId(job.id())
                || !key.endsWith("/" + job.id() + ENDING)
                || job.parts().size() > MOST_PARTS) {
            throw new MalformedException("it is no job of a restore");
        }
        for (Part part : job.parts()) {
            if (!part.isRight()) {
                throw new MalformedException("it names '" + part.key() + "', which is no part of the archive");
            }
        }
        return job;
    }
}
