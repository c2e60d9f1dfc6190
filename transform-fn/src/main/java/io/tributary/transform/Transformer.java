package io.tributary.transform;

import io.tributary.stream.Deadline;
import io.tributary.stream.Delivery;
import io.tributary.stream.RecordStream;
import io.tributary.stream.RecordStream.Entry;
import io.tributary.transform.EnvelopeReader.Kind;
import io.tributary.transform.logtype.Arrival;
import io.tributary.transform.logtype.LogEvent;
import io.tributary.transform.logtype.Origin;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Transforms the records of one request: every record's events become OCSF documents, within the size that Firehose accepts
 * as an answer. What does not fit is split and put back on the source stream; the documents of what fits are put on the index
 * stream. A record is {@link Outcome.Ok} only when all of that has been accepted, so that no event is lost: an event is in
 * the answer, back on its stream, or kept by Firehose with its failed record.
 *
 * <p>Holds no state between requests but buffers; takes one request at a time.
 */
public final class Transformer implements AutoCloseable {
    /**
     * Most bytes of an answer. Lambda accepts 6,291,456; AWS's own transformations stop here, "to leave ample headroom".
     */
    static final int MAX_RESPONSE_BYTES = 6_000_000;

    /** Time left for writing the answer after the last delivery, milliseconds. */
    static final long RESERVED_MILLIS = 2_000;

    private static final int CONCURRENT_CALLS = 4;

    private final TransformSettings settings;
    private final InstantSource clock;
    private final List<DocumentStream> documentStreams;
    private final ExecutorService executor;
    private final Delivery.Pause pause;

    private final Gunzip gunzip;
    private final EnvelopeReader reader;
    private final NdjsonWriter writer;
    private final Normaliser normaliser;
    private final Splitter splitter = new Splitter();
    private final LogEvent event = new LogEvent();

    /**
     * @param documentStreams where documents are put one by one: for the search engine, and for whoever else wants them
     * @param executor what calls to streams run on
     */
    public Transformer(
            TransformSettings settings,
            InstantSource clock,
            List<DocumentStream> documentStreams,
            ExecutorService executor) {
        this(settings, clock, documentStreams, executor, Delivery.Pause.SLEEP);
    }

    Transformer(
            TransformSettings settings,
            InstantSource clock,
            List<DocumentStream> documentStreams,
            ExecutorService executor,
            Delivery.Pause pause) {
        this.settings = settings;
        this.clock = clock;
        this.documentStreams = List.copyOf(documentStreams);
        this.executor = executor;
        this.pause = pause;
        this.gunzip = new Gunzip(settings.maxExpandedBytes());
        this.reader = new EnvelopeReader(new Origins(settings));
        this.writer = new NdjsonWriter(settings.compress());
        this.normaliser = new Normaliser(settings, writer.documents());
    }

