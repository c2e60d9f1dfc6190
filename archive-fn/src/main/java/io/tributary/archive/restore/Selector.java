package io.tributary.archive.restore;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Chain;
import java.io.IOException;
import java.util.List;

/** Finds the parts that have wanted events, by their manifests alone. */
public final class Selector {
    private final ArchiveStore store;

    public Selector(ArchiveStore store) {
        this.store = store;
    }

    /** What is called with each part that has wanted events. */
    public interface Visitor {
        void part(Selection selection) throws IOException;
    }

    /** Calls back with each part that has wanted events, by source and day. Days without an archive cost nothing. */
    public void select(Query query, Visitor visitor) throws IOException {
        for (String source : query.wantedSources()) {
            String root = Partition.MANIFESTS + "source=" + source + "/";
            String after = root + "date=" + query.firstDay();
            for (List<Partition> next = Partition.find(store, root, after, 1);
                    !next.isEmpty() && !next.get(0).date().isAfter(query.lastDay());
                    next = Partition.find(store, root, after, 1)) {
                Partition partition = next.get(0);
                after = Partition.pastAll(partition.manifests());
                Chain.read(store, partition, (manifest, digest, follows) -> {
                    Selection selection = Selection.of(manifest, query);
                    if (!selection.ranges().isEmpty()) {
                        visitor.part(selection);
                    }
                });
            }
        }
    }
}
