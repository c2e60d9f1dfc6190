package io.tributary.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The reference: what Jackson, as strict as it comes, reads of a text. */
final class Jackson {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(10_000)
                    .maxNumberLength(1_000_000)
                    .build())
            .build();

    /**
     * A value, flattened.
     *
     * @param tokens names as {@code N text}, strings as {@code S text}, numbers as {@code 0 digits}, all else as it stands
     */
    record Reading(List<String> tokens) {
        /** The same as I-JSON, worked out from the tokens. */
        List<String> iJson() {
            List<String> result = new ArrayList<>();
            Deque<Set<String>> names = new ArrayDeque<>();
            for (String token : tokens) {
                String text = token.codePoints()
                        .map(point -> point >= 0xd800 && point < 0xe000 ? 0xfffd : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
                if (text.startsWith("N ")) {
                    String name = text;
                    for (int i = 2; !names.element().add(name); i++) {
                        name = text + '#' + i;
                    }
                    result.add(name);
                } else if (text.startsWith("0 ")) {
                    result.add(isExact(text.substring(2)) ? text : "S " + text.substring(2));
                } else {
                    if (text.equals("{")) {
                        names.push(new HashSet<>());
                    } else if (text.equals("}")) {
                        names.pop();
                    }
                    result.add(text);
                }
            }
            return result;
        }

        private static boolean isExact(String number) {
            if (number.matches(".*[eE][+-]?0*[1-9]\\d{3,}")) {
                return false; // no double has such an exponent
            }
            BigDecimal exact = new BigDecimal(number);
            if (number.matches("-?\\d+")) {
                return exact.toBigInteger().bitLength() < 64;
            }
            double rounded = Double.parseDouble(number);
            return Math.abs(exact.scale()) <= 400
                    && Double.isFinite(rounded)
                    && new BigDecimal(Double.toString(rounded)).compareTo(exact) == 0;
        }
    }

    private Jackson() {}

    /** What the text holds; empty if it is not one JSON value. */
    static Optional<Reading> read(String text) {
        // from a String: from bytes, Jackson takes other encodings and a byte order mark too
        try (JsonParser parser = FACTORY.createParser(text)) {
            List<String> tokens = new ArrayList<>();
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                switch (token) {
                    case FIELD_NAME -> tokens.add("N " + parser.currentName());
                    case VALUE_STRING -> tokens.add("S " + parser.getText());
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> tokens.add("0 " + parser.getText());
                    default -> tokens.add(token.asString());
                }
                if (depth == 0 && parser.nextToken() != null) {
                    return Optional.empty();
                }
            }
            return tokens.isEmpty() ? Optional.empty() : Optional.of(new Reading(tokens));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
