package io.tributary.archive.replay;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Content;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Chain;
import io.tributary.archive.compaction.Manifest;
import io.tributary.archive.replay.ReplayedDocument.Reader;
import io.tributary.archive.restore.Query;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.Selection;
import io.tributary.archive.restore.Selection.Range;
import io.tributary.stream.Deadline;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads wanted events and hands them to a sink, range by range. Before its time is up it stops, and tells where to go on; whoever
 * repeats a piece puts the same events again, which their {@code metadata.uid} makes harmless.
 */
public final class Replayer {
    /** What a range, or a few objects, take at most. */
    private static final Duration RESERVED = Duration.ofMinutes(2);

    /** Firehose names folders by when it wrote, which is up to a buffer's time after the record came. */
    private static final Duration BUFFERED = Duration.ofHours(1);

    private static final Pattern POSITION = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})");
    private static final Pattern HOUR = Pattern.compile("/(\\d{4})/(\\d{2})/(\\d{2})/(\\d{2})/[^/]+$");

    /**
     * Where a replay goes on.
     *
     * @param part the number of the job's part
     * @param range the number of its range
     */
    public record Position(int part, int range) {
        /** The beginning. */
        public static final Position START = new Position(0, 0);

        /**
         * Reads what {@link #toString} wrote.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static Position parse(String text) {
            Matcher matcher = POSITION.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("'" + text + "' is no place of a replay, such as 3.17");
            }
            return new Position(number(matcher, 1), number(matcher, 2));
        }

        @Override
        public String toString() {
            return part + "." + range;
        }
    }

    /** What was done, for people to read. */
    public interface Report {
        /** An object that is not what it should be; it stays where it is. */
        void unreadable(String key, String reason);

        /**
         * How much was done.
         *
         * @param where what a replay goes on after
         */
        void progress(long events, String where);
    }

    private final ArchiveStore store;
    private final EventSink sink;
    private final Report report;
    private final Deadline deadline;
    private final Reader reader = new Reader();
    private long events;

    /** A replayer, for one thread. */
    public Replayer(ArchiveStore store, EventSink sink, Report report, Deadline deadline) {
        this.store = store;
        this.sink = sink;
        this.report = report;
        this.deadline = deadline;
    }

    /** How many events, or records, were handed to the sink so far. */
    public long events() {
        return events;
    }

    private boolean isTimeUp() {
        return deadline.remainingMillis() < RESERVED.toMillis();
    }

    /**
     * Replays the events of a job, all of whose parts can be read.
     *
     * @return where to go on; empty at the end
     * @throws IOException if a part cannot be read, or the sink takes no more: the call is to be repeated
     */
    public Optional<Position> events(RestoreJob job, Position start) throws IOException {
        Query query = job.request().query();
        int range = start.range();
        for (int part = start.part(); part < job.parts().size(); part++) {
            Selection selection = Selection.of(manifest(job.parts().get(part)), query);
            for (; range < selection.ranges().size(); range++) {
                if (isTimeUp()) {
                    return Optional.of(new Position(part, range));
                }
                range(selection.part(), selection.ranges().get(range), query);
                sink.flush();
                report.progress(events, new Position(part, range + 1).toString());
            }
            range = 0;
        }
        return Optional.empty();
    }

    private Manifest manifest(RestoreJob.Part part) throws IOException {
        Partition partition = part.of();
        String key = Manifest.key(partition, part.sequence());
        Entry entry = store.find(key).orElseThrow(() -> new IOException(key + " is gone"));
        return Manifest.parse(partition, Chain.read(store, entry));
    }

    private void range(Manifest.Part part, Range range, Query query) throws IOException {
        try (Content in = store.open(part.key(), part.etag(), range.offset(), range.length());
                InputStream expanded = in.expanded()) {
            lines(expanded, line -> {
                Optional<ReplayedDocument> document = reader.read(line, 0, line.length);
                if (document.isPresent()
                        && query.wants(document.get().time(), document.get().account())) {
                    sink.document(document.get());
                    events++;
                }
            });
        }
    }

    private static void lines(InputStream text, RecordSplitter.Visitor visitor) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
        byte[] buffer = new byte[64 << 10];
        for (int length = text.read(buffer); length >= 0; length = text.read(buffer)) {
            int from = 0;
            for (int i = 0; i < length; i++) {
                if (buffer[i] == '\n') {
                    line.write(buffer, from, i - from);
                    visitor.record(line.toByteArray());
                    line.reset();
                    from = i + 1;
                }
            }
            line.write(buffer, from, length - from);
        }
        if (line.size() > 0) {
            visitor.record(line.toByteArray());
        }
    }

    /**
     * Replays what Firehose wrote of source records, or of those that failed, within a time.
     *
     * @param root {@code raw/} or {@code failed/}
     * @param after the key after which to begin; empty for all
     * @return the key after which to go on; empty at the end
     * @throws IOException if an object cannot be read, or the sink takes no more: the call is to be repeated
     */
    public Optional<String> records(String root, Instant from, Instant to, String after) throws IOException {
        String last = after;
        for (List<Entry> page = store.list(root, last); !page.isEmpty(); page = store.list(root, last)) {
            for (Entry entry : page) {
                if (isWithin(entry.key(), from, to)) {
                    if (isTimeUp()) {
                        return Optional.of(last);
                    }
                    records(entry, root.equals("failed/"));
                    sink.flush();
                    report.progress(events, entry.key());
                }
                last = entry.key();
            }
        }
        return Optional.empty();
    }

    private static boolean isWithin(String key, Instant from, Instant to) {
        Matcher matcher = HOUR.matcher(key);
        if (!matcher.find() || key.startsWith("failed/compaction/")) {
            return false;
        }
        Instant hour = LocalDateTime.of(
                        number(matcher, 1), number(matcher, 2), number(matcher, 3), number(matcher, 4), 0)
                .toInstant(ZoneOffset.UTC);
        return hour.isBefore(to.plus(BUFFERED)) && !hour.plus(BUFFERED).isBefore(from);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private void records(Entry entry, boolean areFailed) throws IOException {
        try (InputStream in = new BufferedInputStream(store.open(entry.key(), entry.etag(), 0, entry.size()))) {
            if (areFailed) {
                lines(in, line -> failed(entry.key(), line));
            } else {
                new RecordSplitter().split(in, this::record);
            }
        } catch (UnreadableRecordsException e) {
            report.unreadable(entry.key(), e.getMessage());
        }
    }

    private void record(byte[] data) throws IOException {
        sink.record(data);
        events++;
    }

    /** A record that could not be transformed is put back as it came, a document that could not be indexed as such. */
    private void failed(String key, byte[] line) throws IOException {
        Optional<byte[]> data = FailedRecord.unwrap(line);
        if (data.isEmpty()) {
            report.unreadable(key, "a line that Firehose has not written");
            return;
        }
        Optional<ReplayedDocument> document = reader.read(data.get(), 0, data.get().length);
        if (document.isPresent()) {
            sink.document(document.get());
            events++;
        } else {
            record(data.get());
        }
    }
}
