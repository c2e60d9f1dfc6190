package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The manifests of a partition, each naming the one before by its digest. Whoever makes the next one first has archived what it
 * names: that is the only step that counts.
 */
public final class Chain {
    private final Partition partition;
    private final List<Manifest> manifests = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> archived = new HashMap<>();
    private String last = "";

    private Chain(Partition partition) {
        this.partition = partition;
    }

    /** Reads all manifests of a partition. */
    public static Chain read(ArchiveStore store, Partition partition) throws IOException {
        Chain chain = new Chain(partition);
        while (true) {
            String key = Manifest.key(partition, chain.manifests.size());
            Optional<Entry> entry = store.find(key);
            if (entry.isEmpty()) {
                return chain;
            }
            try (InputStream in =
                    store.open(key, entry.get().etag(), 0, entry.get().size())) {
                chain.add(key, in.readAllBytes());
            }
        }
    }

    private void add(String key, byte[] text) throws IOException {
        Manifest manifest = Manifest.parse(partition, text);
        if (!manifest.previous().equals(last) || manifest.sequence() != manifests.size()) {
            problems.add(key + " does not follow the manifest before it: one of them was changed");
        }
        manifests.add(manifest);
        manifest.sources().forEach(source -> archived.put(source.key(), source.etag()));
        last = Digests.sha256(text);
    }

    public List<Manifest> manifests() {
        return List.copyOf(manifests);
    }

    /** What is wrong with the chain itself; empty if nothing is. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** The digest of the last manifest, in hexadecimal; empty if there is none. */
    public String last() {
        return last;
    }

    /** Whether an object, with this content, was archived. */
    boolean has(Entry entry) {
        return entry.etag().equals(archived.get(entry.key()));
    }
}
