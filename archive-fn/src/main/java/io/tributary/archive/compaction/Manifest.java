package io.tributary.archive.compaction;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem.Kind;
import io.tributary.archive.StorageClass;
import io.tributary.archive.Term;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one object of the archive holds, and of what it was made: enough to fetch any event by a range read, to prove that
 * nothing was changed, and to tell whether an object was archived already.
 *
 * @param sequence its number within the partition, from 0
 * @param previous the SHA-256 of the manifest before, in hexadecimal; empty for the first
 * @param previousTerm how long the one before is kept, which tells a beginning that has expired from one that was deleted; empty if it is not known
 * @param term how long it is kept; empty if it is not known
 */
public record Manifest(
        Partition partition,
        int sequence,
        String previous,
        Optional<Term> previousTerm,
        Optional<Term> term,
        Part part,
        List<Source> sources) {
    /** The highest number. */
    static final int MOST = 99_999_999;

    /** No manifest is larger; what is may not be read into memory. */
    private static final long MOST_BYTES = 256L << 20;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;
    private static final String DONE = ".done";
    private static final Pattern KEY = Pattern.compile(".*/manifest-(\\d{8})\\.json");
    private static final Pattern PART = Pattern.compile("part-(\\d{8})-[A-Za-z0-9-]{1,64}\\.ndjson\\.gz");

    /**
     * The object.
     *
     * @param storageClass that it was written to; lifecycle rules may have moved it since
     * @param sha256 of its bytes, in hexadecimal
     */
    public record Part(
            String key, String etag, StorageClass storageClass, long size, String sha256, long crc32, long events) {
        void write(JsonGenerator json) throws IOException {
            json.writeObjectFieldStart("part");
            json.writeStringField("key", key);
            json.writeStringField("etag", etag);
            json.writeStringField("storage_class", storageClass.name());
            json.writeNumberField("size", size);
            json.writeStringField("sha256", sha256);
            json.writeNumberField("crc32", crc32);
            json.writeNumberField("events", events);
            json.writeEndObject();
        }

        static Part read(JsonNode json) {
            return new Part(
                    json.path("key").asText(),
                    json.path("etag").asText(),
                    StorageClass.valueOf(json.path("storage_class").asText()),
                    json.path("size").asLong(),
                    json.path("sha256").asText(),
                    json.path("crc32").asLong(),
                    json.path("events").asLong());
        }
    }

    /**
     * An object that was joined into the part.
     *
     * @param version its version id; empty where the bucket has none
     * @param offset where it begins in the part
     * @param sha256 of its bytes as stored
     * @param sha256Expanded of its bytes decompressed
     * @param firstTime of its events, epoch milliseconds
     */
    public record Source(
            String key,
            String etag,
            String version,
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

        private void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("key", key);
            json.writeStringField("etag", etag);
            json.writeStringField("version", version);
            json.writeNumberField("offset", offset);
            json.writeNumberField("length", length);
            json.writeStringField("sha256", sha256);
            json.writeStringField("sha256_expanded", sha256Expanded);
            json.writeNumberField("events", events);
            json.writeNumberField("first_time", firstTime);
            json.writeNumberField("last_time", lastTime);
            json.writeArrayFieldStart("members");
            for (Member member : members) {
                json.writeStartObject();
                json.writeStringField("account", member.account());
                json.writeStringField("region", member.region());
                json.writeNumberField("offset", member.offset());
                json.writeNumberField("length", member.length());
                json.writeNumberField("events", member.events());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }

        private static Source read(JsonNode json) {
            List<Member> members = new ArrayList<>();
            for (JsonNode member : json.path("members")) {
                members.add(new Member(
                        member.path("account").asText(),
                        member.path("region").asText(),
                        member.path("offset").asLong(),
                        member.path("length").asLong(),
                        member.path("events").asLong()));
            }
            return new Source(
                    json.path("key").asText(),
                    json.path("etag").asText(),
                    json.path("version").asText(),
                    json.path("offset").asLong(),
                    json.path("length").asLong(),
                    json.path("sha256").asText(),
                    json.path("sha256_expanded").asText(),
                    json.path("events").asLong(),
                    json.path("first_time").asLong(),
                    json.path("last_time").asLong(),
                    members);
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
        return "%smanifest-%08d.json".formatted(partition.manifests(), sequence);
    }

    /** The number of a manifest, by its key; empty if the key is of something else. */
    public static OptionalInt sequence(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    /** The key of what says that the sources of a manifest are deleted. */
    static String doneKey(Partition partition, int sequence) {
        return key(partition, sequence) + DONE;
    }

    /** The number of the manifest whose sources are deleted, by the key of what says so; empty if the key is of something else. */
    public static OptionalInt doneSequence(String key) {
        return key.endsWith(DONE) ? sequence(key.substring(0, key.length() - DONE.length())) : OptionalInt.empty();
    }

    /** The number that a part was made for, by its key; empty if the key is of no part of the partition. */
    public static OptionalInt partSequence(Partition partition, String key) {
        String folder = partition.archive();
        Matcher matcher = PART.matcher(key.startsWith(folder) ? key.substring(folder.length()) : "");
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    /** Its JSON; the same manifest is always the same bytes. */
    public byte[] toJson() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeStringField("source", partition.source());
            json.writeStringField("date", partition.date().toString());
            json.writeNumberField("sequence", sequence);
            json.writeStringField("previous_sha256", previous);
            write(json, "previous_", previousTerm);
            write(json, "", term);
            part.write(json);
            json.writeArrayFieldStart("objects");
            for (Source source : sources) {
                source.write(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, String prefix, Optional<Term> term) throws IOException {
        if (term.isPresent()) {
            json.writeStringField(prefix + "made", term.get().made().toString());
            json.writeStringField(prefix + "kept_until", term.get().until().toString());
        }
    }

    /**
     * Reads the manifest of a partition and number.
     *
     * @throws MalformedManifestException if it is none, of a version that is not known, of another partition or number, or if it names
     *     what is not of its partition
     */
    public static Manifest parse(Partition partition, int sequence, byte[] text) throws MalformedManifestException {
        Manifest manifest;
        try {
            manifest = parse(partition, text);
        } catch (MalformedManifestException e) {
            throw e;
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            throw unreadable("it is no manifest (" + e.getClass().getSimpleName() + ")");
        }
        if (manifest.sequence() != sequence) {
            throw unreadable("it is the manifest of number " + manifest.sequence());
        }
        manifest.check();
        return manifest;
    }

    private static MalformedManifestException unreadable(String reason) {
        return new MalformedManifestException(Kind.MANIFEST_UNREADABLE, reason);
    }

    /** That an object of this size may be read into memory. */
    static void checkSize(long size) throws MalformedManifestException {
        if (size > MOST_BYTES) {
            throw unreadable("it has " + size + " bytes, which no manifest has");
        }
    }

    /** Whoever wrote it has not to be who should: nothing that it names may lead out of its partition, or out of its part. */
    private void check() throws MalformedManifestException {
        if (partSequence(partition, part.key()).isEmpty()) {
            throw outside(part.key());
        }
        if (part.size() < 0 || sources.isEmpty()) {
            throw unreadable("it names no objects");
        }
        for (Source source : sources) {
            if (!source.key().startsWith(partition.loose()) || !ArchiveStore.isPlain(source.key())) {
                throw outside(source.key());
            }
            boolean isWithin = isWithinPart(source.offset(), source.length());
            for (Member member : source.members()) {
                isWithin &= isWithinPart(member.offset(), member.length());
            }
            if (!isWithin) {
                throw unreadable("what it names is not within its part");
            }
        }
    }

    private static MalformedManifestException outside(String key) {
        return new MalformedManifestException(
                Kind.MANIFEST_OUTSIDE, "it names '" + key + "', which is not of its partition");
    }

    private boolean isWithinPart(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= part.size() && length <= part.size() - offset;
    }

    private static Manifest parse(Partition partition, byte[] text) throws IOException {
        ObjectNode head = JSON.createObjectNode();
        List<Source> sources = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw unreadable("it is no JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("objects") && value == JsonToken.START_ARRAY) {
                    // one by one: a tree of all of them takes ten times their room
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        sources.add(Source.read(JSON.readTree(parser)));
                    }
                } else {
                    head.set(name, JSON.<JsonNode>readTree(parser));
                }
            }
        }
        if (head.path("version").asInt() != VERSION) {
            throw unreadable("it is of version " + head.path("version").asText("?") + ", not " + VERSION);
        }
        if (!head.path("source").asText().equals(partition.source())
                || !head.path("date").asText().equals(partition.date().toString())) {
            throw unreadable("it is the manifest of another partition");
        }
        JsonNode part = head.path("part");
        return new Manifest(
                partition,
                head.path("sequence").asInt(-1),
                head.path("previous_sha256").asText(),
                term(head, "previous_"),
                term(head, ""),
                Part.read(part),
                sources);
    }

    private static Optional<Term> term(JsonNode json, String prefix) {
        return json.has(prefix + "kept_until")
                ? Optional.of(new Term(
                        Instant.parse(json.path(prefix + "made").asText()),
                        Instant.parse(json.path(prefix + "kept_until").asText())))
                : Optional.empty();
    }
}
