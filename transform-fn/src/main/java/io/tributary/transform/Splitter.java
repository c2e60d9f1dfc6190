package io.tributary.transform;

import io.tributary.transform.logtype.LogEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Splits a record whose events do not fit into the response: in two halves of its envelopes if it has several, else of its
 * envelope's events. What CloudWatch Logs wrote about the envelope stays with both halves, byte for byte. A half has fewer
 * events than the whole, so that splitting ends.
 */
final class Splitter {
    /**
     * A record's halves.
     *
     * @param pieces two records, gzip; none if there is nothing to split
     * @param events how many events the record has
     */
    record Halves(List<byte[]> pieces, int events) {}

    private record Envelope(int start, int end, int eventsAt, List<int[]> events) {}

    private final EnvelopeReader reader = new EnvelopeReader(new Origins(TransformSettings.DEFAULTS));
    private final LogEvent event = new LogEvent();

    Halves split(byte[] text, int length) throws MalformedRecordException {
        List<Envelope> envelopes = new ArrayList<>();
        int events = 0;
        reader.begin(text, length, 0);
        while (reader.nextEnvelope()) {
            List<int[]> ranges = new ArrayList<>();
            while (reader.nextEvent(event)) {
                ranges.add(new int[] {reader.eventStart(), reader.eventEnd()});
            }
            if (!ranges.isEmpty()) {
                events += ranges.size();
                envelopes.add(new Envelope(reader.envelopeStart(), reader.envelopeEnd(), reader.eventsAt(), ranges));
            }
        }
        if (envelopes.size() > 1) {
            int middle = envelopes.size() / 2;
            return new Halves(
                    List.of(
                            join(text, envelopes.subList(0, middle)),
                            join(text, envelopes.subList(middle, envelopes.size()))),
                    events);
        }
        if (events > 1) {
            return new Halves(halves(text, envelopes.get(0)), events);
        }
        return new Halves(List.of(), events);
    }

    private static byte[] join(byte[] text, List<Envelope> envelopes) {
        return gzip(out -> {
            for (Envelope envelope : envelopes) {
                out.write(text, envelope.start(), envelope.end() - envelope.start());
            }
        });
    }

    private static List<byte[]> halves(byte[] text, Envelope envelope) {
        List<int[]> events = envelope.events();
        int last = events.size() - 1;
        int middle = events.size() / 2;
        return List.of(piece(text, envelope, 0, middle - 1), piece(text, envelope, middle, last));
    }

    /** The envelope with only the events from {@code first} to {@code last}. */
    private static byte[] piece(byte[] text, Envelope envelope, int first, int last) {
        int from = envelope.events().get(first)[0];
        int to = envelope.events().get(last)[1];
        int allTo = envelope.events().get(envelope.events().size() - 1)[1];
        return gzip(out -> {
            out.write(text, envelope.start(), envelope.eventsAt() + 1 - envelope.start());
            out.write(text, from, to - from);
            out.write(text, allTo, envelope.end() - allTo);
        });
    }

    private interface Writer {
        void to(GZIPOutputStream out) throws IOException;
    }

    private static byte[] gzip(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 << 10);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes, 8192)) {
            writer.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
