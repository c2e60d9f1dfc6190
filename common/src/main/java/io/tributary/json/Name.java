package io.tributary.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of an object member, encoded once: as it is looked up in a source and as it is written to a document.
 * Names are ASCII without characters that JSON escapes.
 */
public final class Name {
    final byte[] bytes;
    /** One of 64 bits: names of different bits are different. */
    final long bit;
    /**
     * The name as it is written, quoted and with its colon, and the same behind a comma: as words, because copying a few of
     * them is faster than copying bytes.
     */
    final long[] first;

    final long[] further;
    /** The bytes of {@code first}; {@code further} has one more. */
    final int length;

    private Name(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
                throw new IllegalArgumentException("a name is plain ASCII, not: " + text);
            }
        }
        bytes = text.getBytes(StandardCharsets.US_ASCII);
        bit = bit(bytes, 0, bytes.length);
        first = words('"' + text + "\":");
        further = words(",\"" + text + "\":");
        length = text.length() + 3;
    }

    /** The bit of a name: of its length and its first and last byte. */
    static long bit(byte[] text, int from, int to) {
        int length = to - from;
        // a shift takes the lowest six bits of its distance
        return length == 0 ? 1 : 1L << (length + text[from] * 7 + text[to - 1] * 31);
    }

    private static long[] words(String text) {
        byte[] padded = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), (text.length() + 7) & -8);
        long[] words = new long[padded.length / 8];
        for (int i = 0; i < words.length; i++) {
            words[i] = Scan.word(padded, i * 8);
        }
        return words;
    }

    public static Name of(String text) {
        return new Name(text);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
