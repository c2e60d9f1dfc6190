package io.tributary.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link JsonText} indexes is I-JSON, whatever the text was. */
class IJsonTest {
    /** As a search engine reads: names once, and its limits of numbers, names and depth. */
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @Provide
    Arbitrary<String> damaged() {
        return JsonTexts.damaged();
    }

    @Provide
    Arbitrary<String> valid() {
        return JsonTexts.valid();
    }

    @Property(tries = 4000)
    void whatIsIndexedIsReadByTheStrictest(@ForAll("damaged") String text) throws IOException {
        JsonText json = parse(text);
        if (json.root() != JsonText.NONE) {
            assertIsIJson(indexed(json));
        }
    }

    @Property(tries = 1000)
    void whatIsIJsonIsLeftAsItIs(@ForAll("valid") String text) {
        String once = indexed(parse(text));
        assertThat(indexed(parse(once))).isEqualTo(once);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"a":1,"a":2,"a":3}              | {"a":1,"a#2":2,"a#3":3}
                    {"a":1,"a#2":2,"a":3,"a#2":4}    | {"a":1,"a#2":2,"a#3":3,"a#2#2":4}
                    {"a":1,"\\u0061":2}              | {"a":1,"a#2":2}
                    {"b":{"a":1,"a":2},"a":3}        | {"b":{"a":1,"a#2":2},"a":3}
                    [9223372036854775807]            | [9223372036854775807]
                    [9223372036854775808]            | ["9223372036854775808"]
                    [-9223372036854775808]           | [-9223372036854775808]
                    [-9223372036854775809]           | ["-9223372036854775809"]
                    [0.1,1.10,1e5,1E-7]              | [0.1,1.10,1e5,1E-7]
                    [1e400,1e-400,1e99999999999]     | ["1e400","1e-400","1e99999999999"]
                    [0e99999,12345678901234567.5]    | ["0e99999","12345678901234567.5"]
                    [1700000000.1234567]             | [1700000000.1234567]
                    ["x\\ud800y","\\udc00"]          | ["x\ufffdy","\ufffd"]
                    {"\\ud800":"\\ud83d\\ude00"}     | {"\ufffd":"\\ud83d\\ude00"}
                    """)
    void whatReadersDisagreeAboutIsMadeUnambiguous(String text, String expected) {
        assertThat(indexed(parse(text))).isEqualTo(expected);
    }

    @Test
    void aNumberOfAThousandDigitsIsItsText() throws IOException {
        for (String number : List.of("1".repeat(1_100), "0." + "1".repeat(1_100), "-" + "9".repeat(70) + "e-70")) {
            String indexed = indexed(parse("{\"a\":" + number + "}"));
            assertThat(indexed).isEqualTo("{\"a\":\"" + number + "\"}");
            assertIsIJson(indexed);
        }
    }

    @Test
    void whatIsTooDeepIsItsText() {
        for (String[] brackets : new String[][] {{"[", "]"}, {"{\"a\":", "}"}}) {
            String deepest = brackets[0].repeat(100) + "1" + brackets[1].repeat(100);
            assertThat(indexed(parse(deepest))).isEqualTo(deepest);
            String deeper = indexed(parse(brackets[0].repeat(3) + deepest + brackets[1].repeat(3)));
            String text = (brackets[0].repeat(3) + "1" + brackets[1].repeat(3)).replace("\"", "\\\"");
            assertThat(deeper).isEqualTo(brackets[0].repeat(100) + '"' + text + '"' + brackets[1].repeat(100));
        }
    }

    @Test
    void neighboursOfWhatIsTooDeepAreRead() {
        String deep = "[".repeat(300) + "\"]\\\"\"" + "]".repeat(300);
        JsonText json = parse("{\"a\":" + deep + ",\"b\":\"c\"}");
        assertThat(json.text(json.find(Name.of("b")))).contains("c");
        assertThat(parse("{\"a\":" + "[".repeat(300) + "}").root()).isEqualTo(JsonText.NONE);
    }

    @Test
    void aNameThatIsTooLongIsAValue() throws IOException {
        String name = "n".repeat(8_191);
        String indexed = indexed(parse("{\"%s\":1,\"%s\":2,\"%s\":{\"a\":3}}".formatted(name, name + "x", name + "y")));
        String cut = "n".repeat(1_000);
        assertThat(indexed)
                .isEqualTo("{\"%s\":{\"name\":\"%s\",\"value\":1},\"%s\":{\"name\":\"%s\",\"value\":2},"
                                .formatted(cut, name, cut + "#2", name + "x")
                        + "\"%s\":{\"name\":\"%s\",\"value\":{\"a\":3}}}".formatted(cut + "#3", name + "y"));
        String fits = "{\"" + "n".repeat(8_190) + "\":1}";
        assertThat(indexed(parse(fits))).isEqualTo(fits);
        assertIsIJson(indexed(parse("{\"" + "\ud83d\ude00".repeat(60_000) + "\":1}")));
    }

    @Test
    void longNamesWithinEachOtherAreNotTooDeep() throws IOException {
        String open = "{\"" + "n".repeat(9_000) + "\":";
        assertIsIJson(indexed(parse(open.repeat(90) + "1" + "}".repeat(90))));
        String repeated = ("\"" + "n".repeat(8_190) + "\":1,").repeat(20);
        assertIsIJson(indexed(parse("{" + repeated + "\"a\":2}")));
    }

    @Test
    void theFirstOfRepeatedMembersIsTheOneThatIsFound() {
        JsonText json = parse("{\"x\":0,\"eventName\":\"first\",\"eventName\":\"second\"}");
        assertThat(json.text(json.find(Name.of("eventName")))).contains("first");
        assertThat(json.text(json.find(Name.of("eventName#2")))).contains("second");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 31, 32, 33, 34, 100, 5_000})
    void aRepeatedNameIsSeenHoweverManyThereAre(int names) throws IOException {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < names; i++) {
            members.add("\"name%d\":%d".formatted(i, i));
        }
        members.add("\"name%d\":0".formatted(names / 2));
        String indexed = indexed(parse("{" + String.join(",", members) + "}"));
        assertThat(indexed).contains("\"name" + names / 2 + "#2\":0");
        assertIsIJson(indexed);
    }

    /** Names that are all alike to whoever looks at their ends, and names that are all the same. */
    @Test
    void anObjectOfManyNamesTakesNoLongerThanItIsLong() {
        StringBuilder alike = new StringBuilder("{\"x\":0");
        StringBuilder same = new StringBuilder("{\"x\":0");
        for (int i = 0; i < 60_000; i++) {
            alike.append(",\"a%05db\":0".formatted(i));
            same.append(",\"a\":0");
        }
        Assertions.assertTimeout(Duration.ofSeconds(5), () -> {
            assertThat(parse(alike.append('}').toString()).root()).isNotEqualTo(JsonText.NONE);
            assertThat(indexed(parse(same.append('}').toString()))).contains("\"a#60000\":0");
        });
    }

    private static void assertIsIJson(String text) throws IOException {
        int depth = 0;
        try (JsonParser parser = STRICT.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                assertThat(depth).isLessThanOrEqualTo(JsonText.MAX_DEPTH);
                if (token == JsonToken.VALUE_NUMBER_INT) {
                    assertThat(new BigInteger(parser.getText()).bitLength()).isLessThan(64);
                } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                    assertThat(new BigDecimal(Double.toString(parser.getDoubleValue())))
                            .isEqualByComparingTo(new BigDecimal(parser.getText()));
                } else if (token == JsonToken.FIELD_NAME) {
                    assertThat(parser.currentName().getBytes(StandardCharsets.UTF_8).length)
                            .isLessThanOrEqualTo(JsonText.MAX_NAME);
                } else if (token == JsonToken.VALUE_STRING) {
                    assertThat(parser.getText().codePoints()).noneMatch(point -> point >= 0xd800 && point < 0xe000);
                }
            }
        }
    }

    private static JsonText parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonText json = new JsonText();
        json.parse(bytes, 0, bytes.length);
        return json;
    }

    private static String indexed(JsonText json) {
        int root = json.root();
        return new String(json.bytes(), json.start(root), json.end(root) - json.start(root), StandardCharsets.UTF_8);
    }

    /** "Aa" and "BB" have one hash, and who writes names can choose them: it must neither take them for one name nor go on for ever. */
    @Test
    @Timeout(10)
    void namesOfOneHashAreTwoNames() {
        StringBuilder object = new StringBuilder("{");
        for (int i = 0; i < 40; i++) {
            object.append("\"k").append(i).append("\":").append(i).append(',');
        }
        String text = object + "\"AaAa\":1,\"AaBB\":2,\"BBAa\":3,\"BBBB\":4}";

        assertThat(parsed(text)).isEqualTo(text);
        assertThat(parsed(text.replace("BBBB", "AaAa"))).contains("\"AaAa\":1,").doesNotEndWith("\"AaAa\":4}");
    }

    private static String parsed(String text) {
        JsonText json = new JsonText();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(json.parse(bytes, 0, bytes.length)).isTrue();
        int start = json.start(json.root());
        return new String(json.bytes(), start, json.end(json.root()) - start, StandardCharsets.UTF_8);
    }
}
