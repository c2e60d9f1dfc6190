package io.tributary.archive.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Says in a record when it was first delivered, by a first member of its JSON object, {@value #MEMBER} (epoch milliseconds): the transform function
 * stores and finds it by that time, and not by the one of its replay. Gzip stays gzip; a record that says it keeps what it says; what is no JSON object
 * stays as it is.
 */
final class DeliveredRecord {
    /** The member's name. */
    static final String MEMBER = "tributary.delivered";

    private static final JsonFactory JSON = new JsonFactory();
    private static final int GZIP = 0x1f;

    /** The transform function takes no more of a record, either. */
    private static final int MOST_BYTES = 64 << 20;

    private DeliveredRecord() {}

    /**
     * A record that says when it was delivered.
     *
     * @param delivered epoch milliseconds
     */
    static byte[] at(byte[] record, long delivered) {
        if (record.length == 0 || record[0] != GZIP) {
            return spliced(record, delivered);
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(record))) {
            byte[] text = in.readNBytes(MOST_BYTES);
            if (text.length == MOST_BYTES) {
                return record;
            }
            byte[] spliced = spliced(text, delivered);
            return spliced == text ? record : gzip(spliced);
        } catch (IOException e) {
            return record; // whatever it is, the transform function says what is wrong with it
        }
    }

    /** The same array, if there is nothing to say. */
    private static byte[] spliced(byte[] text, long delivered) {
        int open = afterBlanks(text, 0);
        int rest = afterBlanks(text, open + 1);
        // what is not of single bytes, such as UTF-16, has a zero there
        if (rest >= text.length || text[open] != '{' || text[open + 1] == 0 || !isSilentObject(text)) {
            return text;
        }
        String member = "\"" + MEMBER + "\":" + delivered + (text[rest] == '}' ? "" : ",");
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + member.length());
        out.write(text, 0, open + 1);
        out.writeBytes(member.getBytes(StandardCharsets.US_ASCII));
        out.write(text, open + 1, text.length - open - 1);
        return out.toByteArray();
    }

    private static int afterBlanks(byte[] text, int from) {
        int at = from;
        while (at < text.length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Whether it is one JSON object that does not say when it was delivered. */
    private static boolean isSilentObject(byte[] text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                if (parser.currentName().equals(MEMBER)) {
                    return false;
                }
                parser.nextToken();
                parser.skipChildren();
            }
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text);
        }
        return out.toByteArray();
    }
}
