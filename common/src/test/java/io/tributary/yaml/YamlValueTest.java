package io.tributary.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlValueTest {
    enum Size {
        SMALL,
        VERY_LARGE
    }

    @Test
    void valuesAreThoseOfJson() throws YamlException {
        assertThat(parse("a: 1\nb: [x, 2.5, true, null, '3']\nc: {d: 0x10, e: 1e400}\n")
                        .toJson())
                .hasToString("{\"a\":1,\"b\":[\"x\",2.5,true,null,\"3\"],\"c\":{\"d\":16,\"e\":1E+400}}");
    }

    @Test
    void whatOldYamlTookForSomethingElseIsText() throws YamlException {
        assertThat(parse("[no, NO, on, 12:30, 2026-03-01, y]").texts())
                .containsExactly("no", "NO", "on", "12:30", "2026-03-01", "y");
        assertThat(parse("[no, 2026-03-01]").toJson()).allMatch(element -> element.isTextual());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: 1\\na: 2                   | f.yaml:2: 'a' stands twice
            a: [1                         | f.yaml:1:
            \\ta: 1                       | f.yaml:1:
            a: !x y                       | f.yaml:1: the tag !x is not supported
            a: 1\\nb: .inf                | f.yaml:2: '.inf' is no number that JSON has
            ? [x]\\n: y                   | f.yaml:1: Non scalar key
            a: 1\\n---\\nb: 2             | f.yaml:1: there are 2 documents in the file
            ''                            | f.yaml:1: there are 0 documents in the file
            a: &x [*x]                    | f.yaml:1: more than 100 levels deep
            """)
    void whatIsNoSuchFileIsToldWithItsLine(String text, String problem) {
        assertThatThrownBy(() -> parse(text.replace("\\n", "\n").replace("\\t", "\t")))
                .isInstanceOf(YamlException.class)
                .message()
                .startsWith(problem);
    }

    @Test
    void anchorsDoNotExpandASmallFileIntoALargeOne() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [lol]\n");
        for (int i = 1; i < 12; i++) {
            laughs.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
        }
        assertThatThrownBy(() -> parse(laughs.toString())).isInstanceOf(YamlException.class);
    }

    @Test
    void valuesAreAskedForByWhatTheyShouldBe() throws YamlException {
        YamlValue value = parse("size: very-large\ncount: 7\non: true\nnames: [a, b]\nnothing:\n");
        assertThat(value.required("size").constant(Size.class)).isEqualTo(Size.VERY_LARGE);
        assertThat(value.required("count").integer(1, 7)).isEqualTo(7);
        assertThat(value.required("on").bool()).isTrue();
        assertThat(value.required("names").texts()).containsExactly("a", "b");
        assertThat(value.member("nothing")).isEmpty();
        assertThat(value.required("names").line()).isEqualTo(4);
        fails("'nothing' is missing", () -> value.required("nothing"));
        fails(
                "f.yaml:2: '7' is none of small, very-large",
                () -> value.required("count").constant(Size.class));
        fails(
                "f.yaml:2: expected an integer from 1 to 6",
                () -> value.required("count").integer(1, 6));
        fails("f.yaml:2: expected true or false", () -> value.required("count").bool());
        fails("f.yaml:4: expected a text", () -> value.required("names").text());
        fails("f.yaml:2: expected a list", () -> value.required("count").elements());
        fails("f.yaml:2: 'count' is not known here; known are size", () -> value.members(List.of("size")));
    }

    private static void fails(String problem, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(YamlException.class).message().contains(problem);
    }

    private static YamlValue parse(String text) throws YamlException {
        return YamlValue.parse("f.yaml", text);
    }
}
