package io.tributary.archive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.EventObjects;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveredRecordTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The first member says it, and all others are what they were, byte for byte. */
    @Property(tries = 1_000)
    void anObjectSaysItFirstAndStaysWhatItWas(
            @ForAll @Size(max = 6) Map<String, String> members,
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long delivered,
            @ForAll boolean isGzip,
            @ForAll boolean isSpaced)
            throws IOException {
        ObjectNode object = JSON.createObjectNode();
        members.forEach(
                (name, value) -> object.put(name, value).putObject(name + "-").put("tributary.delivered", value));
        String text = isSpaced ? " \n" + object.toPrettyString() : object.toString();
        byte[] record = text.getBytes(StandardCharsets.UTF_8);
        byte[] with = DeliveredRecord.at(isGzip ? EventObjects.gzip(record) : record, delivered);
        String result = isGzip ? EventObjects.expanded(with) : new String(with, StandardCharsets.UTF_8);
        String member = "\"tributary.delivered\":" + delivered + (members.isEmpty() ? "" : ",");
        String expected = new String(record, StandardCharsets.UTF_8).replaceFirst("\\{", "{" + member);
        assertThat(result).isEqualTo(expected);
        JsonNode json = JSON.readTree(result);
        assertThat(json.fieldNames().next()).isEqualTo("tributary.delivered");
        assertThat(json.path("tributary.delivered").asLong()).isEqualTo(delivered);
        assertThat(json).hasSize(object.size() + 1);
        assertThat(DeliveredRecord.at(with, delivered + 1))
                .as("it keeps what it says")
                .isEqualTo(with);
    }

    @Property(tries = 1_000)
    void garbageStaysAsItIs(@ForAll byte[] garbage, @ForAll boolean isGzip) {
        byte[] record = isGzip ? EventObjects.gzip(garbage) : garbage;
        assertThat(DeliveredRecord.at(record, 1)).isEqualTo(record);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "{",
                "{\"a\":1",
                "{\"a\":1}{}",
                "{\"a\":1} x",
                "{\"a\":tru}",
                "{\"a\":1,\"tributary.delivered\":\"x\"}"
            })
    void whatIsNoObjectOrSaysItAlreadyStaysAsItIs(String text) {
        for (Charset charset : new Charset[] {StandardCharsets.UTF_8, StandardCharsets.UTF_16LE}) {
            byte[] record = text.getBytes(charset);
            assertThat(DeliveredRecord.at(record, 1)).isEqualTo(record);
            assertThat(DeliveredRecord.at(EventObjects.gzip(record), 1)).isEqualTo(EventObjects.gzip(record));
        }
    }

    @Test
    void gzipThatEndsEarlyStaysAsItIs() {
        byte[] record = EventObjects.gzip("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        for (int length = 0; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThat(DeliveredRecord.at(cut, 1)).isEqualTo(cut);
        }
    }
}
