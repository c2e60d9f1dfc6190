package io.tributary.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** What CloudWatch Logs and EventBridge put on a stream. */
final class Envelopes {
    static final String FLOW_LOGS = "/example/vpc/flow-logs";
    static final String CLOUD_TRAIL = "/example/cloudtrail";
    static final String CONTROL =
            "{\"messageType\":\"CONTROL_MESSAGE\",\"owner\":\"CloudwatchLogs\",\"logGroup\":\"\",\"logStream\":\"\","
                    + "\"subscriptionFilters\":[],\"logEvents\":[{\"id\":\"\",\"timestamp\":1772359200000,"
                    + "\"message\":\"CWL CONTROL MESSAGE: Checking health of destination Firehose.\"}]}";
    static final String FLOW =
            "2 123456789012 eni-0a1b2c3d4e5f60718 10.0.1.5 192.0.2.10 49152 443 6 25 20000 1772352900 1772352959 ACCEPT OK";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Envelopes() {}

    /** An envelope whose events have the ids {@code <prefix>0}, {@code <prefix>1} … */
    static String data(String logGroup, String idPrefix, List<String> messages) {
        return data("123456789012", logGroup, idPrefix, messages);
    }

    static String data(String account, String logGroup, String idPrefix, List<String> messages) {
        ObjectNode envelope = JSON.createObjectNode()
                .put("messageType", "DATA_MESSAGE")
                .put("owner", account)
                .put("logGroup", logGroup)
                .put("logStream", "example-stream");
        envelope.putArray("subscriptionFilters").add("all");
        ArrayNode events = envelope.putArray("logEvents");
        for (int i = 0; i < messages.size(); i++) {
            events.addObject()
                    .put("id", idPrefix + i)
                    .put("timestamp", Normalised.LOGGED + i)
                    .put("message", messages.get(i));
        }
        return envelope.toString();
    }

    /** The id that CloudWatch Logs gave an event, by its {@code metadata.uid}. */
    static String eventId(JsonNode document) {
        return document.at("/metadata/uid").asText().replaceFirst("^(\\d{12})?/", "");
    }

    static String flows(String idPrefix, int count) {
        return data(FLOW_LOGS, idPrefix, Collections.nCopies(count, FLOW));
    }

    static byte[] gzip(String text) {
        return gzip(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] gunzip(byte[] data) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(data))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    static SourceRecord record(String id, String text) {
        return record(id, gzip(text));
    }

    static SourceRecord record(String id, byte[] data) {
        return new SourceRecord(id, data, Normalised.LOGGED, "key-" + id);
    }
}
