package io.tributary.json;

/** Integers as text. */
public final class Numbers {
    private Numbers() {}

    /** Whether the bytes are a JSON integer of at most 18 digits, which always fits a {@code long}. */
    public static boolean isLong(byte[] bytes, int from, int to) {
        int i = from < to && bytes[from] == '-' ? from + 1 : from;
        int digits = to - i;
        if (digits < 1 || digits > 18 || bytes[i] == '0' && digits > 1) {
            return false;
        }
        for (; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** The value of bytes for which {@link #isLong} holds. */
    public static long parseLong(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return negative ? -value : value;
    }
}
