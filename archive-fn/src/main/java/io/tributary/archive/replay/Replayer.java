package io.tributary.archive.replay;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.ChangedException;
import io.tributary.archive.ArchiveStore.Content;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.RefusedException;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.Problem.Kind;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Chains.Orphan;
import io.tributary.archive.compaction.MalformedObjectException;
import io.tributary.archive.compaction.Manifest;
import io.tributary.archive.compaction.Parts;
import io.tributary.archive.replay.ReplayedDocument.Reader;
import io.tributary.archive.restore.Query;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.Selection;
import io.tributary.archive.restore.Selection.Range;
import io.tributary.stream.Deadline;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * Reads wanted events and hands them to a sink, range by range. Before its time is up it stops, and tells where to go on; whoever
 * repeats a piece puts the same events again, which their {@code metadata.uid} makes harmless.
 */
public final class Replayer {
    /** What a range, or a few objects, take at most. */
    private static final Duration RESERVED = Duration.ofMinutes(2);

    /** Firehose names folders by when it wrote, which is up to a buffer's time after the record came. */
    private static final Duration BUFFERED = Duration.ofHours(1);

    /** No document has more, nor what Firehose wraps a record in. */
    private static final int MOST_LINE = 64 << 20;

    private static final String TOO_LONG = "a line that is longer than any document";

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
    public interface Report extends Chains.Problems {
        /** An object that is not what it should be; it stays where it is. */
        void unreadable(String key, String reason);

        /**
         * How much was done.
         *
         * @param where what a replay goes on after
         */
        void progress(long events, String where);
    }

    private final Chains chains;
    private final ArchiveStore store;
    private final EventSink sink;
    private final Report report;
    private final Deadline deadline;
    private final Reader reader = new Reader();
    private long events;

