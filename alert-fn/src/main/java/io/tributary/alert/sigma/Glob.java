package io.tributary.alert.sigma;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A text with wildcards: {@code *} for any text, {@code ?} for one character; a backslash makes either literal. Case does not
 * matter, unless it is said to.
 */
final class Glob {
    private static final int ANY = -1;
    private static final int ONE = -2;

    private final int[] pattern;
    private final boolean isCased;

    private Glob(int[] pattern, boolean isCased) {
        this.pattern = pattern;
        this.isCased = isCased;
    }

    /** Reads a value of a rule. */
    static Glob of(String text, boolean isCased) {
        int[] pattern = new int[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && "*?\\".indexOf(text.charAt(i + 1)) >= 0) {
                i++;
                pattern[length++] = fold(text.charAt(i), isCased);
            } else {
                pattern[length++] = c == '*' ? ANY : c == '?' ? ONE : fold(c, isCased);
            }
        }
        return new Glob(Arrays.copyOf(pattern, length), isCased);
    }

    /** The text as it is: nothing in it is a wildcard. */
    static Glob literal(String text, boolean isCased) {
        return new Glob(text.chars().map(c -> fold((char) c, isCased)).toArray(), isCased);
    }

    /** With any text before and after, where asked for. */
    Glob within(boolean before, boolean after) {
        int[] wider = new int[pattern.length + (before ? 1 : 0) + (after ? 1 : 0)];
        System.arraycopy(pattern, 0, wider, before ? 1 : 0, pattern.length);
        if (before) {
            wider[0] = ANY;
        }
        if (after) {
            wider[wider.length - 1] = ANY;
        }
        return new Glob(wider, isCased);
    }

    private static char fold(char c, boolean isCased) {
        return isCased ? c : Character.toLowerCase(Character.toUpperCase(c));
    }

    /** The only text that matches, in lower case; empty if there are more. */
    Optional<String> exact() {
        StringBuilder text = new StringBuilder();
        for (int c : pattern) {
            if (c < 0) {
                return Optional.empty();
            }
            text.append((char) c);
        }
        return Optional.of(text.toString().toLowerCase(Locale.ROOT));
    }

    /** Whether the whole text matches; in the time of both lengths multiplied at most. */
    boolean matches(String text) {
        int at = 0;
        int p = 0;
        int star = -1;
        int retry = 0;
        while (at < text.length()) {
            if (p < pattern.length && pattern[p] == ANY) {
                star = p++;
                retry = at;
                if (p == pattern.length) {
                    return true;
                }
            } else if (p < pattern.length && (pattern[p] == ONE || pattern[p] == fold(text.charAt(at), isCased))) {
                p++;
                at++;
            } else if (star >= 0) {
                p = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == ANY) {
            p++;
        }
        return p == pattern.length;
    }
}
