package io.tributary.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonOutputTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Name A = Name.of("a");
    private static final Name B = Name.of("b");

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.oneOf(
                Arbitraries.of(
                        "plain text", "\"", "\\", "\n", "\r", "\t", "\b", "\f", "\u0000", "\u001f", "/", "\u007f"),
                Arbitraries.of("é", "€", "\u2028", "\ud83d\ude00", "\uffff", "x".repeat(40)));
        return pieces.list().ofMaxSize(12).map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<String> validObject() {
        return JsonTexts.validObject();
    }

    // ---- texts

    @Property
    void aTextIsReadBackAsItWasWritten(@ForAll("texts") String text) throws JsonProcessingException {
        JsonOutput out = new JsonOutput(0);
        int object = out.openObject();
        out.member(A, text);
        out.closeObject(object);
        assertThat(JSON.readTree(out.toString()).path("a").textValue()).isEqualTo(text);
        assertThat(out.toString().chars()).as("no control characters").noneMatch(c -> c < ' ');
    }

    @Property
    void escapingAndUnescapingReturnTheText(@ForAll("texts") String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        JsonOutput escaped = new JsonOutput(0).escaped(utf8, 0, utf8.length);
        JsonOutput plain = new JsonOutput(0);
        assertThat(plain.unescaped(escaped.bytes(), 0, escaped.length())).isEqualTo(escaped.length());
        assertThat(plain.toString()).isEqualTo(text);
    }

    @Property
    void aRangeWithinOtherBytesIsWrittenAlone(@ForAll("texts") String text, @ForAll @IntRange(max = 9) int padding) {
        byte[] utf8 = ("\"".repeat(padding) + text + "\\".repeat(padding)).getBytes(StandardCharsets.UTF_8);
        byte[] alone = text.getBytes(StandardCharsets.UTF_8);
        JsonOutput expected = new JsonOutput(0).escaped(alone, 0, alone.length);
        JsonOutput actual = new JsonOutput(0).escaped(utf8, padding, utf8.length - padding);
        assertThat(actual.toString()).isEqualTo(expected.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "'\\u0041\\u00e9\\u20ac', 'Aé€'",
        "'\\ud83d\\ude00', '😀'",
        "'a\\/b', 'a/b'",
        "'\\ud83d', '\ufffd'",
        "'\\ude00x', '\ufffdx'",
        "'\\ud83d\\ud83d\\ude00', '\ufffd😀'",
        "'\\ud83d\\u0041', '\ufffdA'"
    })
    void unescapingDecodesAndReplacesSurrogatesWithoutTheirPair(String escaped, String text) {
        byte[] bytes = escaped.getBytes(StandardCharsets.UTF_8);
        JsonOutput plain = new JsonOutput(0);
        assertThat(plain.unescaped(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(plain.toString()).isEqualTo(text);
    }

    @Test
    void unescapingEndsAtTheClosingQuote() {
        byte[] bytes = "ab\\\"c\",\"d\"".getBytes(StandardCharsets.UTF_8);
        JsonOutput plain = new JsonOutput(0);
        assertThat(plain.unescaped(bytes, 0, bytes.length)).isEqualTo(5);
        assertThat(plain.toString()).isEqualTo("ab\"c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab\\x", "ab\\", "ab\\u12", "ab\\u12g4", "ab\n", "ab\u0000"})
    void unescapingTellsWhereAnInvalidEscapeOrControlCharacterIs(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(new JsonOutput(0).unescaped(bytes, 0, bytes.length)).isEqualTo(-1 - 2);
    }

    @Property
    void everyLongIsWrittenInDecimal(@ForAll long value) {
        assertThat(new JsonOutput(0).decimal(value)).hasToString(Long.toString(value));
    }

    @Property
    void digitsHaveLeadingZeros(@ForAll @IntRange(max = 999_999_999) int value) {
        assertThat(new JsonOutput(0).digits(value, 9)).hasToString(String.format("%09d", value));
    }

    @Test
    void lengthsAroundPowersOfTenAreRight() {
        for (long power = 1; power <= 1_000_000_000_000_000_000L / 10; power *= 10) {
            for (long value : new long[] {power - 1, power, power + 1, -power}) {
                assertThat(new JsonOutput(0).decimal(value)).hasToString(Long.toString(value));
            }
        }
    }

    // ---- structure

    @Test
    void commasStandBetweenMembersAndElementsAndNowhereElse() {
        JsonOutput out = new JsonOutput(0);
        int object = out.openObject();
        out.member(A, 1);
        int array = out.openArray(B);
        out.element().string("x");
        int inner = out.openObject();
        out.member(A, true);
        out.closeObject(inner);
        out.element().string("{");
        out.closeArray(array);
        out.member(A, "[");
        out.member(B, -5);
        out.closeObject(object);
        assertThat(out).hasToString("{\"a\":1,\"b\":[\"x\",{\"a\":true},\"{\"],\"a\":\"[\",\"b\":-5}");
    }

    @Test
    void whatStayedEmptyIsTakenBackWithItsNameAndComma() {
        JsonOutput out = new JsonOutput(0);
        int object = out.openObject();
        out.member(A, 1);
        int outer = out.openObject(B);
        int inner = out.openArray(A);
        assertThat(out.closeArray(inner)).isFalse();
        assertThat(out.closeObject(outer)).isFalse();
        assertThat(out.closeObject(object)).isTrue();
        assertThat(out).hasToString("{\"a\":1}");
    }

    @Test
    void aLineFeedStartsANewDocument() {
        JsonOutput out = new JsonOutput(0);
        for (int i = 0; i < 2; i++) {
            int object = out.openObject();
            out.member(A, i);
            out.closeObject(object);
            out.raw((byte) '\n');
        }
        assertThat(out).hasToString("{\"a\":0}\n{\"a\":1}\n");
    }

    @Test
    void namesAreWrittenWhateverTheirLength() {
        for (int length = 0; length < 40; length++) {
            String text = "n".repeat(length);
            JsonOutput out = new JsonOutput(0);
            int object = out.openObject();
            out.member(Name.of(text), 1);
            out.member(Name.of(text), 2);
            out.closeObject(object);
            assertThat(out).hasToString("{\"" + text + "\":1,\"" + text + "\":2}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\\b", "é", "a\nb"})
    void aNameThatNeedsEscapesIsRefused(String text) {
        assertThatThrownBy(() -> Name.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    // ---- copying

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'\"x\\\"y\"'; '\"x\\\"y\"'",
                "12.50; '\"12.50\"'",
                "true; '\"true\"'",
                "'{\"k\":[\"v\"]}'; '\"{\\\"k\\\":[\\\"v\\\"]}\"'"
            })
    void anyValueIsCopiedAsAString(String source, String expected) {
        JsonText json = parse("{\"a\":" + source + "}");
        JsonOutput out = new JsonOutput(0);
        assertThat(out.string(B, json, json.find(A))).isTrue();
        assertThat(out).hasToString("\"b\":" + expected);
        assertThat(json.isTaken(json.find(A))).isTrue();
    }

    @Test
    void whatIsAbsentOrNullOrOfAnotherTypeIsNotCopiedAndNotTaken() {
        JsonText json = parse("{\"a\":null,\"b\":\"x\"}");
        JsonOutput out = new JsonOutput(0);
        int absent = json.find(Name.of("c"));
        int isNull = json.find(A);
        int text = json.find(B);
        assertThat(out.copy(A, json, absent) || out.copy(A, json, isNull)).isFalse();
        assertThat(out.string(A, json, absent) || out.string(A, json, isNull)).isFalse();
        assertThat(out.text(A, json, absent) || out.repeat(A, json, isNull)).isFalse();
        assertThat(out.object(A, json, absent) || out.stringElement(json, isNull))
                .isFalse();
        assertThat(out.integer(A, json, text) || out.integer(A, json, absent)).isFalse();
        assertThat(out.bool(A, json, text) || out.bool(A, json, absent)).isFalse();
        assertThat(out.length()).isZero();
        assertThat(json.isTaken(text)).isFalse();
    }

    @Test
    void aRepeatedValueIsLeftForItsOwnPlaceToo() {
        JsonText json = parse("{\"a\":\"x\",\"b\":\"y\"}");
        JsonOutput out = new JsonOutput(0);
        assertThat(out.repeat(A, json, json.find(A))).isTrue();
        assertThat(json.isTaken(json.find(A))).isFalse();
        json.take(json.find(B));
        out.repeat(B, json, json.find(B));
        assertThat(json.isTaken(json.find(B))).as("as before").isTrue();
    }

    @Test
    void aFreeFormValueIsCopiedAsAnObject() {
        JsonText json = parse("{\"a\":{\"x\":1},\"b\":[1,\"2\"],\"c\":null}");
        JsonOutput out = new JsonOutput(0);
        int object = out.openObject();
        assertThat(out.object(A, json, json.find(A))).isTrue();
        assertThat(out.object(B, json, json.find(B))).isTrue();
        assertThat(out.object(A, json, json.find(Name.of("c")))).isFalse();
        out.closeObject(object);
        assertThat(out).hasToString("{\"a\":{\"x\":1},\"b\":{\"value\":[1,\"2\"]}}");
    }

    // ---- what is left

    @Property(tries = 1500)
    void theRemainderIsEverythingThatWasNotTakenAndNothingElse(
            @ForAll("validObject") String text, @ForAll List<@IntRange(max = 63) Integer> picks)
            throws JsonProcessingException {
        JsonText json = parse(text);
        List<Integer> values = new ArrayList<>();
        collect(json, json.root(), values);
        Set<Integer> taken = new TreeSet<>();
        for (int pick : picks) {
            if (!values.isEmpty()) {
                int node = values.get(pick % values.size());
                json.take(node);
                taken.add(node);
            }
        }
        JsonOutput out = new JsonOutput(0);
        int object = out.openObject();
        boolean written = out.remainder(A, json, json.root());
        out.closeObject(object);
        assertThat(out.toString()).doesNotContain("\n", "\r");
        JsonNode remainder = JSON.readTree(out.toString()).path("a");
        assertThat(remainder.isMissingNode()).isEqualTo(!written);

        List<String> expected = new ArrayList<>();
        expectedLeaves(json, json.root(), "", taken, expected);
        List<String> actual = new ArrayList<>();
        if (written) {
            JsonText rest = parse(out.toString());
            expectedLeaves(rest, rest.find(A), "", Set.of(), actual);
        }
        assertThat(actual).isEqualTo(expected);
    }

    /** Every value below a node, looked into as a mapping does. */
    private static void collect(JsonText json, int node, List<Integer> values) {
        for (int child = json.first(node); child != JsonText.NONE; child = json.next(child)) {
            values.add(child);
            collect(json, child, values);
        }
    }

    /** The values that are to remain, with their paths; an array's elements move up, so it has no positions. */
    private static void expectedLeaves(JsonText json, int node, String path, Set<Integer> taken, List<String> leaves) {
        if (taken.contains(node)) {
            return;
        }
        if (json.isObject(node) || json.isArray(node)) {
            for (int child = json.first(node); child != JsonText.NONE; child = json.next(child)) {
                String step = json.isObject(node)
                        ? "." + json.text(json.nameOf(child)).orElseThrow()
                        : "[]";
                expectedLeaves(json, child, path + step, taken, leaves);
            }
        } else if (!json.isNull(node) || path.endsWith("[]")) {
            leaves.add(path + "=" + slice(json, node));
        }
    }

    @Test
    void whatNobodyLookedIntoRemainsByteForByte() {
        String untouched = "{\"k\" : [ null , {} , \"\\u0041\" ] }";
        JsonText json = parse("{\"a\":" + untouched + ",\"b\":null,\"c\":{}}");
        JsonOutput out = new JsonOutput(0);
        json.find(B);
        out.remainder(A, json, json.root());
        assertThat(out.toString()).isEqualTo("\"a\":{\"a\":" + untouched + ",\"c\":{}}");
    }

    @Test
    void theRemainingMembersOfAnObjectGoIntoTheOneThatIsOpen() {
        JsonText json = parse("{\"a\":1,\"b\":{\"a\":2},\"c\":3}");
        json.take(json.find(A));
        json.take(json.find(B, A));
        JsonOutput out = new JsonOutput(0);
        int object = out.openObject();
        out.member(B, 0);
        out.remainingMembers(json, json.root());
        out.closeObject(object);
        assertThat(out).hasToString("{\"b\":0,\"c\":3}");
    }

    private static JsonText parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonText json = new JsonText();
        assertThat(json.parse(bytes, 0, bytes.length)).as(text).isTrue();
        return json;
    }

    private static String slice(JsonText json, int node) {
        return new String(Arrays.copyOfRange(json.bytes(), json.start(node), json.end(node)), StandardCharsets.UTF_8);
    }
}