    /** A replayer, for one thread. */
    public Replayer(Chains chains, EventSink sink, Report report, Deadline deadline) {
        this.chains = chains;
        this.store = chains.store();
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
     * Replays the events of a job, all of whose parts can be read. What is wrong with one of them is told, and the others are replayed.
     *
     * @return where to go on; empty at the end
     * @throws IOException if S3 fails, or the sink takes no more: the call is to be repeated
     */
    public Optional<Position> events(RestoreJob job, Position start) throws IOException {
        Query query = job.request().query();
        int range = start.range();
        for (int part = start.part(); part < job.parts().size(); part++) {
            if (isTimeUp()) {
                return Optional.of(new Position(part, range));
            }
            Optional<Selection> selection = selection(job.parts().get(part), query);
            Optional<Position> stopped =
                    selection.isPresent() ? part(selection.get(), query, part, range) : Optional.empty();
            if (stopped.isPresent()) {
                return stopped;
            }
            range = 0;
        }
        return Optional.empty();
    }

    private Optional<Position> part(Selection selection, Query query, int part, int from) throws IOException {
        for (int range = from; range < selection.ranges().size(); range++) {
            // the first was begun in time
            if (range > from && isTimeUp()) {
                return Optional.of(new Position(part, range));
            }
            Optional<Problem> problem =
                    range(selection.part(), selection.ranges().get(range), query);
            sink.flush();
            report.progress(events, new Position(part, range + 1).toString());
            if (problem.isPresent()) {
                report.problem(problem.get());
                if (problem.get().kind() != Kind.PART_CHANGED) {
                    return Optional.empty(); // none of it can be read
                }
            }
        }
        return Optional.empty();
    }

    /** What is wanted of a part: as its manifest says or, if that is lost, as the part itself shows. */
    private Optional<Selection> selection(RestoreJob.Part part, Query query) throws IOException {
        Partition partition = part.of();
        List<Problem> problems = new ArrayList<>();
        Optional<Manifest> manifest = chains.manifest(partition, part.sequence(), problems::add);
        if (manifest.isPresent() && manifest.get().part().key().equals(part.key())) {
            return chains.part(manifest.get(), report).map(there -> Selection.of(manifest.get(), query));
        }
        List<Orphan> orphans = new ArrayList<>();
        chains.read(partition, new Chains.Visitor() {
            @Override
            public void manifest(Manifest other, String digest) {}

            @Override
            public void orphan(Orphan orphan) {
                if (orphan.part().key().equals(part.key())) {
                    orphans.add(orphan);
                }
            }

            @Override
            public void problem(Problem problem) {
                if (problem.file().equals(part.key())) {
                    problems.add(problem);
                }
            }
        });
        if (orphans.isEmpty() && problems.isEmpty()) {
            problems.add(new Problem(Kind.PART_REPLACED, part.key(), "its manifest names another part"));
        }
        for (Problem problem : problems) {
            report.problem(problem);
        }
        return orphans.isEmpty() ? Optional.empty() : inspect(orphans.get(0), query);
    }

    private Optional<Selection> inspect(Orphan orphan, Query query) throws IOException {
        Entry entry = orphan.part();
        try {
            Manifest manifest = Parts.inspect(store, orphan.partition(), orphan.sequence(), entry);
            return Optional.of(Selection.of(manifest, query));
        } catch (MalformedObjectException e) {
            report.problem(new Problem(Kind.PART_CHANGED, entry.key(), e.getMessage()));
        } catch (RefusedException e) {
            report.problem(new Problem(Kind.PART_REFUSED, entry.key(), e.getMessage()));
        } catch (ChangedException e) {
            report.problem(new Problem(Kind.PART_MISSING, entry.key(), e.getMessage()));
        }
        return Optional.empty();
    }

    /** Puts the wanted documents of a range; returns what is wrong with the part, if that shows. */
    private Optional<Problem> range(Manifest.Part part, Range range, Query query) throws IOException {
        long[] count = {0};
        try (Content in = store.open(part.key(), part.etag(), range.offset(), range.length());
                InputStream expanded = counted(in, count).expanded()) {
            lines(
                    expanded,
                    line -> {
                        Optional<ReplayedDocument> document = reader.read(line, 0, line.length);
                        if (document.isPresent()
                                && query.wants(
                                        document.get().time(), document.get().account())) {
                            sink.document(document.get());
                            events++;
                        }
                    },
                    () -> report.unreadable(part.key(), TOO_LONG));
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(new Problem(Kind.PART_REFUSED, part.key(), e.getMessage()));
        } catch (ChangedException e) {
            return Optional.of(new Problem(Kind.PART_MISSING, part.key(), e.getMessage()));
        } catch (EOFException | ZipException e) {
            if (count[0] < range.length()) {
                throw new IOException(part.key() + ": S3 sent less than it has", e);
            }
            return Optional.of(
                    new Problem(Kind.PART_CHANGED, part.key(), "its bytes from " + range.offset() + " on are damaged"));
        }
    }

    private static Content counted(Content in, long[] count) {
        return new Content(
                new FilterInputStream(in) {
                    @Override
                    public int read() throws IOException {
                        int one = super.read();
                        count[0] += one < 0 ? 0 : 1;
                        return one;
                    }

                    @Override
                    public int read(byte[] bytes, int from, int length) throws IOException {
                        int some = super.read(bytes, from, length);
                        count[0] += Math.max(0, some);
                        return some;
                    }
                },
                in.version(),
                in.metadata());
    }

    private interface TooLong {
        void line() throws IOException;
    }

    private static void lines(InputStream text, RecordSplitter.Visitor visitor, TooLong tooLong) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
        byte[] buffer = new byte[64 << 10];
        boolean isSkipped = false;
        for (int length = text.read(buffer); length >= 0; length = text.read(buffer)) {
            int from = 0;
            for (int i = 0; i < length; i++) {
                if (buffer[i] == '\n') {
                    if (!isSkipped) {
                        line.write(buffer, from, i - from);
                        visitor.record(line.toByteArray());
                    }
                    isSkipped = false;
                    line.reset();
                    from = i + 1;
                }
            }
            if (!isSkipped) {
                line.write(buffer, from, length - from);
                if (line.size() > MOST_LINE) {
                    tooLong.line();
                    line.reset();
                    isSkipped = true;
                }
            }
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
        return hour(key)
                .filter(hour ->
                        hour.isBefore(to.plus(BUFFERED)) && !hour.plus(BUFFERED).isBefore(from))
                .isPresent();
    }

    /** The hour that Firehose has named an object by; empty if it has not. */
    private static Optional<Instant> hour(String key) {
        Matcher matcher = HOUR.matcher(key);
        if (!matcher.find() || key.startsWith("failed/compaction/")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    LocalDateTime.of(number(matcher, 1), number(matcher, 2), number(matcher, 3), number(matcher, 4), 0)
                            .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /** When the records of an object were delivered: when it was made, if that was in the hour that it is named by; an object may be copied later. */
    private static long delivered(Entry entry) {
        Instant hour = hour(entry.key()).orElse(entry.modified());
        boolean isOfTheHour =
                !entry.modified().isBefore(hour) && entry.modified().isBefore(hour.plus(Duration.ofHours(1)));
        return (isOfTheHour ? entry.modified() : hour).toEpochMilli();
    }

    private void records(Entry entry, boolean areFailed) throws IOException {
        long delivered = delivered(entry);
        try (InputStream in = new BufferedInputStream(store.open(entry.key(), entry.etag(), 0, entry.size()))) {
            if (areFailed) {
                lines(in, line -> failed(entry.key(), line, delivered), () -> report.unreadable(entry.key(), TOO_LONG));
            } else {
                new RecordSplitter().split(in, data -> record(data, delivered));
            }
        } catch (UnreadableRecordsException | RefusedException | ChangedException e) {
            report.unreadable(entry.key(), e.getMessage());
        }
    }

    private void record(byte[] data, long delivered) throws IOException {
        sink.record(DeliveredRecord.at(data, delivered));
        events++;
    }

    /** A record that could not be transformed is put back as it came, a document that could not be indexed as such. */
    private void failed(String key, byte[] line, long delivered) throws IOException {
        Optional<FailedRecord> failed = FailedRecord.parse(line);
        if (failed.isEmpty()) {
            report.unreadable(key, "a line that Firehose has not written");
            return;
        }
        byte[] data = failed.get().data();
        Optional<ReplayedDocument> document = reader.read(data, 0, data.length);
        if (document.isPresent()) {
            sink.document(document.get());
            events++;
        } else {
            record(data, failed.get().arrival().orElse(delivered));
        }
    }
}
