package io.tributary.archive.compaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.Partition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one object of the archive holds, and of what it was made: enough to fetch any event by a range read, to prove that
 * nothing was changed, and to tell whether an object was archived already.
 *
 * @param sequence its number within the partition, from 0
 * @param previous the SHA-256 of the manifest before, in hexadecimal; empty for the first
 */
public record Manifest(Partition partition, int sequence, String previous, Part part, List<Source> sources) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;

    /**
     * The object.
     *
     * @param sha256 of its bytes, in hexadecimal
     */
    public record Part(String key, String etag, long size, String sha256, long crc32, long events) {}

    /**
     * An object that was joined into the part.
     *
     * @param offset where it begins in the part
     * @param sha256 of its bytes as stored
     * @param sha256Expanded of its bytes decompressed
     * @param firstTime of its events, epoch milliseconds
     */
    public record Source(
            String key,
            String etag,
            long offset,
            long length,
            String sha256,
            String sha256Expanded,
            long events,
            long firstTime,
            long lastTime,
            List<Member> members) {
        public Source {
            members = List.copyOf(members);
        }
    }

    /**
     * A gzip member: events of one log stream.
     *
     * @param offset where it begins in the part
     */
    public record Member(String account, String region, long offset, long length, long events) {}

    public Manifest {
        sources = List.copyOf(sources);
    }

    /** The key of a partition's manifest. */
    public static String key(Partition partition, int sequence) {
        return "%smanifest-%05d.json".formatted(partition.archive(), sequence);
    }

    /** Its JSON; the same manifest is always the same bytes. */
    public byte[] toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("version", VERSION)
                .put("source", partition.source())
                .put("date", partition.date().toString())
                .put("sequence", sequence)
                .put("previous_sha256", previous);
        json.putObject("part")
                .put("key", part.key())
                .put("etag", part.etag())
                .put("size", part.size())
                .put("sha256", part.sha256())
                .put("crc32", part.crc32())
                .put("events", part.events());
        ArrayNode array = json.putArray("objects");
        for (Source source : sources) {
            ObjectNode one = array.addObject()
                    .put("key", source.key())
                    .put("etag", source.etag())
                    .put("offset", source.offset())
                    .put("length", source.length())
                    .put("sha256", source.sha256())
                    .put("sha256_expanded", source.sha256Expanded())
                    .put("events", source.events())
                    .put("first_time", source.firstTime())
                    .put("last_time", source.lastTime());
            ArrayNode members = one.putArray("members");
            source.members()
                    .forEach(member -> members.addObject()
                            .put("account", member.account())
                            .put("region", member.region())
                            .put("offset", member.offset())
                            .put("length", member.length())
                            .put("events", member.events()));
        }
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException if it is none, or of a version that is not known
     */
    public static Manifest parse(Partition partition, byte[] text) throws IOException {
        JsonNode json = JSON.readTree(text);
        if (json.path("version").asInt() != VERSION) {
            throw new IOException(
                    "a manifest of version " + json.path("version").asText("?") + ", not " + VERSION);
        }
        JsonNode part = json.path("part");
        List<Source> sources = new ArrayList<>();
        for (JsonNode one : json.path("objects")) {
            List<Member> members = new ArrayList<>();
            for (JsonNode member : one.path("members")) {
                members.add(new Member(
                        member.path("account").asText(),
                        member.path("region").asText(),
                        member.path("offset").asLong(),
                        member.path("length").asLong(),
                        member.path("events").asLong()));
            }
            sources.add(new Source(
                    one.path("key").asText(),
                    one.path("etag").asText(),
                    one.path("offset").asLong(),
                    one.path("length").asLong(),
                    one.path("sha256").asText(),
                    one.path("sha256_expanded").asText(),
                    one.path("events").asLong(),
                    one.path("first_time").asLong(),
                    one.path("last_time").asLong(),
                    members));
        }
        return new Manifest(
                partition,
                json.path("sequence").asInt(),
                json.path("previous_sha256").asText(),
                new Part(
                        part.path("key").asText(),
                        part.path("etag").asText(),
                        part.path("size").asLong(),
                        part.path("sha256").asText(),
                        part.path("crc32").asLong(),
                        part.path("events").asLong()),
                sources);
    }
}
