package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Cuts a partition into work items that one invocation can finish, by bytes and by number. It reads the listing page by page and
 * keeps none of it.
 */
public final class Planner {
    /** Few and large, as Glacier wants them, and done within minutes. */
    private static final long USUAL_BYTES = 512L << 20;

    /** A manifest of so many objects has some megabytes. */
    private static final int USUAL_OBJECTS = 5_000;

    private final ArchiveStore store;
    private final long mostBytes;
    private final int mostObjects;

    /** A planner of items that one invocation of the function can finish. */
    public Planner(ArchiveStore store) {
        this(store, USUAL_BYTES, USUAL_OBJECTS);
    }

    /**
     * A planner.
     *
     * @param mostBytes an item ends with the object that passes so many bytes
     * @param mostObjects an item has at most so many objects
     */
    public Planner(ArchiveStore store, long mostBytes, int mostObjects) {
        this.store = store;
        this.mostBytes = mostBytes;
        this.mostObjects = mostObjects;
    }

    /** Plans what is in a partition after a key; empty for all. */
    public void plan(Partition partition, String after, Consumer<WorkItem> items) throws IOException {
        Optional<String> unused = plan(partition, after, items, () -> false);
    }

    /**
     * Plans what is in a partition after a key, page by page, until it has to stop.
     *
     * @param after where planning stopped before; empty for all
     * @param stop asked after each item
     * @return the last key that was planned, if it stopped
     */
    public Optional<String> plan(Partition partition, String after, Consumer<WorkItem> items, BooleanSupplier stop)
            throws IOException {
        String first = "";
        String last = after;
        long bytes = 0;
        int objects = 0;
        List<Entry> page = store.list(partition.loose(), after);
        while (!page.isEmpty()) {
            for (Entry entry : page) {
                if (first.isEmpty()) {
                    first = entry.key();
                }
                last = entry.key();
                bytes += entry.size();
                objects++;
                if (bytes >= mostBytes || objects >= mostObjects) {
                    items.accept(new WorkItem(partition, first, last));
                    first = "";
                    bytes = 0;
                    objects = 0;
                    if (stop.getAsBoolean()) {
                        return Optional.of(last);
                    }
                }
            }
            page = store.list(partition.loose(), last);
        }
        if (!first.isEmpty()) {
            items.accept(new WorkItem(partition, first, last));
        }
        return Optional.empty();
    }
}
