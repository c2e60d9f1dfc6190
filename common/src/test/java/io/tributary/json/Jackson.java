package io.tributary.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    record Reading(List<String> tokens, int depth, boolean hasUnpairedSurrogate) {}

    private Jackson() {}

    /** What the text holds; empty if it is not one JSON value. */
    static Optional<Reading> read(String text) {
        // from a String: from bytes, Jackson takes other encodings and a byte order mark too
        try (JsonParser parser = FACTORY.createParser(text)) {
            List<String> tokens = new ArrayList<>();
            int depth = 0;
            int deepest = 0;
            boolean unpaired = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                deepest = Math.max(deepest, depth);
                switch (token) {
                    case FIELD_NAME -> tokens.add("N " + parser.currentName());
                    case VALUE_STRING -> tokens.add("S " + parser.getText());
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> tokens.add("0 " + parser.getText());
                    default -> tokens.add(token.asString());
                }
                unpaired |= isUnpaired(tokens.get(tokens.size() - 1));
                if (depth == 0 && parser.nextToken() != null) {
                    return Optional.empty();
                }
            }
            return tokens.isEmpty() ? Optional.empty() : Optional.of(new Reading(tokens, deepest, unpaired));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isUnpaired(String text) {
        return text.codePoints().anyMatch(point -> point >= 0xd800 && point < 0xe000);
    }
}
