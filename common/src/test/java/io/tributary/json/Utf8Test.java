package io.tributary.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** {@link Utf8} against the decoder of the JDK, told to report whatever is wrong. */
class Utf8Test {
    @Provide
    Arbitrary<List<byte[]>> pieces() {
        Arbitrary<byte[]> characters = Arbitraries.of(
                        "a",
                        "eight888",
                        "é",
                        "\u0080",
                        "\u07ff",
                        "\u0800",
                        "\ud7ff",
                        "\ue000",
                        "\uffff",
                        "\ud83d\ude00")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> wrong = Arbitraries.of(
                bytes(0x80),
                bytes(0xc0, 0x80),
                bytes(0xc1, 0xbf),
                bytes(0xe0, 0x80, 0x80),
                bytes(0xed, 0xa0, 0x80),
                bytes(0xf0, 0x80, 0x80, 0x80),
                bytes(0xf4, 0x90, 0x80, 0x80),
                bytes(0xff),
                bytes(0xe2, 0x82));
        return Arbitraries.oneOf(characters, characters, characters, wrong)
                .list()
                .ofMaxSize(8);
    }

    @Property(tries = 2000)
    void exactlyWhatTheJdkDecodesIsValid(@ForAll("pieces") List<byte[]> pieces) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        pieces.forEach(bytes::writeBytes);
        assertAsTheJdk(bytes.toByteArray());
    }

    @Property
    void exactlyWhatTheJdkDecodesOfAnyBytesIsValid(@ForAll byte[] bytes) {
        assertAsTheJdk(bytes);
    }

    @Test
    void everyPairOfBytesIsJudgedAsTheJdkDoes() {
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                assertAsTheJdk(bytes(first, second));
                assertAsTheJdk(bytes(first, second, 0x80));
                assertAsTheJdk(bytes(first, second, 0xbf, 0xbf));
            }
        }
    }

    @Test
    void aSequenceThatTheRangeCutsOffIsInvalid() {
        byte[] bytes = "x€".getBytes(StandardCharsets.UTF_8);
        assertThat(Utf8.isValid(bytes, 0, 4)).isTrue();
        assertThat(Utf8.isValid(bytes, 0, 3)).isFalse();
        assertThat(Utf8.isValid(bytes, 2, 4)).isFalse();
        assertThat(Utf8.isValid(bytes, 0, 1)).isTrue();
        assertThat(Utf8.isValid(bytes, 1, 1)).isTrue();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static void assertAsTheJdk(byte[] bytes) {
        assertThat(Utf8.isValid(bytes, 0, bytes.length)).as("%s", bytes).isEqualTo(isDecodable(bytes));
    }

    private static boolean isDecodable(byte[] bytes) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
