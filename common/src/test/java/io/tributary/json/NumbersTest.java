package io.tributary.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class NumbersTest {
    @Provide
    Arbitrary<String> numberLike() {
        return Arbitraries.strings().withChars("0123456789-+.e ").ofMaxLength(22);
    }

    @Property
    void whatIsALongIsAJsonIntegerOfAtMost18Digits(@ForAll("numberLike") String text) {
        boolean expected = text.matches("-?(0|[1-9][0-9]{0,17})");
        assertThat(isLong(text)).isEqualTo(expected);
        if (expected) {
            assertThat(parse(text)).isEqualTo(Long.parseLong(text));
        }
    }

    @Property
    void aLongOf18DigitsIsReadAsItWasWritten(
            @ForAll @LongRange(min = -999_999_999_999_999_999L, max = 999_999_999_999_999_999L) long value) {
        assertThat(isLong(Long.toString(value))).isTrue();
        assertThat(parse(Long.toString(value))).isEqualTo(value);
    }

    private static boolean isLong(String text) {
        byte[] bytes = ("9" + text + "9").getBytes(StandardCharsets.US_ASCII);
        return Numbers.isLong(bytes, 1, bytes.length - 1);
    }

    private static long parse(String text) {
        byte[] bytes = ("9" + text + "9").getBytes(StandardCharsets.US_ASCII);
        return Numbers.parseLong(bytes, 1, bytes.length - 1);
    }
}