    /**
     * Transforms a request.
     *
     * @param region the Region of events that do not name theirs, unless one is configured; may be empty
     * @param sourceStream where records that do not fit are put back
     */
    public synchronized Result transform(
            String region, List<SourceRecord> records, RecordStream sourceStream, Deadline deadline) {
        Metrics metrics = new Metrics(settings.accountNames().keySet(), settings.trustedOrigins());
        reader.setDefaultRegion(
                switch (settings.defaultRegion()) {
                    case "" -> region;
                    case TransformSettings.NO_REGION -> "";
                    default -> settings.defaultRegion();
                });
        Deadline delivering = deadline.minus(RESERVED_MILLIS);
        Delivery reingestion =
                new Delivery(sourceStream, executor, CONCURRENT_CALLS, delivering, pause, records.size());
        List<Delivery> deliveries = documentStreams.stream()
                .map(to -> new Delivery(to.stream(), executor, CONCURRENT_CALLS, delivering, pause, records.size()))
                .toList();
        Budget budget = new Budget(MAX_RESPONSE_BYTES, records);
        List<Outcome> outcomes = new ArrayList<>(records.size());
        List<RecordCount> counts = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            RecordCount count = new RecordCount();
            Outcome outcome = delivering.remainingMillis() > 0
                    ? transform(records.get(i), i, budget, reingestion, count)
                    : new Outcome.Failed("no time left");
            if (outcome instanceof Outcome.Ok ok && !deliveries.isEmpty()) {
                deliver(ok.data(), i, deliveries);
            }
            outcomes.add(outcome);
            counts.add(count);
        }
        // one stream that is slow must not use up the time of the others
        deliveries.forEach(Delivery::send);
        fail(outcomes, reingestion.finish(), "could not be put back on its stream: ");
        for (int i = 0; i < deliveries.size(); i++) {
            String name = documentStreams.get(i).name();
            fail(outcomes, deliveries.get(i).finish(), "could not be put on the " + name + ": ");
        }
        long now = clock.millis();
        for (int i = 0; i < outcomes.size(); i++) {
            metrics.add(outcomes.get(i), records.get(i), counts.get(i), now);
        }
        return new Result(outcomes, metrics);
    }

    /**
     * What became of a request.
     *
     * @param outcomes one for each record, in order
     */
    public record Result(List<Outcome> outcomes, Metrics metrics) {
        public Result {
            outcomes = List.copyOf(outcomes);
        }
    }

    private static void fail(List<Outcome> outcomes, List<Optional<String>> failures, String what) {
        for (int i = 0; i < failures.size(); i++) {
            Optional<String> failure = failures.get(i);
            if (failure.isPresent() && !(outcomes.get(i) instanceof Outcome.Failed)) {
                outcomes.set(i, new Outcome.Failed(what + failure.get()));
            }
        }
    }

    private Outcome transform(SourceRecord record, int index, Budget budget, Delivery reingestion, RecordCount count) {
        try {
            gunzip.expand(record.data());
            count.expandedBytes = gunzip.length();
            int available = budget.dataBytes();
            Optional<Partition> partition = documents(record, available, count);
            if (partition.isEmpty()) {
                return new Outcome.Dropped(Outcome.Dropped.CONTROL_MESSAGE);
            }
            if (partition.get().isMixed() || writer.size() > available) {
                return putBack(record, index, reingestion, count);
            }
            count.documents = writer.documentCount();
            count.documentBytes = writer.expandedBytes();
            Outcome.Ok ok = new Outcome.Ok(writer.toByteArray(), partition.get().keys());
            budget.spend(ok);
            return ok;
        } catch (MalformedRecordException e) {
            return new Outcome.Failed(e.getMessage());
        }
    }

    /**
     * Writes the documents of a record's events; stops once they cannot be answered with.
     *
     * @return the partition of the events; empty if there are none
     */
    private Optional<Partition> documents(SourceRecord record, int available, RecordCount count)
            throws MalformedRecordException {
        Partition partition = new Partition(settings.partitionByAccount());
        long now = clock.millis();
        boolean envelopes = false;
        writer.begin();
        reader.begin(gunzip.text(), gunzip.length(), record.arrival());
        while (!partition.isMixed() && writer.size() <= available && reader.nextEnvelope()) {
            envelopes = true;
            if (reader.kind() == Kind.CONTROL_MESSAGE) {
                count.controlMessages++;
                continue;
            }
            Origin origin = reader.origin();
            boolean isFile = origin.kind() == Origin.Kind.FILE;
            normaliser.begin(origin, new Arrival(reader.delivered(), now));
            String source = "";
            long events = 0;
            while (!partition.isMixed() && writer.size() <= available && reader.nextEvent(event)) {
                long time = normaliser.write(event);
                count.add(normaliser, time);
                events++;
                if (source.isEmpty() || isFile) {
                    source = source.isEmpty() ? normaliser.lastSource() : source;
                    partition.add(source, origin.account(), isFile ? time : reader.delivered());
                }
                writer.written();
            }
            count.add(origin, events);
            writer.endMember();
        }
        if (!envelopes) {
            throw new MalformedRecordException("the record is empty, or its data is no base64");
        }
        return partition.isEmpty() ? Optional.empty() : Optional.of(partition);
    }

    /** Puts a record that does not fit back on its stream: in halves, or as it is if it is one event. */
    private Outcome putBack(SourceRecord record, int index, Delivery reingestion, RecordCount count)
            throws MalformedRecordException {
        Splitter.Halves halves = splitter.split(gunzip.text(), gunzip.length());
        count.setEvents(halves.events());
        if (!halves.pieces().isEmpty()) {
            halves.pieces().forEach(piece -> reingestion.add(index, new Entry(piece, key(record))));
        } else if (Budget.fitsAlone(record.id(), writer.size())) {
            reingestion.add(index, new Entry(record.data(), key(record)));
        } else {
            return new Outcome.Failed("a single event that is larger than an answer may be");
        }
        return new Outcome.Dropped(Outcome.Dropped.REINGESTED);
    }

    private static String key(SourceRecord record) {
        return record.partitionKey().isEmpty() ? record.id() : record.partitionKey();
    }

    private void deliver(byte[] data, int owner, List<Delivery> deliveries) {
        Documents.forEach(data, document -> {
            for (int i = 0; i < deliveries.size(); i++) {
                DocumentStream to = documentStreams.get(i);
                if (!deliveries.get(i).hasFailed(owner)) {
                    deliveries.get(i).add(owner, new Entry(to.framed(to.fitting(document)), ""));
                }
            }
        });
    }

    @Override
    public void close() {
        gunzip.close();
        writer.close();
    }
}
