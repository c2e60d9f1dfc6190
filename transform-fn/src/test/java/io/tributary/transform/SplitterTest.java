package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.transform.logtype.LogEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SplitterTest {
    @Property(tries = 200)
    void splittingAgainAndAgainEndsWithEveryEventAloneAndUnchanged(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(max = 9) Integer> envelopes)
            throws MalformedRecordException {
        StringBuilder record = new StringBuilder();
        for (int i = 0; i < envelopes.size(); i++) {
            record.append(Envelopes.flows("e" + i + "-", envelopes.get(i)));
            record.append(i % 2 == 0 ? Envelopes.CONTROL : " ");
        }
        int events = envelopes.stream().mapToInt(Integer::intValue).sum();
        List<String> leaves = new ArrayList<>();
        split(record.toString(), events, leaves);
        assertThat(leaves).isEqualTo(events(record.toString()));
    }

    private static void split(String record, int events, List<String> leaves) throws MalformedRecordException {
        byte[] text = record.getBytes(StandardCharsets.UTF_8);
        Splitter.Halves halves = new Splitter().split(text, text.length);
        assertThat(halves.events()).isEqualTo(events);
        if (halves.pieces().isEmpty()) {
            assertThat(events).isLessThanOrEqualTo(1);
            leaves.addAll(events(record));
            return;
        }
        assertThat(halves.pieces()).hasSize(2);
        for (byte[] piece : halves.pieces()) {
            String half = new String(Envelopes.gunzip(piece), StandardCharsets.UTF_8);
            int count = events(half).size();
            assertThat(count).isBetween(1, events - 1);
            split(half, count, leaves);
        }
    }

    private static List<String> events(String record) throws MalformedRecordException {
        byte[] text = record.getBytes(StandardCharsets.UTF_8);
        EnvelopeReader reader = new EnvelopeReader(new Origins(TransformSettings.DEFAULTS));
        LogEvent event = new LogEvent();
        List<String> events = new ArrayList<>();
        reader.begin(text, text.length, 0);
        while (reader.nextEnvelope()) {
            while (reader.nextEvent(event)) {
                events.add(new String(
                        text, reader.eventStart(), reader.eventEnd() - reader.eventStart(), StandardCharsets.UTF_8));
            }
        }
        return events;
    }

    @Test
    void whatStandsAroundTheEventsStaysWithBothHalves() throws MalformedRecordException {
        String envelope = "{\"messageType\":\"DATA_MESSAGE\",\"added\":[1, {\"x\":\"]\"}],\"owner\":\"123456789012\","
                + "\"logEvents\" : [ {\"id\":\"1\",\"message\":\"a\"} , {\"id\":\"2\",\"message\":\"b\\\"\"},{\"id\":\"3\"} ],"
                + "\"logGroup\":\"/g\",\"logStream\":\"s\"}";
        byte[] text = envelope.getBytes(StandardCharsets.UTF_8);
        Splitter.Halves halves = new Splitter().split(text, text.length);
        List<String> ids = new ArrayList<>();
        for (byte[] piece : halves.pieces()) {
            JsonNode half = LeanChecks.parse(new String(Envelopes.gunzip(piece), StandardCharsets.UTF_8));
            assertThat(half.propertyStream().map(Map.Entry::getKey))
                    .containsExactlyInAnyOrderElementsOf(
                            Set.of("messageType", "added", "owner", "logEvents", "logGroup", "logStream"));
            assertThat(half.at("/added/1/x").asText()).isEqualTo("]");
            assertThat(half.path("logGroup").asText()).isEqualTo("/g");
            half.path("logEvents").forEach(event -> ids.add(event.path("id").asText()));
        }
        assertThat(ids).containsExactly("1", "2", "3");
    }

    @Test
    void eventBridgeEventsAreSplitAsEnvelopes() throws MalformedRecordException {
        String event = "{\"detail-type\":\"T\",\"detail\":{}}";
        byte[] text = (event + event + event).getBytes(StandardCharsets.UTF_8);
        Splitter.Halves halves = new Splitter().split(text, text.length);
        assertThat(halves.events()).isEqualTo(3);
        assertThat(halves.pieces())
                .extracting(piece -> new String(Envelopes.gunzip(piece), StandardCharsets.UTF_8))
                .containsExactly(event, event + event);
    }
}
