package io.tributary.transform;

import io.tributary.stream.RecordStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A stream that every document is put on, as a record of its own, and what stands around it there.
 *
 * @param name what messages call it, such as {@code index stream}
 */
public record DocumentStream(String name, RecordStream stream, Frame frame) {
    private static final int TIME_WITHIN = 80;
    private static final byte[] TIME = "\"time\":".getBytes(StandardCharsets.US_ASCII);
    private static final int MILLIS_DIGITS = 3;

    /** What a destination wants around a document. */
    public enum Frame {
        /** Nothing: OpenSearch takes a record as a document. */
        NONE,
        /** A line feed after it: destinations that join records to files, such as Redshift's. */
        LINE,
        /**
         * An event of Splunk's HTTP Event Collector, with the document's time in seconds.
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

    /** A document begins with its time, epoch milliseconds. */
    private static Optional<String> time(byte[] document) {
        String start = new String(document, 0, Math.min(document.length, TIME_WITHIN), StandardCharsets.ISO_8859_1);
        int at = start.indexOf(new String(TIME, StandardCharsets.US_ASCII));
        if (at < 0) {
            return Optional.empty();
        }
        int from = at + TIME.length;
        int to = from;
        while (to < start.length() && Character.isDigit(start.charAt(to))) {
            to++;
        }
        if (to - from <= MILLIS_DIGITS) {
            return Optional.empty();
        }
        return Optional.of(start.substring(from, to - MILLIS_DIGITS) + "." + start.substring(to - MILLIS_DIGITS, to));
    }
}
