package io.tributary.archive.restore;

import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Chains.Orphan;
import io.tributary.archive.compaction.Manifest;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds the parts that have wanted events, by their manifests alone. Of parts whose manifests are lost nobody knows, so they may have some. What
 * is wrong is told; everything else is found all the same.
 */
public final class Selector {
    private final Chains chains;

    public Selector(Chains chains) {
        this.chains = chains;
    }

    /** What is called with each part that has wanted events, and is there. */
    public interface Visitor extends Chains.Problems {
        void part(Selection selection, Entry entry) throws IOException;
    }

    /** Calls back with each part that has wanted events, by source and day. Days without an archive cost nothing. */
    public void select(Query query, Visitor visitor) throws IOException {
        for (String source : query.wantedSources()) {
            String below = "source=" + source + "/";
            String after = below + "date=" + query.firstDay();
            for (Optional<Partition> next = chains.next(below, after);
                    next.isPresent() && !next.get().date().isAfter(query.lastDay());
                    next = chains.next(below, after)) {
                after = Chains.past(next.get());
                chains.read(next.get(), new Wanted(query, visitor));
            }
        }
    }

    private final class Wanted implements Chains.Visitor {
        private final Query query;
        private final Visitor visitor;

        Wanted(Query query, Visitor visitor) {
            this.query = query;
            this.visitor = visitor;
        }

        @Override
        public void manifest(Manifest manifest, String digest) throws IOException {
            Selection selection = Selection.of(manifest, query);
            if (!selection.ranges().isEmpty()) {
                Optional<Entry> part = chains.part(manifest, visitor);
                if (part.isPresent()) {
                    visitor.part(selection, part.get());
                }
            }
        }

        @Override
        public void orphan(Orphan orphan) throws IOException {
            visitor.part(Selection.of(orphan), orphan.part());
        }

        @Override
        public void problem(Problem problem) throws IOException {
            visitor.problem(problem);
        }
    }
}
