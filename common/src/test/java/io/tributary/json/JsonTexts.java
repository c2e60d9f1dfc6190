package io.tributary.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generated JSON texts: valid ones with all that the grammar allows, and damaged ones. */
final class JsonTexts {
    private static final Arbitrary<String> SPACE = Arbitraries.frequency(
            Tuple.of(20, ""), Tuple.of(2, " "), Tuple.of(1, "\n"), Tuple.of(1, "\t \r\n"), Tuple.of(1, "          "));

    /** Runs of plain text around the eight bytes that are scanned at a time, and everything that ends one. */
    private static final Arbitrary<String> PIECE = Arbitraries.oneOf(
            Arbitraries.of("a", "seven77", "eight888", "nine99999", "/", "{", "}", "[", "]", ":", ",", "'", "\u007f"),
            Arbitraries.of("é", "\u07ff", "\u20ac", "\uffff", "\ud83d\ude00", "\udbff\udfff", "\u2028"),
            Arbitraries.of("\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"),
            Arbitraries.of(
                    "\\u0000", "\\u001f", "\\u0022", "\\u005C", "\\u00e9", "\\u20AC", "\\ud83d\\ude00", "\\uFfFf"));

    private static final Arbitrary<String> STRING =
            PIECE.list().ofMaxSize(6).map(pieces -> '"' + String.join("", pieces) + '"');

    /** Few, so that names are repeated and looked up. */
    private static final Arbitrary<String> NAME = Arbitraries.frequencyOf(
            Tuple.of(
                    4,
                    Arbitraries.of("\"\"", "\"a\"", "\"b\"", "\"ab\"", "\"eventName\"", "\"x\\\"y\"", "\"\\u0061\"")),
            Tuple.of(1, STRING));

    private static final Arbitrary<String> NUMBER = Arbitraries.oneOf(
            Arbitraries.of("0", "-0", "-1", "1.0", "0.10", "1e5", "1E+5", "-1.5e-05", "1e400", "18446744073709551616"),
            Arbitraries.longs().map(String::valueOf));

    private static final Arbitrary<String> SCALAR =
            Arbitraries.oneOf(STRING, NUMBER, Arbitraries.of("true", "false", "null"));

    private static final Arbitrary<String> VALUE = value(4);

    private static Arbitrary<String> value(int depth) {
        return depth == 0 ? SCALAR : Arbitraries.oneOf(SCALAR, array(depth - 1), object(depth - 1));
    }

    private static Arbitrary<String> array(int depth) {
        return spaced(value(depth)).list().ofMaxSize(4).map(elements -> '[' + String.join(",", elements) + ']');
    }

    private static Arbitrary<String> object(int depth) {
        Arbitrary<String> member =
                Combinators.combine(spaced(NAME), spaced(value(depth))).as((name, value) -> name + ':' + value);
        return member.list().ofMaxSize(5).map(members -> '{' + String.join(",", members) + '}');
    }

    private static Arbitrary<String> spaced(Arbitrary<String> text) {
        return Combinators.combine(SPACE, text, SPACE).as((before, value, after) -> before + value + after);
    }

    static Arbitrary<String> valid() {
        return spaced(VALUE);
    }

    static Arbitrary<String> validObject() {
        return object(3);
    }

    /** Valid texts, most of them with one to three injuries: mostly invalid, sometimes valid in another way. */
    static Arbitrary<String> damaged() {
        return Combinators.combine(valid(), injury().list().ofMaxSize(3)).as((text, injuries) -> {
            String damaged = text;
            for (Injury injury : injuries) {
                damaged = injury.to(damaged);
            }
            return damaged;
        });
    }

    /** A piece of text that replaces some of another. */
    private record Injury(double place, int removed, String inserted) {
        String to(String text) {
            int from = (int) (place * text.length());
            // between characters: what cuts a pair of surrogates is no Unicode text
            if (from > 0 && Character.isHighSurrogate(text.charAt(from - 1))) {
                from--;
            }
            int to = Math.min(text.length(), from + removed);
            if (to > from && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            if (to < text.length() && to > 0 && Character.isLowSurrogate(text.charAt(to))) {
                to = from;
            }
            return text.substring(0, from) + inserted + text.substring(to);
        }
    }

    private static Arbitrary<Injury> injury() {
        Arbitrary<String> inserted = Arbitraries.oneOf(
                Arbitraries.of("", "\"", "\\", "{", "}", "[", "]", ",", ":", "-", "+", ".", "e", "0", "00", " ", "\n"),
                Arbitraries.of("\u0000", "\u001f", "\u000b", "\u00a0", "\ufeff", "\\u", "\\u12", "\\ud83d", "\\ude00"),
                Arbitraries.of(
                        "\\x", "'", "/*c*/", "//c\n", "NaN", "Infinity", "nul", "True", "1.", ".5", "1e", "\\ud83d\\n"),
                SCALAR,
                PIECE);
        return Combinators.combine(
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.integers().between(0, 3),
                        inserted)
                .as(Injury::new);
    }

    static Arbitrary<byte[]> anyBytes() {
        List<Byte> significant = Arrays.asList(bytes("{}[]:,\"\\u0e+-.tfn \n\u00e9\u0001"));
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(24)
                .flatMap(noise -> Arbitraries.of(significant)
                        .list()
                        .ofMaxSize(24)
                        .map(picked -> {
                            byte[] all = Arrays.copyOf(noise, noise.length / 4 + picked.size());
                            for (int i = 0; i < picked.size(); i++) {
                                all[noise.length / 4 + i] = picked.get(i);
                            }
                            return all;
                        }));
    }

    private static Byte[] bytes(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        Byte[] boxed = new Byte[utf8.length];
        Arrays.setAll(boxed, i -> utf8[i]);
        return boxed;
    }
}
