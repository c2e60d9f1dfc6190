package io.tributary.archive.restore;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Chain;
import java.io.IOException;
import java.time.LocalDate;

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

    /** Calls back with each part that has wanted events, by source and day. */
    public void select(Query query, Visitor visitor) throws IOException {
        for (String source : query.wantedSources()) {
            for (LocalDate date : query.days().toList()) {
                Chain.read(store, new Partition(source, date), (manifest, digest, follows) -> {
                    Selection selection = Selection.of(manifest, query);
                    if (!selection.ranges().isEmpty()) {
                        visitor.part(selection);
                    }
                });
            }
        }
    }
}
