package io.tributary.transform;

import io.tributary.transform.logtype.LogType;
import java.util.List;
import java.util.Locale;

/**
 * Which log groups are of which type.
 *
 * @param pattern a log group name in any case, in which {@code *} stands for any text
 * @param source the type's name
 * @param format the format of its lines; empty for the type's default
 */
public record LogGroup(String pattern, String source, String format) {
    public LogGroup {
        if (pattern.isBlank()) {
            throw new IllegalArgumentException("a log group pattern is empty");
        }
    }

    /**
     * The type of the log groups.
     *
     * @throws IllegalArgumentException if there is no such type, or it has no such format
     */
    LogType type(List<LogType> types) {
        for (LogType type : types) {
            if (type.source().equals(source)) {
                return format.isEmpty() ? type : type.withFormat(format);
            }
        }
        throw new IllegalArgumentException("there is no log type \"" + source + "\"; there are "
                + types.stream().map(LogType::source).sorted().toList());
    }

    /** Whether the log group is one of these, in whatever case it is written. */
    boolean matches(String logGroup) {
        return matches(pattern.toLowerCase(Locale.ROOT), logGroup.toLowerCase(Locale.ROOT));
    }

    /** Whether a text is of a pattern in which {@code *} stands for any text. */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        // greedy matching with one point to come back to: linear for one star, never exponential
        int star = -1;
        int mark = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
