package io.tributary.archive.compaction;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import io.tributary.archive.Term;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Heads of chains as small objects of a store of their own, a bucket or a folder, each made once ({@code If-None-Match}) and never written again:
 *
 * <pre>
 * heads/&lt;archive&gt;/source=…/date=…/00000003.json                the manifest that has number 3
 * announced/&lt;archive&gt;/source=…/date=…/00000003-&lt;SHA-256&gt;   a manifest that was about to become number 3
 * </pre>
 *
 * It lists, reads and makes objects; it needs no permission to replace or delete any.
 */
public final class StoredChainHeads implements ChainHeads {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;
    private static final int DIGITS = 8;
    private static final String ENDING = ".json";

    private final ArchiveStore store;
    private final String heads;
    private final String announced;

    /**
     * Heads of an archive.
     *
     * @param archive the archive's name, since a store may have heads of several; empty if it has those of one
     */
    public StoredChainHeads(ArchiveStore store, String archive) {
        String name = archive.isEmpty() ? "" : archive + "/";
        this.store = store;
        this.heads = "heads/" + name;
        this.announced = "announced/" + name;
    }

    @Override
    public boolean areKept() {
        return true;
    }

    private String headKey(Partition partition, int sequence) {
        return "%s%s%08d%s".formatted(heads, partition.folder(), sequence, ENDING);
    }

    private String announcedKey(Partition partition, int sequence, String digest) {
        return "%s%s%08d-%s".formatted(announced, partition.folder(), sequence, digest);
    }

    @Override
    public void announce(Partition partition, int sequence, String digest) throws IOException {
        store.create(announcedKey(partition, sequence, digest), new byte[0]);
    }

    @Override
    public boolean isAnnounced(Partition partition, int sequence, String digest) throws IOException {
        return store.find(announcedKey(partition, sequence, digest)).isPresent();
    }

    @Override
    public Head settle(Head head) throws IOException {
        return store.create(headKey(head.partition(), head.sequence()), toJson(head))
                ? head
                : head(head.partition(), head.sequence());
    }

    @Override
    public List<Integer> sequences(Partition partition) throws IOException {
        String prefix = heads + partition.folder();
        List<Integer> sequences = new ArrayList<>();
        for (Entry entry : store.all(prefix)) {
            String name = entry.key().substring(prefix.length());
            if (name.matches("\\d{8}\\.json")) {
                sequences.add(Integer.parseInt(name.substring(0, DIGITS)));
            }
        }
        return sequences;
    }

    @Override
    public Head head(Partition partition, int sequence) throws IOException {
        String key = headKey(partition, sequence);
        Entry entry = store.find(key).orElseThrow(() -> new IOException(key + " is gone"));
        JsonNode json = JSON.readTree(store.read(entry));
        try {
            if (json.path("version").asInt() != VERSION || json.path("sequence").asInt(-1) != sequence) {
                throw new IOException(key + " is no head of a chain");
            }
            return new Head(
                    partition,
                    sequence,
                    json.path("manifest_sha256").asText(),
                    json.has("kept_until")
                            ? Optional.of(new Term(
                                    Instant.parse(json.path("made").asText()),
                                    Instant.parse(json.path("kept_until").asText())))
                            : Optional.empty(),
                    Manifest.Part.read(json.path("part")));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IOException(key + " is no head of a chain", e);
        }
    }

    @Override
    public Optional<Partition> next(String below, String after) throws IOException {
        String from = after.isEmpty() ? "" : heads + after;
        for (List<Entry> page = store.list(heads + below, from);
                !page.isEmpty();
                page = store.list(heads + below, from)) {
            for (Entry entry : page) {
                from = entry.key();
                String folder = from.substring(heads.length());
                Optional<Partition> partition =
                        Partition.lookUp(Partition.MANIFESTS + folder).filter(own -> folder.startsWith(own.folder()));
                if (partition.isPresent()) {
                    return partition;
                }
            }
        }
        return Optional.empty();
    }

    private static byte[] toJson(Head head) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeNumberField("sequence", head.sequence());
            json.writeStringField("manifest_sha256", head.digest());
            if (head.term().isPresent()) {
                json.writeStringField("made", head.term().get().made().toString());
                json.writeStringField("kept_until", head.term().get().until().toString());
            }
            head.part().write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
