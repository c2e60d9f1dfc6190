package io.tributary.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link JsonText} against Jackson: the same texts are accepted, and the same values read. */
class JsonTextTest {
    private static final Name A = Name.of("a");

    @Provide
    Arbitrary<String> valid() {
        return JsonTexts.valid();
    }

    @Provide
    Arbitrary<String> validObject() {
        return JsonTexts.validObject();
    }

    @Provide
    Arbitrary<String> damaged() {
        return JsonTexts.damaged();
    }

    @Provide
    Arbitrary<byte[]> anyBytes() {
        return JsonTexts.anyBytes();
    }

    @Property(tries = 2000)
    void validTextsAreReadAsJacksonReadsThem(@ForAll("valid") String text) {
        assertThat(Jackson.read(text)).as("the generator makes valid texts").isPresent();
        assertAlike(text);
    }

    @Property(tries = 4000)
    void damagedTextsAreAcceptedExactlyWhenJacksonAcceptsThem(@ForAll("damaged") String text) {
        assertAlike(text);
    }

    @Property(tries = 2000)
    void anyUtf8IsAcceptedExactlyWhenJacksonAcceptsIt(@ForAll("anyBytes") byte[] bytes) {
        if (Utf8.isValid(bytes, 0, bytes.length)) {
            assertAlike(new String(bytes, StandardCharsets.UTF_8));
        } else {
            // the bytes are garbage, and whatever is made of them, it is no exception
            new JsonText().parse(bytes, 0, bytes.length);
        }
    }

    @Property(tries = 500)
    void aRangeOfALongerTextIsReadAsIfItStoodAlone(@ForAll("valid") String text) {
        byte[] middle = text.getBytes(StandardCharsets.UTF_8);
        byte[] padded = ("\"{[1," + text + "]}\"\\").getBytes(StandardCharsets.UTF_8);
        JsonText json = new JsonText();
        assertThat(json.parse(padded, 5, 5 + middle.length)).isTrue();
        assertThat(tokens(json)).isEqualTo(Jackson.read(text).orElseThrow().iJson());
    }

    @Property(tries = 500)
    void anInstanceRemembersNothingOfTheTextBefore(@ForAll("damaged") String before, @ForAll("damaged") String text) {
        JsonText used = parse(before);
        if (used.root() != JsonText.NONE) {
            used.find(used.root(), A);
            used.take(used.root());
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonText fresh = new JsonText();
        assertThat(used.parse(bytes, 0, bytes.length)).isEqualTo(fresh.parse(bytes, 0, bytes.length));
        assertThat(tokens(used)).isEqualTo(tokens(fresh));
        assertThat(used.problem()).isEqualTo(fresh.problem());
        if (used.root() != JsonText.NONE) {
            assertThat(used.isTaken(used.root())).isFalse();
        }
    }

    @Property(tries = 1000)
    void aMemberIsFoundByNameWhereverTheLastSearchEnded(
            @ForAll("validObject") String text, @ForAll List<Boolean> searches) {
        JsonText json = parse(text);
        List<String> names = List.of("a", "b", "ab", "", "eventName", "absent");
        for (int i = 0; i < searches.size() * 2 + names.size(); i++) {
            String name = names.get((i * (i < searches.size() && searches.get(i) ? 5 : 1)) % names.size());
            assertThat(json.find(json.root(), Name.of(name))).isEqualTo(firstMember(json, name));
        }
    }

    private static int firstMember(JsonText json, String name) {
        for (int member = json.first(json.root()); member != JsonText.NONE; member = json.next(member)) {
            int key = json.nameOf(member);
            // an escaped name is another name: it is left where it is
            if (json.is(key, name) && !json.isEscaped(key)) {
                return member;
            }
        }
        return JsonText.NONE;
    }

    @Property(tries = 500)
    void whereATextHasLineBreaksTheIndexedCopyHasNone(@ForAll("valid") String text) {
        JsonText json = parse(text);
        if (text.contains("\n") || text.contains("\r")) {
            String copy = new String(json.bytes(), json.start(0), json.end(0) - json.start(0), StandardCharsets.UTF_8);
            assertThat(copy).doesNotContain("\n", "\r");
            assertThat(Jackson.read(copy).orElseThrow().tokens())
                    .isEqualTo(Jackson.read(text).orElseThrow().iJson());
        }
    }

    @Test
    void aWideTextGrowsTheIndex() {
        String text = "[" + "{\"a\":\"b\"},".repeat(5000) + "1]";
        assertThat(tokens(parse(text)))
                .isEqualTo(Jackson.read(text).orElseThrow().iJson());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1", "\"a", "{\"a\"", "{\"a\":", "tru", "{\"a\":1,", "-", "1e"})
    void aTextThatEndsEarlyIsRejectedWithAReasonAndItsPlace(String text) {
        JsonText json = parse(text);
        assertThat(json.root()).isEqualTo(JsonText.NONE);
        assertThat(json.problem()).isNotEmpty().contains(" at byte ");
    }

