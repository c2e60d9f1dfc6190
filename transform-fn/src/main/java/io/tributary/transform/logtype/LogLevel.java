package io.tributary.transform.logtype;

import io.tributary.ocsf.Severity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The levels of logging libraries as OCSF severities, and where a line of text names its level.
 *
 * <p>A line's level is only what stands where libraries write it: at the beginning, behind a time, or in {@code
 * level=…} of a line of {@code key=value}. A word within a sentence is none.
 */
final class LogLevel {
    /** The place of a level that is not there. */
    static final long NOWHERE = -1;

    private record Word(byte[] lowerCase, Severity severity) {}

    private static final List<Word> WORDS = List.of(
            word("trace", Severity.INFORMATIONAL),
            word("debug", Severity.INFORMATIONAL),
            word("verbose", Severity.INFORMATIONAL),
            word("fine", Severity.INFORMATIONAL),
            word("finer", Severity.INFORMATIONAL),
            word("finest", Severity.INFORMATIONAL),
            word("config", Severity.INFORMATIONAL),
            word("info", Severity.INFORMATIONAL),
            word("information", Severity.INFORMATIONAL),
            word("informational", Severity.INFORMATIONAL),
            word("note", Severity.INFORMATIONAL),
            word("notice", Severity.LOW),
            word("warn", Severity.MEDIUM),
            word("warning", Severity.MEDIUM),
            word("err", Severity.HIGH),
            word("error", Severity.HIGH),
            word("severe", Severity.HIGH),
            word("crit", Severity.CRITICAL),
            word("critical", Severity.CRITICAL),
            word("alert", Severity.CRITICAL),
            word("dpanic", Severity.CRITICAL),
            word("panic", Severity.FATAL),
            word("fatal", Severity.FATAL),
            word("emerg", Severity.FATAL),
            word("emergency", Severity.FATAL));

    /** Syslog's numbers 0 to 7, as in GELF. */
    private static final Severity[] SYSLOG = {
        Severity.FATAL,
        Severity.CRITICAL,
        Severity.CRITICAL,
        Severity.HIGH,
        Severity.MEDIUM,
        Severity.LOW,
        Severity.INFORMATIONAL,
        Severity.INFORMATIONAL
    };

    /** The tens of pino and bunyan: trace 10 to fatal 60. */
    private static final Severity[] TENS = {
        Severity.UNKNOWN,
        Severity.INFORMATIONAL,
        Severity.INFORMATIONAL,
        Severity.INFORMATIONAL,
        Severity.MEDIUM,
        Severity.HIGH,
        Severity.FATAL
    };

    /** What may stand in a time besides figures. */
    private static final List<byte[]> CALENDAR = words(
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed",
            "thu", "fri", "sat", "sun", "utc", "gmt", "am", "pm");

    private static final List<byte[]> LEVEL_KEYS = words("level=", "lvl=", "severity=", "loglevel=", "log_level=");

    /** How far into a line its level is looked for. */
    private static final int LONGEST_PREFIX = 200;

    private static final int LONGEST_BRACKET = 64;

    private LogLevel() {}

    private static Word word(String lowerCase, Severity severity) {
        return new Word(lowerCase.getBytes(StandardCharsets.US_ASCII), severity);
    }

