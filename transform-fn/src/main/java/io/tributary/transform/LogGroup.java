package io.tributary.transform;

import io.tributary.transform.logtype.LogType;
import java.util.Objects;

/**
 * Which log groups are of which type.
 *
 * @param pattern a log group name, in which {@code *} stands for any text
 * @param type the type, with its format if one was configured
 */
public record LogGroup(String pattern, LogType type) {
    public LogGroup {
        Objects.requireNonNull(type);
        if (pattern.isBlank()) {
            throw new IllegalArgumentException("a log group pattern is empty");
        }
    }

    boolean matches(String logGroup) {
        return matches(pattern, 0, logGroup, 0);
    }

    private static boolean matches(String pattern, int p, String text, int t) {
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
