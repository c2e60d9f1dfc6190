package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * The copy of a document that a search engine is given: within its limits, so that no content makes it refuse the document, or take seconds for it.
 * Names and texts that are too long for a term are cut, free-form objects and lists end early, and {@code metadata.is_truncated} and {@code
 * untruncated_size} tell of it; the whole is in S3.
 *
 * <p>A term is at most 32,766 bytes of UTF-8. A leaf of a flat object is one of path and value, and is stored with its path once more.
 *
 * @see <a href="https://docs.opensearch.org/latest/field-types/supported-field-types/flat-object/">Flat objects</a>
 */
final class IndexCopy {
    /** Lucene's limit, bytes of UTF-8. */
    static final int TERM_BYTES = 32_766;

    /** Values of free-form objects that are indexed, objects and lists included; each is several terms. */
    static final int MOST_VALUES = 2_000;

    /** Elements of a list. */
    static final int MOST_ELEMENTS = 1_000;

    /** The longest name, bytes of UTF-8. */
    static final int NAME_BYTES = 1_024;

    /** Objects and lists with a longer path are texts, bytes. */
    static final int PATH_BYTES = 8_000;

    /** A document of no more bytes has no term that is too long: a path stands twice in one at most. */
    private static final int SHORT = TERM_BYTES / 2 - 512;

    /** A document of no more bytes has no more values than are indexed, at two bytes each. */
    private static final int TINY = MOST_VALUES * 2;

    /** What a term has beside path and value. */
    private static final int TERM_OVERHEAD = 64;

    private static final Name METADATA = Name.of("metadata");
    private static final Name IS_TRUNCATED = Name.of("is_truncated");
    private static final Name UNTRUNCATED_SIZE = Name.of("untruncated_size");

    /** Objects of free form, which the index template maps as flat objects. */
    private static final Set<String> FREE_FORM = Set.of("unmapped", "data");

    /** What the index template maps as text: each word is a term of its own. */
    private static final Set<String> WORDS = Set.of("message", "raw_data", "status_detail", "desc");

    /** How much is kept where the document has to be smaller still: bytes of a text, elements of a list, members of an object. */
    private record Caps(int text, int elements, int members) {}

    private static final Caps NO_CAPS = new Caps(Integer.MAX_VALUE, MOST_ELEMENTS, Integer.MAX_VALUE);
    private static final Caps[] ATTEMPTS = {
        NO_CAPS, new Caps(32 << 10, 100, 1000), new Caps(1024, 10, 100), new Caps(128, 3, 50)
    };

    private final JsonText json = new JsonText();
    private final byte[] document;
    private final JsonOutput text = new JsonOutput(256);

    private JsonOutput out = new JsonOutput(16);
    private Caps caps = NO_CAPS;
    private boolean isCut;
    private int values;
    private boolean isTold;
    /** What the index refers to. */
    private byte[] bytes = {};

    private IndexCopy(byte[] document) {
        this.document = document;
    }

    /**
     * The document itself if a search engine takes it, else the copy that it takes.
     *
     * @param bytes the most that it may have
     * @return empty if that cannot be
     */
    static Optional<byte[]> of(byte[] document, int bytes) {
        if (document.length <= bytes && isSurelyWithinLimits(document)) {
            return Optional.of(document);
        }
        IndexCopy copy = new IndexCopy(document);
        copy.parse();
        for (Caps caps : ATTEMPTS) {
            copy.write(caps, false);
            if (!copy.isCut && document.length <= bytes) {
                return Optional.of(document);
            }
            copy.write(caps, true);
            if (copy.out.length() <= bytes) {
                return Optional.of(copy.out.toByteArray());
            }
        }
        return Optional.empty();
    }

    /** Whether the document is so short, and has so few separators, that nothing can be too long or too many. */
    private static boolean isSurelyWithinLimits(byte[] document) {
        if (document.length <= TINY) {
            return true;
        }
        if (document.length > SHORT) {
            return false;
        }
        int values = 0;
        for (byte b : document) {
            values += b == ',' || b == '{' || b == '[' ? 1 : 0;
        }
        return values <= MOST_VALUES;
    }

    private void parse() {
        json.parse(document, 0, document.length);
        bytes = json.bytes();
        // one that could not be indexed, and was put back, is such a copy already
        isTold = json.kind(json.find(METADATA, IS_TRUNCATED)) == JsonText.Kind.TRUE;
    }

