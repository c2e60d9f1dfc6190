package io.tributary.transform;

import io.tributary.ocsf.Timestamps;
import io.tributary.stream.RecordStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A stream that every document is put on, as a record of its own, and what stands around it there.
 *
 * @param name what messages call it, such as {@code index stream}
 */
public record DocumentStream(String name, RecordStream stream, Frame frame) {
    private static final int TIME_WITHIN = 80;
    private static final byte[] START = "{\"@timestamp\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int TIMESTAMP_LENGTH = "2026-01-31T23:59:59.123Z".length();
    private static final int MILLIS = 1_000;

    /** What a destination wants around a document. */
    public enum Frame {
        /** Nothing: OpenSearch takes a record as a document. */
        NONE,
        /** A line feed after it: destinations that join records to files, such as Redshift's. */
        LINE,
        /**
         * An event of Splunk's HTTP Event Collector, with the time by which the document is found, in seconds.
         *
         * @see <a href="https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector">Format events</a>
         */
        SPLUNK
    }

    /** The search engine's. */
    public static DocumentStream index(RecordStream stream) {
        return new DocumentStream("index stream", stream, Frame.NONE);
    }

    /** The largest document that still fits, in bytes. */
    int documentBytes() {
        int limit = stream.limits().recordBytes();
        return switch (frame) {
            case NONE -> limit;
            case LINE -> limit - 1;
            case SPLUNK -> limit - framed(new byte[] {'{', '}'}).length - TIME_WITHIN;
        };
    }

    /** The document as it is put on the stream: a search engine's copy of it, or, for other destinations, itself unless it is too large. */
    byte[] fitting(byte[] document) {
        if (frame != Frame.NONE && document.length <= documentBytes()) {
            return document;
        }
        // one that cannot be shortened is left to fail its record
        return IndexCopy.of(document, documentBytes()).orElse(document);
    }

    /** The record of a document. */
    byte[] framed(byte[] document) {
        return switch (frame) {
            case NONE -> document;
            case LINE -> {
                byte[] line = Arrays.copyOf(document, document.length + 1);
                line[document.length] = '\n';
                yield line;
            }
            case SPLUNK -> {
                byte[] before = ("{"
                                + time(document)
                                        .map(time -> "\"time\":" + time + ",")
                                        .orElse("") + "\"sourcetype\":\"tributary:ocsf\",\"event\":")
                        .getBytes(StandardCharsets.US_ASCII);
                byte[] event = Arrays.copyOf(before, before.length + document.length + 1);
                System.arraycopy(document, 0, event, before.length, document.length);
                event[event.length - 1] = '}';
                yield event;
            }
        };
    }

    /** A document begins with the time by which it is found; what it claims to be the time does not count here either. */
    private static Optional<String> time(byte[] document) {
        int from = START.length;
        int to = from + TIMESTAMP_LENGTH;
        if (document.length < to || !Arrays.equals(document, 0, from, START, 0, from)) {
            return Optional.empty();
        }
        long time = Timestamps.parseIso(document, from, to);
        return time == Timestamps.NONE
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "%d.%03d", time / MILLIS, time % MILLIS));
    }
}
