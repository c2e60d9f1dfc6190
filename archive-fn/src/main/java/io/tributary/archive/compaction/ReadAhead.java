package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Content;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Reads small objects, and looks through them, while those before them are being written. It hands them out in order, and holds no
 * more of them than {@link #MOST_BYTES}.
 */
final class ReadAhead implements AutoCloseable {
    private static final int MOST_OBJECTS = 4;
    private static final long MOST_BYTES = 16 << 20;

    /** A whole object. */
    record Whole(byte[] bytes, String version, Inspection inspection) {}

    private record Reading(long size, Future<Whole> whole) {}

    private final ArchiveStore store;
    private final Partition partition;
    private final ExecutorService executor;
    private final Deque<Entry> entries;
    private final Deque<Reading> readings = new ArrayDeque<>();
    private long bytes;

    /** @param entries the objects that {@link #next} will be called for, in this order */
    ReadAhead(ArchiveStore store, Partition partition, ExecutorService executor, List<Entry> entries) {
        this.store = store;
        this.partition = partition;
        this.executor = executor;
        this.entries = new ArrayDeque<>(entries);
    }

    /** The next object. */
    Whole next() throws IOException, MalformedObjectException {
        while (!entries.isEmpty()
                && (readings.isEmpty()
                        || readings.size() < MOST_OBJECTS
                                && bytes + entries.element().size() <= MOST_BYTES)) {
            Entry entry = entries.remove();
            bytes += entry.size();
            readings.add(new Reading(entry.size(), executor.submit(() -> read(entry))));
        }
        Reading reading = readings.remove();
        bytes -= reading.size();
        return Outcomes.of(reading.whole());
    }

    private Whole read(Entry entry) throws IOException, MalformedObjectException {
        try (Content in = store.open(entry.key(), entry.etag(), 0, entry.size());
                Inspection inspection = new Inspection(partition)) {
            byte[] content = in.readNBytes((int) entry.size());
            if (content.length < entry.size()) {
                throw new EOFException(entry.key() + ": S3 sent less than it has");
            }
            inspection.pass(content, content.length);
            inspection.finish();
            return new Whole(content, in.version(), inspection);
        }
    }

    /** What is being read is not waited for, but its outcome is not wanted any more. */
    @Override
    public void close() {
        readings.forEach(reading -> reading.whole().cancel(true));
    }

    /** What another thread has done. */
    static final class Outcomes {
        private Outcomes() {}

        static <T> T of(Future<T> future) throws IOException, MalformedObjectException {
            try {
                return future.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failure) {
                    throw failure;
                }
                if (e.getCause() instanceof MalformedObjectException malformed) {
                    throw malformed;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
