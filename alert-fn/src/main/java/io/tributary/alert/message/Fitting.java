package io.tributary.alert.message;

import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * Texts with values of events, within a service's limit: where the whole is too long, its values are made shorter before they are
 * quoted. What is quoted already is never cut, since its end would be outside of the quotes.
 */
final class Fitting {
    /** How long a value is at most; 0 stands for none. */
    private static final int[] LENGTHS = {500, 240, 120, 60, 30, 15, 0};

    private Fitting() {}

    /**
     * The text with the longest values that fit.
     *
     * @param most how many characters
     * @param text the text for a length of values
     */
    static String characters(int most, IntFunction<String> text) {
        return within(most, String::length, text);
    }

    /** The text with the longest values that fit into so many bytes of UTF-8. */
    static String bytes(int most, IntFunction<String> text) {
        return within(most, Fitting::utf8Length, text);
    }

    private static String within(int most, ToIntFunction<String> size, IntFunction<String> text) {
        String fitting = "";
        for (int longest : LENGTHS) {
            fitting = text.apply(longest);
            if (size.applyAsInt(fitting) <= most) {
                return fitting;
            }
        }
        // the rule's own words, without any value, are too long
        for (int longest = most; size.applyAsInt(fitting) > most; longest /= 2) {
            fitting = Values.cut(fitting, longest);
        }
        return fitting;
    }

    private static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            // a pair of surrogates is four bytes, two for each
            length += character < 0x80 ? 1 : character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
        }
        return length;
    }
}
