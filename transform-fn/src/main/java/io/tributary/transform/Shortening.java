package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import java.util.Optional;

/**
 * Shortens a document that is too large for a record of the index stream: long texts are cut, long lists and wide objects
 * end early. It stays a valid document, and {@code metadata.is_truncated} and {@code untruncated_size} tell of it; the whole
 * is in S3.
 */
final class Shortening {
    private static final Name METADATA = Name.of("metadata");
    private static final Name IS_TRUNCATED = Name.of("is_truncated");
    private static final Name UNTRUNCATED_SIZE = Name.of("untruncated_size");

    /** How much is kept: bytes of a text, elements of a list, members of an object. */
    private record Caps(int text, int elements, int members) {}

    private static final Caps[] ATTEMPTS = {new Caps(32 << 10, 100, 1000), new Caps(1024, 10, 100), new Caps(128, 3, 50)
    };

    private final JsonText json = new JsonText();
    private final byte[] document;

    private Shortening(byte[] document) {
        this.document = document;
    }

    /** The document in at most {@code bytes}; empty if that cannot be. */
    static Optional<byte[]> of(byte[] document, int bytes) {
        Shortening shortening = new Shortening(document);
        for (Caps caps : ATTEMPTS) {
            byte[] shortened = shortening.shortened(caps);
            if (shortened.length <= bytes) {
                return Optional.of(shortened);
            }
        }
        return Optional.empty();
    }

    private byte[] shortened(Caps caps) {
        json.parse(document, 0, document.length);
        JsonOutput out = new JsonOutput(64 << 10);
        int metadata = json.find(METADATA);
        int object = out.openObject();
        int mark = out.openObject(METADATA);
        members(out, metadata, caps);
        out.member(IS_TRUNCATED, true);
        out.member(UNTRUNCATED_SIZE, document.length);
        out.closeObject(mark);
        json.take(metadata);
        members(out, json.root(), caps);
        out.closeObject(object);
        return out.toByteArray();
    }

    private void members(JsonOutput out, int object, Caps caps) {
        int count = 0;
        for (int member = json.first(object); member != JsonText.NONE; member = json.next(member)) {
            if (json.isTaken(member)) {
                continue;
            }
            if (++count > caps.members()) {
                return;
            }
            int name = json.nameOf(member);
            out.element().raw(document, json.start(name), json.end(name)).raw((byte) ':');
            value(out, member, caps);
        }
    }

    private void value(JsonOutput out, int node, Caps caps) {
        if (json.isObject(node)) {
            out.raw((byte) '{');
            members(out, node, caps);
            out.raw((byte) '}');
        } else if (json.isArray(node)) {
            out.raw((byte) '[');
            int count = 0;
            for (int element = json.first(node);
                    element != JsonText.NONE && count < caps.elements();
                    element = json.next(element)) {
                count++;
                out.element();
                value(out, element, caps);
            }
            out.raw((byte) ']');
        } else if (json.isString(node) && json.end(node) - json.start(node) > caps.text()) {
            String text = json.text(node).orElse("");
            int end = Math.min(text.length(), caps.text() / 2);
            // a pair of surrogates is not cut in two
            out.string(text.substring(0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end));
        } else {
            out.raw(document, json.start(node), json.end(node));
        }
    }
}
