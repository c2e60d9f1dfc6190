package io.tributary.json;

import java.nio.charset.StandardCharsets;

/**
 * The name of an object member, encoded once: as it is looked up in a source and as it is written to a document.
 * Names are ASCII without characters that JSON escapes.
 */
public final class Name {
    final byte[] bytes;
    /** The name as it is written: quoted, with its colon. */
    final byte[] quoted;

    private Name(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
                throw new IllegalArgumentException("a name is plain ASCII, not: " + text);
            }
        }
        bytes = text.getBytes(StandardCharsets.US_ASCII);
        quoted = ('"' + text + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    public static Name of(String text) {
        return new Name(text);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
