package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.transform.EnvelopeReader.Kind;
import io.tributary.transform.logtype.LogEvent;
import io.tributary.transform.logtype.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeReaderTest {
    private static final String HEADER = "\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\","
            + "\"logGroup\":\"/example\",\"logStream\":\"s\"";
    private static final String EVENTS =
            "\"logEvents\":[{\"id\":\"1\",\"timestamp\":1772359200000,\"message\":\"one\"},"
                    + "{\"id\":\"2\",\"timestamp\":1772359200001,\"message\":\"t\\\"w\\\\o\\n\\u00e9\"}]";

    private final EnvelopeReader reader = new EnvelopeReader(new Origins(TransformSettings.DEFAULTS));

    @Test
    void eventsAreReadWithTheirTextAndTime() throws MalformedRecordException {
        assertThat(read("{" + HEADER + "," + EVENTS + "}"))
                .containsExactly("one@1772359200000", "t\"w\\o\né@1772359200001");
        assertThat(reader.origin()).isEqualTo(Origin.logGroup("123456789012", "eu-central-1", "/example", "s", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{%2$s,%1$s}",
                "{\"owner\":\"123456789012\",%2$s,\"logGroup\":\"/example\",\"messageType\":\"DATA_MESSAGE\",\"logStream\":\"s\"}",
                " { %1$s , %2$s } \n",
                "{%1$s,%2$s,\"policyLevel\":\"ACCOUNT_LEVEL_POLICY\",\"added\":{\"later\":[1,{\"x\":\"}]\"}],\"n\":null}}",
                "{\"added\":[[\"]\"],true,-1.5e3],%1$s,\"subscriptionFilters\":[\"a\",\"b\"],%2$s}"
            })
    void theOrderOfMembersAndUnknownOnesDoNotMatter(String pattern) throws MalformedRecordException {
        assertThat(read(String.format(pattern, HEADER, EVENTS))).hasSize(2);
        assertThat(reader.origin()).isEqualTo(Origin.logGroup("123456789012", "eu-central-1", "/example", "s", ""));
    }

    @Test
    void whereHeaderMembersAreMissingTheyAreEmpty() throws MalformedRecordException {
        assertThat(read("{\"messageType\":\"DATA_MESSAGE\"," + EVENTS + "}" + "{" + HEADER + "," + EVENTS + "}"))
                .hasSize(4);
        assertThat(read("{\"messageType\":\"DATA_MESSAGE\"," + EVENTS + "}")).hasSize(2);
        assertThat(reader.origin()).isEqualTo(Origin.logGroup("", "eu-central-1", "", "", ""));
    }

    @Test
    void oneEnvelopesHeaderIsNotTheNexts() throws MalformedRecordException {
        read("{" + HEADER + "," + EVENTS + ",\"@aws.region\":\"eu-west-1\"}{\"messageType\":\"DATA_MESSAGE\"," + EVENTS
                + "}");
        assertThat(reader.origin().account()).isEmpty();
    }

    @Test
    void controlMessagesHaveNoEvents() throws MalformedRecordException {
        byte[] text = (Envelopes.CONTROL + "{" + HEADER + "," + EVENTS + "}").getBytes(StandardCharsets.UTF_8);
        reader.begin(text, text.length, 0);
        assertThat(reader.nextEnvelope()).isTrue();
        assertThat(reader.kind()).isEqualTo(Kind.CONTROL_MESSAGE);
        assertThat(reader.nextEvent(new LogEvent())).isFalse();
        assertThat(reader.nextEnvelope()).isTrue();
        assertThat(reader.kind()).isEqualTo(Kind.DATA_MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "null", "\"1772359200000\"", "999999999999999", "1e12", "true", "{\"a\":1}"})
    void anEventWithoutAUsableTimeHasThatOfItsArrival(String timestamp) throws MalformedRecordException {
        String events = "\"logEvents\":[{\"id\":\"1\",\"timestamp\":" + timestamp + ",\"message\":\"m\"}]";
        assertThat(read("{" + HEADER + "," + events + "}")).containsExactly("m@" + Normalised.LOGGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"message\":null}", "{\"message\":{\"a\":1}}", "{\"id\":5}", "{ \"x\" : [ ] }"})
    void anEventWithoutAMessageHasAnEmptyOne(String event) throws MalformedRecordException {
        assertThat(read("{" + HEADER + ",\"logEvents\":[" + event + "]}")).containsExactly("@" + Normalised.LOGGED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"text\"",
                "{%1$s,%2$s",
                "{%1$s,%2$s,}",
                "{%1$s %2$s}",
                "{%1$s,%2$s}x",
                "{%1$s,%2$s,%2$s}",
                "{%1$s}",
                "{%1$s,\"logEvents\":null}",
                "{%1$s,\"logEvents\":[null]}",
                "{%1$s,\"logEvents\":[{\"message\":\"m\"} {\"message\":\"m\"}]}",
                "{%1$s,\"logEvents\":[{\"message\":\"m\"",
                "{%1$s,\"logEvents\":[{\"message\":\"a\nb\"}]}",
                "{%1$s,\"logEvents\":[{\"message\":\"\\u12\"}]}",
                "{%1$s,\"x\":,%2$s}",
                "{\"messageType\":\"OTHER\",%2$s}"
            })
    void whatIsNoEnvelopeIsMalformedAtAPlace(String pattern) {
        assertThatThrownBy(() -> read(String.format(pattern, HEADER, EVENTS)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageMatching(".+ \\(byte \\d+\\)");
    }

    @Test
    void deepNestingIsPassedOver() throws MalformedRecordException {
        String deep = "\"x\":" + "[".repeat(100_000) + "]".repeat(100_000);
        assertThat(read("{" + HEADER + "," + deep + "," + EVENTS + "}")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"tributary.delivered\":1772000000000,', 1772000000000",
        "'\"tributary.delivered\":1772000000000,\"tributary.delivered\":1,', 1772000000000",
        "'\"tributary.delivered\":\"1772000000000\",', 1772359200000",
        "'\"tributary.delivered\":-1,', 1772359200000",
        "'', 1772359200000"
    })
    void anEnvelopeThatWasPutBackTellsWhenItWasDelivered(String member, long delivered)
            throws MalformedRecordException {
        read("{" + member + HEADER + "," + EVENTS + "}");
        assertThat(reader.delivered()).isEqualTo(delivered);
        String event = "\"detail-type\":\"T\",\"id\":\"7\",\"account\":\"111122223333\",\"detail\":{}";
        read("{" + member + event + "}");
        assertThat(reader.delivered()).isEqualTo(delivered);
    }

    /** The one of the envelope before is not the next one's, and what a line says is nobody's. */
    @Test
    void whenAnEnvelopeWasDeliveredIsToldByItAlone() throws MalformedRecordException {
        read(
                "{\"tributary.delivered\":1772000000000," + HEADER + "," + EVENTS + "}{" + HEADER
                        + ",\"logEvents\":[{\"id\":\"1\",\"tributary.delivered\":5,\"message\":\"{\\\"tributary.delivered\\\":5}\"}]}");
        assertThat(reader.delivered()).isEqualTo(Normalised.LOGGED);
    }

    @Test
    void anEventBeyondTheLargestThereCanBeIsMalformed() {
        String message = "x".repeat(EnvelopeReader.MAX_EVENT_BYTES + 1);
        assertThatThrownBy(() -> read("{" + HEADER + ",\"logEvents\":[{\"message\":\"" + message + "\"}]}"))
                .isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void anEventBridgeEventIsItsOwnMessage() throws MalformedRecordException {
        String event =
                "{\"detail-type\":\"T\",\"id\":\"7\",\"account\":\"111122223333\",\"time\":\"2026-03-01T10:00:01Z\","
                        + "\"region\":\"eu-west-1\",\"detail\":{\"a\":[]}}";
        assertThat(read(event + "\n" + event)).containsExactly(event + "@1772359201000", event + "@1772359201000");
        assertThat(reader.kind()).isEqualTo(Kind.EVENT_BRIDGE);
        assertThat(reader.origin()).isEqualTo(Origin.eventBus("111122223333", "eu-west-1"));
    }

    @Test
    void escapedHeadersAreDecoded() throws MalformedRecordException {
        read("{" + HEADER.replace("/example", "\\u002fex\\/ample") + "," + EVENTS + "}");
        assertThat(reader.origin().logGroup()).isEqualTo("/ex/ample");
    }

    private List<String> read(String text) throws MalformedRecordException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> events = new ArrayList<>();
        LogEvent event = new LogEvent();
        reader.setDefaultRegion("eu-central-1");
        reader.begin(bytes, bytes.length, Normalised.LOGGED);
        while (reader.nextEnvelope()) {
            while (reader.nextEvent(event)) {
                events.add(event.text() + "@" + event.timestamp());
            }
        }
        return events;
    }
}
