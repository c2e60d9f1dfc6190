package io.tributary.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Numbers as text. */
public final class Numbers {
    /** More than any number has that a {@code double} holds and a program prints. */
    private static final int MOST_CHARACTERS = 64;

    /** More than the decimal places, or trailing zeros, of any {@code double}. */
    private static final int LARGEST_SCALE = 400;

    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

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

    /**
     * Whether a JSON number is what everybody makes of it: an integer that a {@code long} holds, or a decimal that is the same once it
     * went through a {@code double}. Others are rounded by one reader and refused by the next.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc7493#section-2.2">I-JSON, numbers</a>
     */
    public static boolean isExact(byte[] bytes, int from, int to) {
        if (isLong(bytes, from, to)) {
            return true;
        }
        if (to - from > MOST_CHARACTERS) {
            return false;
        }
        String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            return false; // an exponent beyond that of any number
        }
        if (number.scale() == 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0) {
            return number.compareTo(LEAST) >= 0 && number.compareTo(MOST) <= 0;
        }
        double rounded = number.doubleValue();
        return Math.abs(number.scale()) <= LARGEST_SCALE
                && Double.isFinite(rounded)
                && new BigDecimal(Double.toString(rounded)).compareTo(number) == 0;
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
