package io.tributary.archive.replay;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import io.tributary.stream.Deadline;
import io.tributary.stream.Delivery;
import io.tributary.stream.RecordStream;
import io.tributary.stream.RecordStream.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.zip.GZIPOutputStream;

/**
 * The log stream. Documents are put on it in envelopes like those of CloudWatch Logs, whose owner tells the transform function that
 * they are to stay as they are. No more than a number of events a second is put, so that new events keep their place.
 */
public final class StreamSink implements EventSink {
    /** What the transform function takes for the archive's; CloudWatch Logs writes an account id there. */
    public static final String OWNER = "tributary.replay";

    private static final int MOST_EVENTS = 500;

    /** Compressed it is less: below what a stream takes of a record. */
    private static final int MOST_BYTES = 900 << 10;

    private static final int CONCURRENT_CALLS = 2;
    private static final double NANOS = 1e9;
    private static final Name ID = Name.of("id");
    private static final Name TIMESTAMP = Name.of("timestamp");
    private static final Name MESSAGE = Name.of("message");

    private final RecordStream stream;
    private final ExecutorService executor;
    private final Deadline deadline;
    private final Delivery.Pause pause;
    private final double eventsPerSecond;
    private final String name;
    private final JsonOutput events = new JsonOutput(64 << 10);
    private final List<String> tooLarge = new ArrayList<>();
    private final long start = System.nanoTime();
    private Delivery delivery;
    private int count;
    private String first = "";
    private long sent;

    /**
     * A sink, for one thread.
     *
     * @param eventsPerSecond how many events are put on the stream at most
     * @param name of the replay, which becomes the log stream of its envelopes
     */
    public StreamSink(
            RecordStream stream,
            ExecutorService executor,
            Deadline deadline,
            Delivery.Pause pause,
            int eventsPerSecond,
            String name) {
        this.stream = stream;
        this.executor = executor;
        this.deadline = deadline;
        this.pause = pause;
        this.eventsPerSecond = eventsPerSecond;
        this.name = name;
        this.delivery = delivery();
    }

    private Delivery delivery() {
        return new Delivery(stream, executor, CONCURRENT_CALLS, deadline, pause, 1);
    }

    @Override
    public void document(ReplayedDocument document) throws IOException {
        if (count == MOST_EVENTS || count > 0 && events.length() + document.json().length > MOST_BYTES) {
            send();
        }
        if (count == 0) {
            first = document.uid();
        }
        int event = events.openObject();
        events.member(ID, document.uid());
        events.member(TIMESTAMP, document.time());
        events.member(MESSAGE, document.json(), 0, document.json().length);
        events.closeObject(event);
        count++;
    }

    private void send() throws IOException {
        if (count == 0) {
            return;
        }
        JsonOutput head = new JsonOutput(128)
                .ascii("{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"" + OWNER
                        + "\",\"logGroup\":\"\",\"logStream\":");
        head.string(name);
        head.ascii(",\"subscriptionFilters\":[],\"logEvents\":[");
        ByteArrayOutputStream record = new ByteArrayOutputStream(64 << 10);
        try (GZIPOutputStream gzip = new GZIPOutputStream(record)) {
            gzip.write(head.bytes(), 0, head.length());
            gzip.write(events.bytes(), 0, events.length());
            gzip.write(']');
            gzip.write('}');
        }
        Entry entry = new Entry(record.toByteArray(), Integer.toHexString(first.hashCode()));
        if (entry.size() > stream.limits().recordBytes()) {
            tooLarge.add(first); // one document alone: others would have been sent before it
        } else {
            delivery.add(0, entry);
        }
        hold(count);
        events.truncate(0);
        count = 0;
    }

    @Override
    public void record(byte[] data) throws IOException {
        send();
        Entry entry = new Entry(data, Integer.toHexString(Arrays.hashCode(data)));
        if (entry.size() > stream.limits().recordBytes()) {
            tooLarge.add("a record of " + data.length + " bytes");
            return;
        }
        delivery.add(0, entry);
        hold(1);
    }

    /** Waits until so many more events are within the rate. */
    private void hold(int more) throws IOException {
        sent += more;
        double early = sent / eventsPerSecond - (System.nanoTime() - start) / NANOS;
        if (early > 0) {
            try {
                pause.millis((long) (early * 1000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    @Override
    public void flush() throws IOException {
        send();
        Optional<String> failure = delivery.finish().get(0);
        delivery = delivery();
        if (failure.isPresent()) {
            throw new IOException("not accepted by the log stream: " + failure.get());
        }
    }

    /** What no record of the stream can hold: the uids of documents, and the sizes of records. */
    public List<String> tooLarge() {
        return List.copyOf(tooLarge);
    }
}
