package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.transform.DocumentStream.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams beside the search engine's: each has every document, in a frame of its own. */
class DocumentStreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private boolean isRefusing;
    private long left = 60_000;

    private final FakeStream index = new FakeStream(FakeStream.FIREHOSE);
    private final FakeStream splunk =
            new FakeStream(FakeStream.FIREHOSE, batch -> isRefusing ? Map.of(0, "ServiceUnavailable") : Map.of());
    private final FakeStream lines = new FakeStream(FakeStream.FIREHOSE);

    private Transformer.Result transform(SourceRecord... records) {
        ExecutorService executor = Executors.newCachedThreadPool();
        try (Transformer transformer = new Transformer(
                TransformSettings.DEFAULTS,
                InstantSource.fixed(Instant.ofEpochMilli(Normalised.PROCESSED)),
                List.of(
                        DocumentStream.index(index),
                        new DocumentStream("stream splunk", splunk, Frame.SPLUNK),
                        new DocumentStream("stream lines", lines, Frame.LINE)),
                executor,
                millis -> left -= 5_000)) {
            return transformer.transform(
                    "eu-central-1", List.of(records), new FakeStream(FakeStream.KINESIS), () -> left);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void everyStreamHasEveryDocumentInItsFrame() throws Exception {
        transform(Envelopes.record("1", Envelopes.flows("a", 3)));
        assertThat(index.accepted()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            String document = new String(index.accepted().get(i).data(), StandardCharsets.UTF_8);
            assertThat(new String(lines.accepted().get(i).data(), StandardCharsets.UTF_8))
                    .isEqualTo(document + "\n");
            JsonNode event = JSON.readTree(splunk.accepted().get(i).data());
            assertThat(event.path("event")).isEqualTo(JSON.readTree(document));
            assertThat(event.path("sourcetype").asText()).isEqualTo("tributary:ocsf");
            assertThat(Math.round(event.path("time").asDouble() * 1_000))
                    .isEqualTo(event.at("/event/time").asLong());
        }
    }

    @Test
    void aTimeThatIsFarFromTheDeliveryIsNotSplunks() throws Exception {
        transform(Envelopes.record(
                "1", Envelopes.data(Envelopes.FLOW_LOGS, "a", List.of(Envelopes.FLOW.replace("1772352900", "9")))));
        JsonNode event = JSON.readTree(splunk.accepted().get(0).data());
        assertThat(event.at("/event/time").asLong()).isEqualTo(9_000);
        assertThat(event.path("time").asDouble()).isEqualTo(Normalised.LOGGED / 1_000.0);
    }

    @Test
    void aStreamThatRefusesFailsTheRecordAndSaysWhich() {
        isRefusing = true;
        assertThat(transform(Envelopes.record("1", Envelopes.flows("a", 1))).outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.toString()).contains("could not be put on the stream splunk"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"time\":12}", "{\"@timestamp\":\"soon, or some day in the future\"}"})
    void aDocumentWithoutATimeIsAnEventWithoutOne(String document) throws Exception {
        byte[] framed = new DocumentStream("x", splunk, Frame.SPLUNK).framed(document.getBytes(StandardCharsets.UTF_8));
        assertThat(JSON.readTree(framed).has("time")).isFalse();
        assertThat(JSON.readTree(framed).path("event")).isEqualTo(JSON.readTree(document));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "LINE", "SPLUNK"})
    void aDocumentOfTheLargestSizeStillFits(String frame) {
        DocumentStream to = new DocumentStream("x", splunk, Frame.valueOf(frame));
        byte[] largest = new byte[to.documentBytes()];
        byte[] start =
                "{\"@timestamp\":\"2026-03-01T08:15:00.000Z\",\"time\":1772352900000,".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(start, 0, largest, 0, start.length);
        assertThat(to.framed(largest).length)
                .isLessThanOrEqualTo(splunk.limits().recordBytes());
    }
}