    private void write(Caps caps, boolean tells) {
        this.caps = caps;
        this.isCut = false;
        this.values = 0;
        this.out = new JsonOutput(Math.min(document.length, 64 << 10));
        out.raw((byte) '{');
        for (int member = json.first(json.root()); member != JsonText.NONE; member = json.next(member)) {
            String name = json.text(json.nameOf(member)).orElseThrow();
            int path = name(json.nameOf(member), 0);
            if (tells && !isTold && name.equals("metadata") && json.isObject(member)) {
                out.raw((byte) '{');
                members(member, path, false);
                out.member(IS_TRUNCATED, true);
                out.member(UNTRUNCATED_SIZE, (document.length + 1023) / 1024);
                out.raw((byte) '}');
            } else {
                value(member, path, name, false);
            }
        }
        out.raw((byte) '}');
    }

    /** Writes the members of an object. */
    private void members(int object, int path, boolean isFreeForm) {
        int count = 0;
        for (int member = json.first(object); member != JsonText.NONE; member = json.next(member)) {
            if (++count > caps.members() || isFreeForm && values >= MOST_VALUES) {
                isCut = true;
                return;
            }
            String name = isFreeForm ? "" : json.text(json.nameOf(member)).orElseThrow();
            value(member, name(json.nameOf(member), path), name, isFreeForm);
        }
    }

    /**
     * Writes a member's name.
     *
     * @param path the bytes of the path of its object
     * @return the bytes of its own path
     */
    private int name(int node, int path) {
        int length = json.end(node) - json.start(node) - 2;
        out.element();
        if (length <= NAME_BYTES) {
            out.raw(bytes, json.start(node), json.end(node));
        } else {
            unescape(node);
            length = text.length();
            if (length <= NAME_BYTES) {
                out.raw(bytes, json.start(node), json.end(node));
            } else {
                // longer than any name that is left as it is, and of another digest than any other: an object has no
                // name twice
                isCut = true;
                length = cut(NAME_BYTES);
                String digest = digest();
                out.raw((byte) '"')
                        .escaped(text.bytes(), 0, length)
                        .ascii("..")
                        .ascii(digest)
                        .raw((byte) '"');
                length += digest.length() + 2;
            }
        }
        out.raw((byte) ':');
        return path + length + 1;
    }

    private void value(int node, int path, String name, boolean isFreeForm) {
        boolean isContainer = json.isObject(node) || json.isArray(node);
        values += isFreeForm ? 1 : 0;
        if (isContainer && path > PATH_BYTES) {
            isCut = true;
            text.truncate(0);
            text.raw(bytes, json.start(node), json.end(node));
            cutText(termBytes(path));
        } else if (json.isObject(node)) {
            out.raw((byte) '{');
            members(node, path, isFreeForm || FREE_FORM.contains(name));
            out.raw((byte) '}');
        } else if (json.isArray(node)) {
            array(node, path, name, isFreeForm);
        } else {
            leaf(node, isFreeForm || !WORDS.contains(name) ? termBytes(path) : Integer.MAX_VALUE);
        }
    }

    private void array(int array, int path, String name, boolean isFreeForm) {
        out.raw((byte) '[');
        int count = 0;
        for (int element = json.first(array); element != JsonText.NONE; element = json.next(element)) {
            if (count == caps.elements() || isFreeForm && values >= MOST_VALUES) {
                isCut = true;
                break;
            }
            count++;
            out.element();
            value(element, path, name, isFreeForm);
        }
        out.raw((byte) ']');
    }

    private static int termBytes(int path) {
        return Math.max(0, TERM_BYTES - TERM_OVERHEAD - 2 * path);
    }

    private void leaf(int node, int limit) {
        int most = Math.min(limit, caps.text());
        if (!json.isString(node) || json.end(node) - json.start(node) - 2 <= most) {
            out.raw(bytes, json.start(node), json.end(node));
            return;
        }
        unescape(node);
        if (text.length() <= most) {
            out.raw(bytes, json.start(node), json.end(node));
            return;
        }
        isCut = true;
        cutText(most);
    }

    private void cutText(int bytes) {
        out.raw((byte) '"').escaped(text.bytes(), 0, cut(bytes)).raw((byte) '"');
    }

    private void unescape(int node) {
        text.truncate(0);
        text.unescaped(bytes, json.start(node) + 1, json.end(node) - 1);
    }

    /** Where {@link #text} is to end so that it has at most so many bytes, and no character is cut in two. */
    private int cut(int bytes) {
        if (text.length() <= bytes) {
            return text.length();
        }
        int end = bytes;
        while (end > 0 && (text.bytes()[end] & 0xc0) == 0x80) {
            end--;
        }
        return end;
    }

    private String digest() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(text.bytes(), 0, text.length());
            return HexFormat.of().formatHex(sha256.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
