package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The manifests of a partition, each naming the one before by its digest. Whoever makes the next one first has archived what it
 * names: that is the only step that counts. When the sources of a manifest are deleted, an empty object beside it says so, so that
 * nobody has to look for them again.
 */
public final class Chain {
    private Chain() {}

    /**
     * Where the next manifest goes.
     *
     * @param next its number
     * @param last the digest of the one before; empty if there is none
     * @param unfinished manifests whose sources may not be deleted yet
     */
    record End(int next, String last, List<Manifest> unfinished) {
        End {
            unfinished = List.copyOf(unfinished);
        }

        /** The content of objects that are archived and may still be there, by key. */
        Map<String, String> archived() {
            Map<String, String> archived = new HashMap<>();
            unfinished.forEach(
                    manifest -> manifest.sources().forEach(source -> archived.put(source.key(), source.etag())));
            return archived;
        }
    }

    /** Looks at the end of a chain: reads its last manifest and those that are not finished, and of the others their names. */
    static End end(ArchiveStore store, Partition partition) throws IOException {
        int next = 0;
        Set<Integer> unfinished = new HashSet<>();
        String manifests = partition.manifests() + "manifest-";
        String after = "";
        for (List<Entry> page = store.list(manifests, after); !page.isEmpty(); page = store.list(manifests, after)) {
            for (Entry entry : page) {
                after = entry.key();
                Manifest.doneSequence(after).ifPresent(unfinished::remove);
                OptionalInt sequence = Manifest.sequence(after);
                if (sequence.isPresent()) {
                    next = Math.max(next, sequence.getAsInt() + 1);
                    unfinished.add(sequence.getAsInt());
                }
            }
        }
        List<Manifest> open = new ArrayList<>();
        for (int sequence : unfinished.stream().sorted().toList()) {
            open.add(Manifest.parse(partition, read(store, partition, sequence)));
        }
        return new End(next, next == 0 ? "" : Digests.sha256(read(store, partition, next - 1)), open);
    }

    private static byte[] read(ArchiveStore store, Partition partition, int sequence) throws IOException {
        String key = Manifest.key(partition, sequence);
        return read(store, store.find(key).orElseThrow(() -> new IOException(key + " is gone")));
    }

    /** Reads a small object. */
    public static byte[] read(ArchiveStore store, Entry entry) throws IOException {
        try (InputStream in = store.open(entry.key(), entry.etag(), 0, entry.size())) {
            return in.readAllBytes();
        }
    }

    /** What is called with each manifest of a chain. */
    public interface Visitor {
        /**
         * The next manifest.
         *
         * @param digest its own
         * @param follows whether it names the one before it, which is there
         */
        void manifest(Manifest manifest, String digest, boolean follows) throws IOException;
    }

    /**
     * Reads the manifests of a partition, one at a time, in order, to the first number that is not there.
     *
     * @return the digest of the last; empty if there is none
     */
    public static String read(ArchiveStore store, Partition partition, Visitor visitor) throws IOException {
        String last = "";
        for (int sequence = 0; ; sequence++) {
            Optional<Entry> entry = store.find(Manifest.key(partition, sequence));
            if (entry.isEmpty()) {
                return last;
            }
            byte[] text = read(store, entry.get());
            Manifest manifest = Manifest.parse(partition, text);
            String digest = Digests.sha256(text);
            visitor.manifest(manifest, digest, manifest.previous().equals(last) && manifest.sequence() == sequence);
            last = digest;
        }
    }

    /** All manifests at once, for partitions that are known to be small. */
    public static List<Manifest> manifests(ArchiveStore store, Partition partition) throws IOException {
        List<Manifest> manifests = new ArrayList<>();
        read(store, partition, (manifest, digest, follows) -> manifests.add(manifest));
        return manifests;
    }
}