    private static List<byte[]> words(String... words) {
        return Arrays.stream(words)
                .map(word -> word.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    /** The severity that a word means, in either case; {@link Severity#UNKNOWN} if it is no level. */
    static Severity ofWord(byte[] text, int from, int to) {
        for (Word word : WORDS) {
            if (to - from == word.lowerCase.length && startsWith(text, from, to, word.lowerCase)) {
                return word.severity;
            }
        }
        return ofGlogLetter(text, from, to);
    }

    private static Severity ofGlogLetter(byte[] text, int from, int to) {
        if (to - from != 1) {
            return Severity.UNKNOWN;
        }
        return switch (text[from]) {
            case 'D', 'I' -> Severity.INFORMATIONAL;
            case 'W' -> Severity.MEDIUM;
            case 'E' -> Severity.HIGH;
            case 'F' -> Severity.FATAL;
            default -> Severity.UNKNOWN;
        };
    }

    /** The severity that a number means: one of syslog's eight, or of pino's and bunyan's tens. */
    static Severity ofNumber(long level) {
        if (level >= 0 && level < SYSLOG.length) {
            return SYSLOG[(int) level];
        }
        return level > 0 && level % 10 == 0 && level / 10 < TENS.length ? TENS[(int) level / 10] : Severity.UNKNOWN;
    }

    /** Where the first line names its level: {@code from << 32 | to}, or {@link #NOWHERE}. */
    static long find(byte[] text, int from, int to) {
        int limit = lineEnd(text, from, Math.min(to, from + LONGEST_PREFIX));
        int first = skipBlanks(text, from, limit);
        int firstEnd = tokenEnd(text, first, limit);
        if (isGlog(text, first, limit)) {
            return place(first, first + 1);
        }
        if (isKeyAndValue(text, first, firstEnd)) {
            return findKey(text, first, limit);
        }
        return findInPrefix(text, first, limit, startsAsTime(text, first, firstEnd));
    }

    private static long place(int from, int to) {
        return (long) from << 32 | to;
    }

    /** {@code E0131 10:20:30.123456}, as glog and klog write. */
    private static boolean isGlog(byte[] text, int from, int to) {
        if (to - from < 11 || text[from + 5] != ' ' || text[from + 8] != ':') {
            return false;
        }
        for (int i = from + 1; i < from + 5; i++) {
            if (!isDigit(text[i])) {
                return false;
            }
        }
        return ofGlogLetter(text, from, from + 1) != Severity.UNKNOWN;
    }

    private static boolean isKeyAndValue(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == '=') {
                return i > from;
            }
            if (!isLetter(text[i]) && !isDigit(text[i]) && "_-.@".indexOf(text[i]) < 0) {
                return false;
            }
        }
        return false;
    }

