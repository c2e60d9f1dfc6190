package io.tributary.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks for the bytes that end a run of plain text in a JSON string: the quote, the backslash and control characters; and for
 * those that end a line. Eight bytes at a time, by arithmetic on a {@code long}, which native images compile as well as the JVM does.
 *
 * @see <a href="https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord">Determine if a word has a zero byte</a>
 */
public final class Scan {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final long BLANKS = ' ' * ONES;

    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (int b = ' '; b < 256; b++) {
            PLAIN[b] = b != '"' && b != '\\';
        }
    }

    private Scan() {}

    /** Whether a byte may stand in a JSON string as it is. */
    public static boolean isPlain(byte b) {
        return PLAIN[b & 0xff];
    }

    /** The position of the first byte that is not plain; {@code to} if all are. */
    public static int plain(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long special = special(word(bytes, i));
            if (special != 0) {
                return i + (Long.numberOfTrailingZeros(special) >>> 3);
            }
        }
        while (i < to && PLAIN[bytes[i] & 0xff]) {
            i++;
        }
        return i;
    }

    /** The position of the first line feed; {@code to} if there is none. */
    public static int lineFeed(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long feeds = word(bytes, i) ^ LINE_FEEDS;
            long found = feeds - ONES & ~feeds & HIGH_BITS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < to && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    static long word(byte[] bytes, int at) {
        return (long) WORDS.get(bytes, at);
    }

    static void setWord(byte[] bytes, int at, long word) {
        WORDS.set(bytes, at, word);
    }

    /** Not zero if a byte of the word is not plain; the lowest bit set is in the first that is not. */
    static long special(long word) {
        long quotes = word ^ QUOTES;
        long backslashes = word ^ BACKSLASHES;
        return ((quotes - ONES & ~quotes) | (backslashes - ONES & ~backslashes) | (word - BLANKS & ~word)) & HIGH_BITS;
    }

    /** How many bytes of the word, from the first, are plain. */
    static int run(long word) {
        // without any bit the count of zeros is that of the word: eight bytes
        return Long.numberOfTrailingZeros(special(word)) >>> 3;
    }

    /** Whether all bytes of the word are ASCII. */
    static boolean isAscii(long word) {
        return (word & HIGH_BITS) == 0;
    }
}
