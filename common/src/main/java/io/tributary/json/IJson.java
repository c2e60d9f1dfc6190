package io.tributary.json;

import java.util.HashMap;
import java.util.Map;

/**
 * A JSON value as I-JSON (RFC 7493): what any reader accepts, and reads alike. A search engine refuses a document, or all of a request, for
 * a name that an object has twice or a number of a thousand digits; a query engine leaves the row out. So:
 *
 * <ul>
 *   <li>a number that is not {@linkplain Numbers#isExact exact} is its text;
 *   <li>a name that is there already gets a number: {@code a}, {@code a#2};
 *   <li>a name of more than {@value JsonText#MAX_NAME} bytes is cut, and its member is an object of {@code name} and {@code value};
 *   <li>a surrogate without its pair is U+FFFD;
 *   <li>what is nested deeper than {@value JsonText#MAX_DEPTH} is its text.
 * </ul>
 *
 * <p>Nothing is lost by it, and white space between tokens is left out.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7493">RFC 7493</a>
 */
final class IJson {
    /** Characters that are left of a name that is too long. */
    private static final int CUT_NAME = 1_000;

    private final JsonText text;
    private final JsonOutput out;

    private IJson(JsonText text, JsonOutput out) {
        this.text = text;
        this.out = out;
    }

    /** The value that was indexed. */
    static JsonOutput of(JsonText text) {
        int root = text.root();
        JsonOutput out = new JsonOutput(text.end(root) - text.start(root) + 64);
        new IJson(text, out).value(root);
        return out;
    }

    private void value(int node) {
        if (text.isTextOnly(node)) {
            out.raw((byte) '"')
                    .escaped(text.bytes(), text.start(node), text.end(node))
                    .raw((byte) '"');
        } else if (text.isUnpaired(node)) {
            out.string(text.text(node).orElseThrow());
        } else if (text.isObject(node)) {
            object(node);
        } else if (text.isArray(node)) {
            array(node);
        } else {
            out.raw(text.bytes(), text.start(node), text.end(node));
        }
    }

    private void array(int array) {
        out.raw((byte) '[');
        for (int element = text.first(array); element != JsonText.NONE; element = text.next(element)) {
            out.element();
            value(element);
        }
        out.raw((byte) ']');
    }

    private void object(int object) {
        // names, with the last number that was given to each
        Map<String, Integer> names = new HashMap<>();
        out.raw((byte) '{');
        for (int member = text.first(object); member != JsonText.NONE; member = text.next(member)) {
            String name = text.text(text.nameOf(member)).orElseThrow();
            if (text.end(text.nameOf(member)) - text.start(text.nameOf(member)) > JsonText.MAX_NAME) {
                out.element().string(unique(name.substring(0, Math.min(name.length(), CUT_NAME)), names));
                out.ascii(":{\"name\":").string(name);
                out.ascii(",\"value\":");
                value(member);
                out.raw((byte) '}');
            } else {
                out.element().string(unique(name, names));
                out.raw((byte) ':');
                value(member);
            }
        }
        out.raw((byte) '}');
    }

    private static String unique(String name, Map<String, Integer> names) {
        Integer last = names.putIfAbsent(name, 1);
        if (last == null) {
            return name;
        }
        int number = last + 1;
        while (names.putIfAbsent(name + '#' + number, 1) != null) {
            number++;
        }
        names.put(name, number);
        return name + '#' + number;
    }
}