    private static long findKey(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (i == from || isBlank(text[i - 1])) {
                for (byte[] key : LEVEL_KEYS) {
                    if (startsWith(text, i, to, key)) {
                        return word(text, i + key.length, to);
                    }
                }
            }
        }
        return NOWHERE;
    }

    /** A level that begins here, perhaps quoted, or nowhere. */
    private static long word(byte[] text, int at, int to) {
        int from = at < to && text[at] == '"' ? at + 1 : at;
        int end = from;
        while (end < to && isLetter(text[end])) {
            end++;
        }
        return ofWord(text, from, end) == Severity.UNKNOWN ? NOWHERE : place(from, end);
    }

    /** Whether a line's first token is, or is the beginning of, a time. */
    private static boolean startsAsTime(byte[] text, int from, int to) {
        int digits = 0;
        int signs = 0;
        for (int i = from; i < to; i++) {
            digits += isDigit(text[i]) ? 1 : 0;
            signs += "-:/.".indexOf(text[i]) >= 0 ? 1 : 0;
        }
        return digits > 2 && signs > 0 || isCalendar(text, from, to) || from < to && text[from] == '[';
    }

    /** Goes through what libraries write before a message, and gives up where the message must have begun. */
    private static long findInPrefix(byte[] text, int first, int limit, boolean timed) {
        int names = 0;
        int i = first;
        while (i < limit) {
            byte b = text[i];
            if (b == '[' || b == '<' || b == '(') {
                int close = closing(text, i, limit);
                if (close > 0) {
                    long level = inBrackets(text, i + 1, close);
                    if (level != NOWHERE) {
                        return level;
                    }
                    i = skipBlanks(text, close + 1, limit);
                    continue;
                }
            }
            int end = tokenEnd(text, i, limit);
            int wordEnd = wordEnd(text, i, end);
            boolean colon = wordEnd < end && text[wordEnd] == ':';
            boolean field = i > first && text[i - 1] == '\t' && (end == limit || text[end] == '\t');
            boolean anyCase = colon && (i == first || timed) || field;
            if ((anyCase || isUpperCase(text, i, wordEnd))
                    && wordEnd - i > 1
                    && isTokenEnd(text, wordEnd, end)
                    && ofWord(text, i, wordEnd) != Severity.UNKNOWN) {
                return place(i, wordEnd);
            }
            boolean process = end < limit && text[end] == '[';
            if (!process && isName(text, i, end)) {
                names++;
                boolean sentence = !timed || names > 1 || isCapitalised(text, i, end);
                if (sentence) {
                    return NOWHERE;
                }
            }
            i = skipBlanks(text, end, limit);
        }
        return NOWHERE;
    }

    private static boolean isTokenEnd(byte[] text, int wordEnd, int end) {
        return wordEnd == end || wordEnd + 1 == end && ":,-".indexOf(text[wordEnd]) >= 0 || text[wordEnd] == ':';
    }

    private static int closing(byte[] text, int open, int limit) {
        byte close = (byte) (text[open] == '[' ? ']' : text[open] == '<' ? '>' : ')');
        for (int i = open + 1; i < Math.min(limit, open + LONGEST_BRACKET); i++) {
            if (text[i] == close) {
                return i;
            }
        }
        return -1;
    }

    /** {@code [error]}, {@code [WARN ]}, or {@code [core:error]} as Apache writes. */
    private static long inBrackets(byte[] text, int from, int to) {
        int end = to;
        while (end > from && text[end - 1] == ' ') {
            end--;
        }
        int start = end;
        while (start > from && isLetter(text[start - 1])) {
            start--;
        }
        boolean whole = start == from || text[start - 1] == ':' || text[start - 1] == ' ';
        return whole && end - start > 1 && ofWord(text, start, end) != Severity.UNKNOWN ? place(start, end) : NOWHERE;
    }

    /**
     * Whether a token is a plain word, such as the name of a thread or host; not a number, time, class or separator.
     */
    private static boolean isName(byte[] text, int from, int to) {
        boolean letter = false;
        for (int i = from; i < to; i++) {
            if (isDigit(text[i]) || "/.@#:=_".indexOf(text[i]) >= 0) {
                return false;
            }
            letter |= isLetter(text[i]) || text[i] < 0;
        }
        return letter && !isCalendar(text, from, to);
    }

    private static boolean isCalendar(byte[] text, int from, int to) {
        int end = to > from && text[to - 1] == ',' ? to - 1 : to;
        for (byte[] word : CALENDAR) {
            if (end - from == word.length && startsWith(text, from, to, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCapitalised(byte[] text, int from, int to) {
        return to - from > 1 && isUpper(text[from]) && !isUpper(text[from + 1]);
    }

    private static boolean isUpperCase(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isUpper(text[i])) {
                return false;
            }
        }
        return true;
    }

    // ---- bytes

    private static int lineEnd(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == '\n') {
                return i;
            }
        }
        return to;
    }

    private static int skipBlanks(byte[] text, int from, int to) {
        int i = from;
        while (i < to && (isBlank(text[i]) || text[i] == '|')) {
            i++;
        }
        return i;
    }

    private static int tokenEnd(byte[] text, int from, int to) {
        int i = from;
        while (i < to && !isBlank(text[i]) && text[i] != '|' && (i == from || text[i] != '[')) {
            i++;
        }
        return i;
    }

    private static int wordEnd(byte[] text, int from, int to) {
        int i = from;
        while (i < to && isLetter(text[i])) {
            i++;
        }
        return i;
    }

    /** Whether the lower-case word stands at {@code from}, in either case. */
    private static boolean startsWith(byte[] text, int from, int to, byte[] word) {
        if (from + word.length > to) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            byte b = text[from + i];
            if ((isUpper(b) ? b | 0x20 : b) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isUpper(byte b) {
        return b >= 'A' && b <= 'Z';
    }

    private static boolean isLetter(byte b) {
        return isUpper(b) || b >= 'a' && b <= 'z';
    }
}
