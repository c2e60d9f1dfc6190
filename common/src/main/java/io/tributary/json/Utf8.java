package io.tributary.json;

/** Checking UTF-8. */
public final class Utf8 {
    private Utf8() {}

    /** Whether the bytes are valid UTF-8 (RFC 3629: no overlong forms, no surrogates). */
    public static boolean isValid(byte[] bytes, int from, int to) {
        int i = from;
        while (true) {
            while (i + 8 <= to && Scan.isAscii(Scan.word(bytes, i))) {
                i += 8;
            }
            while (i < to && bytes[i] >= 0) {
                i++;
            }
            if (i >= to) {
                return true;
            }
            int length = sequence(bytes, i, to);
            if (length == 0) {
                return false;
            }
            i += length;
        }
    }

    /** The length of the multi-byte sequence at {@code i}, 0 if it is invalid. */
    private static int sequence(byte[] bytes, int i, int to) {
        int first = bytes[i] & 0xff;
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || i + length > to) {
            return 0;
        }
        int second = bytes[i + 1] & 0xff;
        int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int k = i + 2; k < i + length; k++) {
            if ((bytes[k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
