package io.tributary.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Objects as Firehose writes them: gzip members of documents. */
public final class EventObjects {
    private static final Pattern UID = Pattern.compile("\"metadata\":\\{\"uid\":\"([^\"]+)\"");

    private EventObjects() {}

    /** A document. */
    public static String document(String uid, String account, Instant time) {
        return ("{\"@timestamp\":\"%s\",\"time\":%d,\"class_uid\":6003,\"metadata\":{\"uid\":\"%s\"},"
                        + "\"cloud\":{\"provider\":\"AWS\",\"region\":\"eu-central-1\",\"account\":{\"uid\":\"%s\"}}}")
                .formatted(time, time.toEpochMilli(), uid, account);
    }

    /** A gzip member of documents. */
    public static byte[] member(String... documents) {
        return gzip((String.join("\n", documents) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public static String expanded(byte[] gzip) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The uids of documents, in order. */
    public static List<String> uids(String text) {
        List<String> uids = new ArrayList<>();
        Matcher matcher = UID.matcher(text);
        while (matcher.find()) {
            uids.add(matcher.group(1));
        }
        return uids;
    }
}
