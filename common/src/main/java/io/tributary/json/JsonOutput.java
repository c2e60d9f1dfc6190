package io.tributary.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array into which JSON is written. Commas are placed by looking at the byte before, so that a document
 * can be put together from members that know nothing of each other. Not for several threads.
 *
 * <p>The members that copy from a {@link JsonText} do nothing and return {@code false} where the source has no fitting
 * value, and {@linkplain JsonText#take take} what they wrote where it has.
 */
public final class JsonOutput {
    private static final long BILLION = 1_000_000_000;
    /** The two digits of the numbers 0 to 99. */
    private static final byte[] TENS = new byte[100];

    private static final byte[] ONES = new byte[100];

    static {
        for (int i = 0; i < 100; i++) {
            TENS[i] = (byte) ('0' + i / 10);
            ONES[i] = (byte) ('0' + i % 10);
        }
    }

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    /** How much is copied before room is made for more: the end of a long source may be far behind its string's. */
    private static final int COPY = 4096;

    private static final Name VALUE = Name.of("value");

    private byte[] bytes;
    private int length;

    public JsonOutput(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /** The content, in an array that may be longer than {@link #length()}; valid until the next write. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Goes back to an earlier {@link #length()}. */
    public void truncate(int length) {
        this.length = length;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        long wanted = Math.max((long) length + more, bytes.length * 2L);
        if ((long) length + more > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("a document larger than 2 GiB");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }

    // ---- bytes

    public JsonOutput raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    public JsonOutput raw(byte[] source, int from, int to) {
        int count = to - from;
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    public JsonOutput raw(byte b) {
        reserve(1);
        bytes[length++] = b;
        return this;
    }

    /** Text that needs neither quotes nor escapes. */
    public JsonOutput ascii(CharSequence text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    public JsonOutput decimal(long value) {
        reserve(20);
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                return ascii("-9223372036854775808");
            }
            bytes[length++] = '-';
            value = -value;
        }
        if (value < BILLION) {
            decimal((int) value);
        } else {
            // arithmetic of int is several times faster than that of long
            long high = value / BILLION;
            decimal(high);
            digits((int) (value - high * BILLION), 9);
        }
        return this;
    }

    private void decimal(int value) {
        int digits = 1;
        for (int bound = 10; digits < 9 && value >= bound; bound *= 10) {
            digits++;
        }
        digits(value, digits);
    }

    /** Writes {@code value} as exactly {@code width} decimal digits, with leading zeros. */
    public JsonOutput digits(int value, int width) {
        reserve(width);
        byte[] target = bytes;
        int i = length + width;
        int rest = value;
        for (; i >= length + 2; i -= 2) {
            int hundreds = rest / 100;
            int pair = rest - hundreds * 100;
            target[i - 1] = ONES[pair];
            target[i - 2] = TENS[pair];
            rest = hundreds;
        }
        if (i > length) {
            target[length] = (byte) ('0' + rest % 10);
        }
        length += width;
        return this;
    }

    /** The inside of a JSON string: UTF-8 bytes with what must be escaped escaped. */
    public JsonOutput escaped(byte[] source, int from, int to) {
        int i = from;
        while (true) {
            i = plain(source, i, to);
            if (i == to) {
                return this;
            }
            reserve(6);
            byte b = source[i++];
            bytes[length++] = '\\';
            switch (b) {
                case '"', '\\' -> bytes[length++] = b;
                case '\n' -> bytes[length++] = 'n';
                case '\r' -> bytes[length++] = 'r';
                case '\t' -> bytes[length++] = 't';
                default -> {
                    bytes[length++] = 'u';
                    bytes[length++] = '0';
                    bytes[length++] = '0';
                    bytes[length++] = HEX[b >> 4];
                    bytes[length++] = HEX[b & 15];
                }
            }
        }
    }

    /** Copies bytes up to the first that is not plain, or {@code to}; the position of it. */
    private int plain(byte[] source, int from, int to) {
        int i = from;
        // whole words are read and written, also where less than a word is left
        int words = Math.min(to, source.length - Long.BYTES + 1);
        while (i < words) {
            int count = Math.min(words - i, COPY);
            reserve(count + 2 * Long.BYTES);
            byte[] target = bytes;
            int out = length;
            int stop = i + count;
            while (i < stop) {
                long word = Scan.word(source, i);
                Scan.setWord(target, out, word);
                int run = Math.min(Scan.run(word), to - i);
                out += run;
                i += run;
                if (run < Long.BYTES) {
                    length = out;
                    return i;
                }
            }
            length = out;
        }
        reserve(Long.BYTES);
        while (i < to && Scan.isPlain(source[i])) {
            bytes[length++] = source[i++];
        }
        return i;
    }

    /**
     * The text of a JSON string, up to its closing quote or {@code to}. Unpaired surrogates become U+FFFD.
     *
     * @return the position of the closing quote; {@code to} if there is none; negative (-1 - position) at an invalid
     *     escape or a control character
     */
    public int unescaped(byte[] source, int from, int to) {
        int i = from;
        while (true) {
            i = plain(source, i, to);
            if (i == to) {
                return to;
            }
            byte b = source[i];
            if (b == '"') {
                return i;
            }
            if (b != '\\') {
                return -1 - i;
            }
            reserve(4);
            i = escape(source, i, to);
            if (i < 0) {
                return i;
            }
        }
    }

    /** Writes what the escape at {@code i} stands for; the position after it, or -1 - i. */
    private int escape(byte[] source, int i, int to) {
        if (i + 1 < to) {
            int simple = simpleEscape(source[i + 1]);
            if (simple >= 0) {
                bytes[length++] = (byte) simple;
                return i + 2;
            }
            if (source[i + 1] == 'u') {
                return unicode(source, i, to);
            }
        }
        return -1 - i;
    }

    private static int simpleEscape(byte b) {
        return switch (b) {
            case '"', '\\', '/' -> b;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> -1;
        };
    }

    private int unicode(byte[] source, int i, int to) {
        int code = JsonText.hex4(source, i + 2, to);
        if (code < 0) {
            return -1 - i;
        }
        int after = i + 6;
        if (code >= 0xd800 && code < 0xe000) {
            int low = code < 0xdc00 && after + 1 < to && source[after] == '\\' && source[after + 1] == 'u'
                    ? JsonText.hex4(source, after + 2, to)
                    : -1;
            if (low < 0xdc00 || low >= 0xe000) {
                raw(REPLACEMENT);
                return after;
            }
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            after += 6;
        }
        if (code < 0x80) {
            bytes[length++] = (byte) code;
        } else if (code < 0x800) {
            bytes[length++] = (byte) (0xc0 | code >> 6);
            bytes[length++] = (byte) (0x80 | code & 0x3f);
        } else if (code < 0x10000) {
            bytes[length++] = (byte) (0xe0 | code >> 12);
            bytes[length++] = (byte) (0x80 | code >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | code & 0x3f);
        } else {
            bytes[length++] = (byte) (0xf0 | code >> 18);
            bytes[length++] = (byte) (0x80 | code >> 12 & 0x3f);
            bytes[length++] = (byte) (0x80 | code >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | code & 0x3f);
        }
        return after;
    }

    // ---- structure

    private void comma() {
        if (length > 0 && !opens(bytes[length - 1])) {
            raw((byte) ',');
        }
    }

    /** A member's name, with its comma and colon. */
    public JsonOutput name(Name name) {
        reserve(name.length + 1 + Long.BYTES);
        int at = length;
        boolean isFirst = at == 0 || opens(bytes[at - 1]);
        for (long word : isFirst ? name.first : name.further) {
            Scan.setWord(bytes, at, word);
            at += Long.BYTES;
        }
        length += isFirst ? name.length : name.length + 1;
        return this;
    }

    private static boolean opens(byte before) {
        return before == '{' || before == '[' || before == '\n';
    }

    /** Opens an array element, which a value follows. */
    public JsonOutput element() {
        comma();
        return this;
    }

    /** Opens an object or array element of an array, or the document itself. */
    public int openObject() {
        int mark = length;
        comma();
        raw((byte) '{');
        return mark;
    }

    public int openObject(Name name) {
        int mark = length;
        name(name).raw((byte) '{');
        return mark;
    }

    public int openArray(Name name) {
        int mark = length;
        name(name).raw((byte) '[');
        return mark;
    }

    /**
     * Closes what {@link #openObject} opened, or takes it back if it is empty.
     *
     * @return whether anything was in it
     */
    public boolean closeObject(int mark) {
        return close(mark, (byte) '{', (byte) '}');
    }

    /** As {@link #closeObject}, for {@link #openArray}. */
    public boolean closeArray(int mark) {
        return close(mark, (byte) '[', (byte) ']');
    }

    private boolean close(int mark, byte opening, byte closing) {
        // a member or element that was written ends in a quote, a digit, a letter or a closing bracket
        if (bytes[length - 1] == opening) {
            length = mark;
            return false;
        }
        raw(closing);
        return true;
    }

    // ---- members

    public void member(Name name, long value) {
        name(name).decimal(value);
    }

    public void member(Name name, boolean value) {
        name(name).raw(value ? TRUE : FALSE);
    }

    /** A string of plain text, escaped as needed. */
    public void member(Name name, String value) {
        name(name);
        string(value);
    }

    /** A string of UTF-8 bytes, escaped as needed. */
    public void member(Name name, byte[] utf8, int from, int to) {
        name(name).raw((byte) '"').escaped(utf8, from, to).raw((byte) '"');
    }

    /** A string value: an array's element, or after {@link #name}. */
    public void string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        raw((byte) '"').escaped(utf8, 0, utf8.length).raw((byte) '"');
    }

    /** Copies a value of any kind but {@code null}, as it is. */
    public boolean copy(Name name, JsonText source, int node) {
        if (source.isNull(node)) {
            return false;
        }
        name(name).raw(source.bytes(), source.start(node), source.end(node));
        source.take(node);
        return true;
    }

    /**
     * Copies a value of free form as an object, which is what a search engine's flat object is: an object as it is, any
     * other value under {@code value}. {@code null} and what is empty are left out.
     */
    public boolean object(Name name, JsonText source, int node) {
        if (source.isNull(node)) {
            return false;
        }
        if (source.isObject(node)) {
            return !source.isEmpty(node) && copy(name, source, node);
        }
        int mark = openObject(name);
        copy(VALUE, source, node);
        return closeObject(mark);
    }

    /** Copies a value as {@link #string(Name, JsonText, int)} does, but leaves it for another place too. */
    public boolean repeat(Name name, JsonText source, int node) {
        if (source.isNull(node)) {
            return false;
        }
        boolean taken = source.isTaken(node);
        string(name, source, node);
        if (!taken) {
            source.giveBack(node);
        }
        return true;
    }

    /** Copies a value as a string: numbers and booleans as their text, objects and arrays serialised. */
    public boolean string(Name name, JsonText source, int node) {
        if (source.isNull(node)) {
            return false;
        }
        name(name);
        stringValue(source, node);
        return true;
    }

    /** As {@link #string(Name, JsonText, int)}, but an empty string is left where it is. */
    public boolean text(Name name, JsonText source, int node) {
        if (source.isString(node) && source.isEmpty(node)) {
            return false;
        }
        return string(name, source, node);
    }

    /** An array's element: as {@link #string(Name, JsonText, int)}. */
    public boolean stringElement(JsonText source, int node) {
        if (source.isNull(node)) {
            return false;
        }
        comma();
        stringValue(source, node);
        return true;
    }

    private void stringValue(JsonText source, int node) {
        if (source.isString(node)) {
            raw(source.bytes(), source.start(node), source.end(node));
        } else {
            raw((byte) '"')
                    .escaped(source.bytes(), source.start(node), source.end(node))
                    .raw((byte) '"');
        }
        source.take(node);
    }

    /** Copies an integer from 0 to the largest of 32 bits, or a string of one; any other value is left alone. */
    public boolean integer(Name name, JsonText source, int node) {
        return integer(name, source, node, Integer.MAX_VALUE);
    }

    /** Copies an integer from 0 to {@code largest}, or a string of one; any other value is left alone. */
    public boolean integer(Name name, JsonText source, int node, int largest) {
        long value = source.integer(node, -1);
        if (value < 0 || value > largest) {
            return false;
        }
        member(name, value);
        source.take(node);
        return true;
    }

    /** Copies a boolean, or the strings {@code "true"} and {@code "false"}; any other value is left alone. */
    public boolean bool(Name name, JsonText source, int node) {
        boolean isTrue = source.kind(node) == JsonText.Kind.TRUE || source.is(node, "true");
        if (!isTrue && source.kind(node) != JsonText.Kind.FALSE && !source.is(node, "false")) {
            return false;
        }
        member(name, isTrue);
        source.take(node);
        return true;
    }

    /**
     * Everything of a value that was not taken, as a member: whole subtrees that no mapping looked into as they are,
     * the others without what was taken, {@code null} values and what becomes empty. Values that are not objects or
     * arrays are copied.
     */
    public boolean remainder(Name name, JsonText source, int node) {
        if (source.isNull(node) || source.isTaken(node)) {
            return false;
        }
        int mark = length;
        name(name);
        if (!remainder(source, node)) {
            length = mark;
            return false;
        }
        return true;
    }

    /** The members of an object that were not taken, into the object that is open. */
    public void remainingMembers(JsonText source, int object) {
        if (!source.isObject(object) || source.isTaken(object)) {
            return;
        }
        for (int member = source.first(object); member != JsonText.NONE; member = source.next(member)) {
            remainingMember(source, member);
        }
    }

    private void remainingMember(JsonText source, int member) {
        if (source.isNull(member) || source.isTaken(member)) {
            return;
        }
        int mark = length;
        comma();
        int key = source.nameOf(member);
        raw(source.bytes(), source.start(key), source.end(key)).raw((byte) ':');
        if (!remainder(source, member)) {
            length = mark;
        }
    }

    private boolean remainder(JsonText source, int node) {
        boolean object = source.isObject(node);
        if (!source.isTouched(node) || !object && !source.isArray(node)) {
            raw(source.bytes(), source.start(node), source.end(node));
            return true;
        }
        raw((byte) (object ? '{' : '['));
        int opened = length;
        for (int child = source.first(node); child != JsonText.NONE; child = source.next(child)) {
            if (object) {
                remainingMember(source, child);
            } else if (!source.isTaken(child)) {
                int mark = length;
                comma();
                if (!remainder(source, child)) {
                    length = mark;
                }
            }
        }
        if (length == opened) {
            return false;
        }
        raw((byte) (object ? '}' : ']'));
        return true;
    }
}