    @Test
    void lookUpsInWhatIsAbsentFindNothing() {
        JsonText json = parse("{\"a\":[1,2],\"b\":null,\"c\":\"\"}");
        int absent = json.find(Name.of("x"), A);
        assertThat(absent).isEqualTo(JsonText.NONE);
        assertThat(json.find(absent, A)).isEqualTo(JsonText.NONE);
        assertThat(json.find(json.find(A), A)).as("in an array").isEqualTo(JsonText.NONE);
        assertThat(json.first(absent)).isEqualTo(JsonText.NONE);
        assertThat(json.isNull(absent)).isTrue();
        assertThat(json.isNull(json.find(Name.of("b")))).isTrue();
        assertThat(json.isEmpty(absent)).isTrue();
        assertThat(json.isEmpty(json.find(Name.of("c")))).isTrue();
        assertThat(json.isObject(absent) || json.isArray(absent) || json.isString(absent) || json.isInteger(absent))
                .isFalse();
        assertThat(json.kind(absent)).isEqualTo(JsonText.Kind.NULL);
        assertThat(json.text(absent)).isEmpty();
        assertThat(json.integer(absent, 7)).isEqualTo(7);
        assertThat(json.is(absent, "")).isFalse();
        assertThat(json.startsWith(absent, "")).isFalse();
        assertThat(json.endsWith(absent, "")).isFalse();
        json.take(absent);
    }

    @Test
    void integersAreReadFromNumbersAndFromStrings() {
        JsonText json = parse("[12,\"-34\",1.0,\"x\",1234567890123456789,true,\"\"]");
        List<Long> values = new ArrayList<>();
        for (int element = json.first(json.root()); element != JsonText.NONE; element = json.next(element)) {
            values.add(json.integer(element, 99));
        }
        assertThat(values).containsExactly(12L, -34L, 99L, 99L, 99L, 99L, 99L);
    }

    @Test
    void stringsAreComparedWithTextAndItsEnds() {
        JsonText json = parse("\"ConsoleLogin\"");
        int node = json.root();
        assertThat(json.is(node, "ConsoleLogin")).isTrue();
        assertThat(json.is(node, "ConsoleLogi")).isFalse();
        assertThat(json.is(node, "ConsoleLogin ")).isFalse();
        assertThat(json.startsWith(node, "Console")).isTrue();
        assertThat(json.startsWith(node, "onsole")).isFalse();
        assertThat(json.startsWith(node, "ConsoleLogin.")).isFalse();
        assertThat(json.endsWith(node, "Login")).isTrue();
        assertThat(json.endsWith(node, "Logi")).isFalse();
    }

    // ---- the comparison

    private static void assertAlike(String text) {
        JsonText json = parse(text);
        Optional<Jackson.Reading> expected = Jackson.read(text);
        assertThat(json.root() != JsonText.NONE)
                .as("accepted: %s (%s)", text, json.problem())
                .isEqualTo(expected.isPresent());
        expected.ifPresent(reading -> assertThat(tokens(json)).isEqualTo(reading.iJson()));
    }

    private static JsonText parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonText json = new JsonText();
        boolean accepted = json.parse(bytes, 0, bytes.length);
        assertThat(json.root() != JsonText.NONE).isEqualTo(accepted);
        assertThat(json.problem().isEmpty()).isEqualTo(accepted);
        return json;
    }

    /** The index, flattened as {@link Jackson#read} does. */
    static List<String> tokens(JsonText json) {
        List<String> tokens = new ArrayList<>();
        if (json.root() != JsonText.NONE) {
            tokens(json, json.root(), tokens);
        }
        return tokens;
    }

    private static void tokens(JsonText json, int node, List<String> tokens) {
        switch (json.kind(node)) {
            case OBJECT, ARRAY -> {
                boolean object = json.isObject(node);
                tokens.add(object ? "{" : "[");
                assertThat(json.isEmpty(node)).isEqualTo(json.first(node) == JsonText.NONE);
                for (int child = json.first(node); child != JsonText.NONE; child = json.next(child)) {
                    if (object) {
                        tokens.add("N " + json.text(json.nameOf(child)).orElseThrow());
                    }
                    tokens(json, child, tokens);
                }
                tokens.add(object ? "}" : "]");
            }
            case STRING -> tokens.add("S " + json.text(node).orElseThrow());
            case NUMBER -> tokens.add("0 " + json.text(node).orElseThrow());
            case TRUE, FALSE -> tokens.add(json.text(node).orElseThrow());
            case NULL -> tokens.add(slice(json, node));
        }
    }

    private static String slice(JsonText json, int node) {
        return new String(Arrays.copyOfRange(json.bytes(), json.start(node), json.end(node)), StandardCharsets.UTF_8);
    }
}
