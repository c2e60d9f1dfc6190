package io.tributary.local.input;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * Wraps events of a file as CloudWatch Logs does: envelopes of at most 10,000 events and 1 MiB of messages, of one day each, gzip, with ids made
 * of the event's time and a hash of what is wrapped, so that the same input has the same ids. The envelopes say that they hold a file: whoever
 * hands it to the command line vouches for what is in it.
 */
public final class EnvelopeWriter {
    /** Limits of PutLogEvents: 26 bytes are counted for each event beside its message. */
    private static final int MOST_EVENTS = 10_000;

    private static final int MOST_BYTES = 1 << 20;
    private static final int EVENT_OVERHEAD = 26;

    /** What waits in all, before the fullest envelope is finished. */
    private static final int MOST_WAITING = 32 << 20;

    private static final long DAY = 86_400_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Event(String message, long timestamp) {}

    /** Events of a day. */
    private static final class Batch {
        private final List<Event> events = new ArrayList<>();
        private int bytes;
    }

    /** Takes a finished envelope. */
    public interface Target {
        void envelope(byte[] gzip) throws IOException;
    }

    private final String account;
    private final String logGroup;
    private final String logStream;
    private final Target target;
    private final SortedMap<Long, Batch> batches = new TreeMap<>();
    private long waiting;
    private int finished;

    public EnvelopeWriter(String account, String logGroup, String logStream, Target target) {
        this.account = account;
        this.logGroup = logGroup;
        this.logStream = logStream;
        this.target = target;
    }

    /**
     * Adds an event.
     *
     * @param timestamp epoch milliseconds
     */
    public void add(String message, long timestamp) throws IOException {
        int size = message.getBytes(StandardCharsets.UTF_8).length + EVENT_OVERHEAD;
        long day = Math.floorDiv(timestamp, DAY);
        Batch full = batches.get(day);
        if (full != null && (full.events.size() == MOST_EVENTS || full.bytes + size > MOST_BYTES)) {
            finish(day);
        }
        Batch batch = batches.computeIfAbsent(day, any -> new Batch());
        batch.events.add(new Event(message, timestamp));
        batch.bytes += size;
        waiting += size;
        if (waiting > MOST_WAITING) {
            finish(Collections.max(batches.keySet(), Comparator.comparingInt(any -> batches.get(any).bytes)));
        }
    }

    /** Writes what is left. */
    public void finish() throws IOException {
        while (!batches.isEmpty()) {
            finish(batches.firstKey());
        }
    }

    private void finish(long day) throws IOException {
        Batch finishing = batches.remove(day);
        waiting -= finishing.bytes;
        BigInteger hash = hash(finishing.events);
        ByteArrayOutputStream out = new ByteArrayOutputStream(finishing.bytes / 4 + 1024);
        try (JsonGenerator json = JSON.getFactory().createGenerator(new GZIPOutputStream(out, 8192))) {
            json.writeStartObject();
            json.writeBooleanField("tributary.file", true);
            json.writeStringField("messageType", "DATA_MESSAGE");
            json.writeStringField("owner", account);
            json.writeStringField("logGroup", logGroup);
            json.writeStringField("logStream", logStream);
            json.writeArrayFieldStart("subscriptionFilters");
            json.writeString("tributary");
            json.writeEndArray();
            json.writeArrayFieldStart("logEvents");
            for (int i = 0; i < finishing.events.size(); i++) {
                Event event = finishing.events.get(i);
                json.writeStartObject();
                json.writeStringField("id", id(event.timestamp(), hash, i));
                json.writeNumberField("timestamp", event.timestamp());
                json.writeStringField("message", event.message());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        target.envelope(out.toByteArray());
    }

    /** As CloudWatch Logs makes its ids: the time, 128 bits of the batch, 16 bits of the event's place in it. */
    private static String id(long timestamp, BigInteger batch, int place) {
        BigInteger id = BigInteger.valueOf(timestamp)
                .shiftLeft(144)
                .add(batch.shiftLeft(16))
                .add(BigInteger.valueOf(place));
        return String.format("%56s", id).replace(' ', '0');
    }

    private BigInteger hash(List<Event> events) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((logGroup + '\n' + logStream + '\n' + finished++).getBytes(StandardCharsets.UTF_8));
            for (Event event : events) {
                digest.update(event.message().getBytes(StandardCharsets.UTF_8));
            }
            return new BigInteger(1, digest.digest()).shiftRight(128);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
