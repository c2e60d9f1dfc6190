package io.tributary.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One JSON value, indexed in place: a flat list of nodes with their byte ranges, so that a value is found without
 * creating objects and copied without decoding. Instances are reused ({@link #parse} replaces the content) and belong to
 * one thread.
 *
 * <p>A node is an {@code int}; {@link #NONE} stands for an absent one, and every method that takes a node accepts it.
 * Nodes remember whether they were {@linkplain #take taken}: what a mapping did not take is what {@link
 * JsonOutput#remainder} writes, so that no field of a source is ever lost by omission.
 *
 * <p>The grammar is RFC 8259, strictly. The bytes must be valid UTF-8 already. Whatever is accepted is indexed as {@linkplain IJson
 * I-JSON}, so that whoever reads what is copied from it, however strict, can read it.
 */
public final class JsonText {
    public static final int NONE = -1;

    private static final int INVALID = Integer.MIN_VALUE;

    /** Values that are nested deeper are indexed as texts. A search engine's parser recurses, and its stack ends before 1,000. */
    public static final int MAX_DEPTH = 100;

    /** Longer names, in bytes as they are written, are values of the index: readers have limits for names that values do not have. */
    public static final int MAX_NAME = 8_192;

    /** What a node is. */
    public enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL
    }

    private static final Kind[] KINDS = Kind.values();
    private static final int KIND = 7;
    private static final int ESCAPED = 1 << 3;
    private static final int LAST = 1 << 4;
    private static final int MEMBER = 1 << 5;
    private static final int TAKEN = 1 << 6;
    private static final int TOUCHED = 1 << 7;
    /** What I-JSON has no place for, and is a text in it: a number that is not exact, a value that is too deep. */
    private static final int TEXT_ONLY = 1 << 8;
    /** A string with an escaped surrogate that has no pair. */
    private static final int UNPAIRED = 1 << 9;
    /** An object with so many names that repeated ones are looked for when it is closed. */
    private static final int MANY_NAMES = 1 << 10;

    /** A number of no more characters, and no exponent, is exact in a double. */
    private static final int EXACT_DIGITS = 15;

    /** Names of an object up to which each is compared with those before; more are sorted. */
    private static final int FEW_NAMES = 32;

    private static final int OBJECT = Kind.OBJECT.ordinal();
    private static final int ARRAY = Kind.ARRAY.ordinal();
    private static final int STRING = Kind.STRING.ordinal();
    private static final int NUMBER = Kind.NUMBER.ordinal();

    private final int maxDepth;
    private byte[] bytes = {};
    private int end;
    private int position;
    private String problem = "";
    /** Whether the text is no I-JSON, or has line breaks between its tokens. */
    private boolean irregular;
    /** Whether it was made by {@link IJson}: where a name is escaped then, it has to be. */
    private boolean isRewritten;

    private int nodes;
    private int[] flags = new int[256];
    private int[] starts = new int[256];
    private int[] ends = new int[256];
    /** The node after this one's last descendant; for an object, {@code hints} is where the next look-up starts. */
    private int[] afters = new int[256];

    private int[] hints = new int[256];
    /** For an object, a bit for each of its names: most names that are looked up and absent are known to be by it. */
    private long[] names = new long[256];
    /** For an object, the bits that several of its names have: only those names may be repeated. */
    private long[] repeated = new long[256];

    private final int[] openNodes = new int[MAX_DEPTH];
    private final int[] lastChildren = new int[MAX_DEPTH];

    public JsonText() {
        this(MAX_DEPTH);
    }

    /** @param maxDepth values that are nested deeper are indexed as texts; at most {@value #MAX_DEPTH} */
    public JsonText(int maxDepth) {
        if (maxDepth > MAX_DEPTH) {
            throw new IllegalArgumentException("a depth of " + maxDepth + ", more than " + MAX_DEPTH);
        }
        this.maxDepth = maxDepth;
    }

    /**
     * Indexes the value in {@code bytes[from, to)}, which may be surrounded by white space and by nothing else.
     * The array is kept, not copied; only of a text that is no I-JSON, or has line breaks between its tokens, a copy is made that is and
     * has not, so that what is copied from it never breaks a line of NDJSON.
     *
     * @return whether it is valid; if not, {@link #problem()} says why and there are no nodes
     */
    public boolean parse(byte[] bytes, int from, int to) {
        isRewritten = false;
        if (!parseNext(bytes, from, to)) {
            return false;
        }
        skipWhitespace();
        if (position != end) {
            return fail("text after the value");
        }
        while (irregular) {
            // what takes the place of a name that is too long may be too deep
            JsonOutput regular = IJson.of(this);
            if (isRewritten && regular.length() == end && Arrays.equals(regular.bytes(), 0, end, bytes, 0, end)) {
                // nothing was left to do
                break;
            }
            isRewritten = true;
            parseNext(regular.bytes(), 0, regular.length());
        }
        return true;
    }

    private boolean parseNext(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.end = to;
        this.position = from;
        this.nodes = 0;
        this.problem = "";
        this.irregular = false;
        return values();
    }

    /** Whether nothing but white space lies between {@code from} and {@code to}. */
    public static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isWhitespace(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWhitespace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** Why the last {@link #parse} failed, with the byte position. */
    public String problem() {
        return problem;
    }

    private boolean values() {
        int depth = 0;
        boolean member = false;
        while (true) {
            skipWhitespace();
            if (position >= end) {
                return fail("the text ends within a value");
            }
            if (member) {
                if (bytes[position] != '"') {
                    return fail("expected a member name");
                }
                if (!string(0)) {
                    return false;
                }
                named(openNodes[depth - 1], nodes - 1);
                skipWhitespace();
                if (position >= end || bytes[position] != ':') {
                    return fail("expected a colon");
                }
                position++;
                skipWhitespace();
                if (position >= end) {
                    return fail("the text ends within a value");
                }
            }
            int flag = member ? MEMBER : 0;
            int node = nodes;
            byte b = bytes[position];
            boolean opened = false;
            if (b == '"') {
                if (!string(flag)) {
                    return false;
                }
            } else if ((b == '{' || b == '[') && depth == maxDepth) {
                if (!tooDeep(flag)) {
                    return false;
                }
            } else if (b == '{' || b == '[') {
                add((b == '{' ? OBJECT : ARRAY) | flag, position);
                hints[node] = NONE;
                names[node] = 0;
                repeated[node] = 0;
                position++;
                skipWhitespace();
                byte close = (byte) (b == '{' ? '}' : ']');
                if (position < end && bytes[position] == close) {
                    position++;
                    ends[node] = position;
                } else {
                    openNodes[depth] = node;
                    lastChildren[depth] = NONE;
                    depth++;
                    member = b == '{';
                    opened = true;
                }
            } else if (!scalar(b, flag)) {
                return false;
            }
            if (opened) {
                continue;
            }
            afters[node] = nodes;
            // close what ends here, and move on to the next value
            while (true) {
                if (depth == 0) {
                    return true;
                }
                lastChildren[depth - 1] = node;
                skipWhitespace();
                if (position >= end) {
                    return fail("the text ends within an object or array");
                }
                int open = openNodes[depth - 1];
                boolean inObject = (flags[open] & KIND) == OBJECT;
                byte separator = bytes[position];
                if (separator == ',') {
                    position++;
                    member = inObject;
                    break;
                }
                if (separator != (inObject ? '}' : ']')) {
                    return fail("expected a comma or the end of the object or array");
                }
                position++;
                ends[open] = position;
                afters[open] = nodes;
                flags[lastChildren[depth - 1]] |= LAST;
                if ((flags[open] & MANY_NAMES) != 0 && repeatsName(open)) {
                    irregular = true;
                }
                depth--;
                node = open;
            }
        }
    }

    private void skipWhitespace() {
        while (position < end && bytes[position] <= ' ' && isWhitespace(bytes[position])) {
            irregular |= bytes[position] == '\n' || bytes[position] == '\r';
            position++;
        }
    }

    /** Remembers a name of an object, whose value is not read yet, and whether it is a repeated one. */
    private void named(int object, int key) {
        int start = starts[key];
        int end = ends[key];
        long bit = Name.bit(bytes, start + 1, end - 1);
        if ((names[object] & bit) != 0) {
            repeated[object] |= bit;
            if ((flags[object] & MANY_NAMES) == 0) {
                compareNames(object, key, start, end);
            }
        }
        names[object] |= bit;
        // may be another spelling of a name that is there
        irregular |= (flags[key] & ESCAPED) != 0 && !isRewritten || end - start > MAX_NAME;
    }

    private void compareNames(int object, int key, int start, int end) {
        int count = 0;
        for (int member = object + 2; member < key; member = afters[member] + 1) {
            int other = starts[member - 1];
            if (ends[member - 1] - other == end - start
                    && Arrays.equals(bytes, other, ends[member - 1], bytes, start, end)) {
                irregular = true;
            }
            if (++count == FEW_NAMES) {
                flags[object] |= MANY_NAMES;
                return;
            }
        }
    }

    /** Whether two names of an object are the same. Hashes tell quickly that they are not; whoever writes names can make them equal. */
    private boolean repeatsName(int object) {
        long[] hashes = new long[FEW_NAMES * 2];
        int count = 0;
        for (int member = object + 2; member != NONE; member = next(member)) {
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, count * 2);
            }
            long hash = 0;
            for (int i = starts[member - 1]; i < ends[member - 1]; i++) {
                hash = hash * 31 + bytes[i];
            }
            hashes[count++] = hash;
        }
        Arrays.sort(hashes, 0, count);
        for (int i = 1; i < count; i++) {
            if (hashes[i] == hashes[i - 1]) {
                return isNameTwice(object);
            }
        }
        return false;
    }

    private boolean isNameTwice(int object) {
        Set<ByteBuffer> seen = new TreeSet<>();
        for (int member = object + 2; member != NONE; member = next(member)) {
            if (!seen.add(ByteBuffer.wrap(bytes, starts[member - 1], ends[member - 1] - starts[member - 1]))) {
                return true;
            }
        }
        return false;
    }

    /** Passes over an object or array that is too deep. Its strings and brackets are looked at, no more: it is a text. */
    private boolean tooDeep(int flag) {
        int node = add(OBJECT | flag | TEXT_ONLY, position);
        irregular = true;
        int depth = 0;
        do {
            if (position >= end) {
                return fail("the text ends within an object or array");
            }
            switch (bytes[position]) {
                case '"' -> {
                    if (!string(0)) {
                        return false;
                    }
                    nodes--;
                }
                case '{', '[' -> {
                    depth++;
                    position++;
                }
                case '}', ']' -> {
                    depth--;
                    position++;
                }
                default -> position++;
            }
        } while (depth > 0);
        ends[node] = position;
        return true;
    }

    private boolean string(int flag) {
        final byte[] text = bytes;
        final int limit = end;
        int start = position;
        int i = start + 1;
        int escaped = 0;
        while (true) {
            i = Scan.plain(text, i, limit);
            if (i >= limit) {
                return fail("the text ends within a string");
            }
            byte b = text[i];
            if (b == '"') {
                break;
            }
            if (b != '\\') {
                position = i;
                return fail("a control character in a string");
            }
            escaped |= ESCAPED;
            int next = escape(text, i, limit);
            if (next == INVALID) {
                position = i;
                return fail("an invalid escape in a string");
            }
            if (next < 0) {
                escaped |= UNPAIRED;
                irregular = true;
                next = -next;
            }
            i = next;
        }
        position = i + 1;
        int node = add(STRING | flag | escaped, start);
        ends[node] = position;
        afters[node] = node + 1;
        return true;
    }

    /** The position after the escape at {@code i}, negative if that is a surrogate without its pair; {@link #INVALID} if it is none. */
    private static int escape(byte[] text, int i, int limit) {
        if (i + 1 >= limit) {
            return INVALID;
        }
        switch (text[i + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return i + 2;
            }
            case 'u' -> {
                int code = hex4(text, i + 2, limit);
                if (code < 0) {
                    return INVALID;
                }
                if (code < 0xd800 || code >= 0xe000) {
                    return i + 6;
                }
                boolean followed = i + 7 < limit && text[i + 6] == '\\' && text[i + 7] == 'u';
                int low = code < 0xdc00 && followed ? hex4(text, i + 8, limit) : -1;
                return low >= 0xdc00 && low < 0xe000 ? i + 12 : -(i + 6);
            }
            default -> {
                return INVALID;
            }
        }
    }

    /** The value of four hexadecimal digits, or -1. */
    static int hex4(byte[] text, int from, int limit) {
        if (from + 4 > limit) {
            return -1;
        }
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(text[i], 16);
            if (digit < 0) {
                return -1;
            }
            code = code << 4 | digit;
        }
        return code;
    }

    private boolean scalar(byte first, int flag) {
        switch (first) {
            case 't' -> {
                return literal("true", Kind.TRUE, flag);
            }
            case 'f' -> {
                return literal("false", Kind.FALSE, flag);
            }
            case 'n' -> {
                return literal("null", Kind.NULL, flag);
            }
            default -> {
                return number(flag);
            }
        }
    }

    private boolean literal(String text, Kind kind, int flag) {
        int length = text.length();
        if (position + length > end) {
            return fail("the text ends within a value");
        }
        for (int i = 0; i < length; i++) {
            if (bytes[position + i] != text.charAt(i)) {
                return fail("not a JSON value");
            }
        }
        int node = add(kind.ordinal() | flag, position);
        position += length;
        ends[node] = position;
        return true;
    }

    private boolean number(int flag) {
        int start = position;
        int i = start;
        if (i < end && bytes[i] == '-') {
            i++;
        }
        int digits = i;
        i = digits(i);
        if (i == digits || bytes[digits] == '0' && i > digits + 1) {
            return fail("not a JSON value");
        }
        if (i < end && bytes[i] == '.') {
            int fraction = i + 1;
            i = digits(fraction);
            if (i == fraction) {
                return fail("a number without digits after its point");
            }
        }
        boolean hasExponent = i < end && (bytes[i] == 'e' || bytes[i] == 'E');
        if (hasExponent) {
            i++;
            if (i < end && (bytes[i] == '+' || bytes[i] == '-')) {
                i++;
            }
            int exponent = i;
            i = digits(exponent);
            if (i == exponent) {
                return fail("a number without digits in its exponent");
            }
        }
        int node = add(NUMBER | flag, start);
        position = i;
        ends[node] = i;
        if ((hasExponent || i - start > EXACT_DIGITS) && !Numbers.isExact(bytes, start, i)) {
            flags[node] |= TEXT_ONLY;
            irregular = true;
        }
        return true;
    }

    private int digits(int from) {
        int i = from;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    private int add(int flag, int start) {
        int node = nodes++;
        if (node == flags.length) {
            int capacity = node * 2;
            flags = Arrays.copyOf(flags, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            afters = Arrays.copyOf(afters, capacity);
            hints = Arrays.copyOf(hints, capacity);
            names = Arrays.copyOf(names, capacity);
            repeated = Arrays.copyOf(repeated, capacity);
        }
        flags[node] = flag;
        starts[node] = start;
        return node;
    }

    private boolean fail(String reason) {
        problem = reason + " at byte " + position;
        nodes = 0;
        return false;
    }

    // ---- reading

    /** The whole value, or {@link #NONE} if nothing valid was parsed. */
    public int root() {
        return nodes == 0 ? NONE : 0;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the value starts, with a string's quote. */
    public int start(int node) {
        return starts[node];
    }

    /** Where the value ends, with a string's quote. */
    public int end(int node) {
        return ends[node];
    }

    /** What the node is; {@link Kind#NULL} if absent. */
    public Kind kind(int node) {
        return node == NONE ? Kind.NULL : KINDS[flags[node] & KIND];
    }

    public boolean isObject(int node) {
        return node != NONE && (flags[node] & KIND) == OBJECT;
    }

    public boolean isArray(int node) {
        return node != NONE && (flags[node] & KIND) == ARRAY;
    }

    public boolean isString(int node) {
        return node != NONE && (flags[node] & KIND) == STRING;
    }

    /** Whether the node is absent or {@code null}. */
    public boolean isNull(int node) {
        return node == NONE || (flags[node] & KIND) == Kind.NULL.ordinal();
    }

    /** Whether the node is an object or array without content, or an empty string. */
    public boolean isEmpty(int node) {
        if (node == NONE) {
            return true;
        }
        int kind = flags[node] & KIND;
        return kind == STRING ? ends[node] - starts[node] == 2 : kind <= ARRAY && afters[node] == node + 1;
    }

    /** The first value in an object or array, or {@link #NONE}. */
    public int first(int parent) {
        if (parent == NONE || (flags[parent] & KIND) > ARRAY || afters[parent] == parent + 1) {
            return NONE;
        }
        flags[parent] |= TOUCHED;
        return (flags[parent] & KIND) == OBJECT ? parent + 2 : parent + 1;
    }

    /** The next value in the same object or array, or {@link #NONE}. */
    public int next(int node) {
        int flag = flags[node];
        if ((flag & LAST) != 0) {
            return NONE;
        }
        return afters[node] + ((flag & MEMBER) != 0 ? 1 : 0);
    }

    /** The node of a member value's name. */
    public int nameOf(int member) {
        return member - 1;
    }

    /** The member of an object by name (the first, if it is repeated), or {@link #NONE}. */
    public int find(int object, Name name) {
        if (object == NONE || (flags[object] & KIND) != OBJECT || afters[object] == object + 1) {
            return NONE;
        }
        flags[object] |= TOUCHED;
        if ((names[object] & name.bit) == 0) {
            return NONE;
        }
        // sources write their members in a fixed order, and mappings ask in that order: start where the last one ended,
        // unless that may be behind the first of several
        boolean anywhere = hints[object] != NONE && (repeated[object] & name.bit) == 0;
        int from = anywhere ? hints[object] : object + 2;
        int member = from;
        do {
            int following = next(member);
            if (following == NONE) {
                following = object + 2;
            }
            if (named(member - 1, name.bytes)) {
                hints[object] = following;
                return member;
            }
            member = following;
        } while (member != from);
        return NONE;
    }

    /** {@link #find} from the root, through several objects. */
    public int find(Name... path) {
        int node = root();
        for (Name name : path) {
            node = find(node, name);
        }
        return node;
    }

    private boolean named(int key, byte[] name) {
        int start = starts[key] + 1;
        int length = name.length;
        if (ends[key] - 1 - start != length) {
            return false;
        }
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if (Scan.word(bytes, start + i) != Scan.word(name, i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (bytes[start + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the node is a string with exactly this text. The text must need no escapes. */
    public boolean is(int node, String text) {
        if (!isString(node) || ends[node] - starts[node] - 2 != text.length()) {
            return false;
        }
        int start = starts[node] + 1;
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the node is a string that starts with this text. The text must need no escapes. */
    public boolean startsWith(int node, String text) {
        if (!isString(node) || ends[node] - starts[node] - 2 < text.length()) {
            return false;
        }
        int start = starts[node] + 1;
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the node is a string that ends with this text. The text must need no escapes. */
    public boolean endsWith(int node, String text) {
        if (!isString(node) || ends[node] - starts[node] - 2 < text.length()) {
            return false;
        }
        int start = ends[node] - 1 - text.length();
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a string holds escapes, so that its bytes are not its text. */
    public boolean isEscaped(int node) {
        return (flags[node] & ESCAPED) != 0;
    }

    /** A string's text, or the JSON text of any other value; empty if absent or {@code null}. For what is rare. */
    public Optional<String> text(int node) {
        if (isNull(node)) {
            return Optional.empty();
        }
        if (!isString(node)) {
            return Optional.of(utf8(bytes, starts[node], ends[node]));
        }
        int start = starts[node] + 1;
        int stop = ends[node] - 1;
        if (!isEscaped(node)) {
            return Optional.of(utf8(bytes, start, stop));
        }
        JsonOutput plain = new JsonOutput(stop - start);
        plain.unescaped(bytes, start, stop);
        return Optional.of(utf8(plain.bytes(), 0, plain.length()));
    }

    private static String utf8(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Whether the node is an integer, or a string of one, that a {@code long} holds. */
    public boolean isInteger(int node) {
        if (node == NONE) {
            return false;
        }
        int kind = flags[node] & KIND;
        if (kind == NUMBER) {
            return Numbers.isLong(bytes, starts[node], ends[node]);
        }
        return kind == STRING && Numbers.isLong(bytes, starts[node] + 1, ends[node] - 1);
    }

    /** The value where {@link #isInteger}, else {@code otherwise}. */
    public long integer(int node, long otherwise) {
        if (!isInteger(node)) {
            return otherwise;
        }
        int quote = isString(node) ? 1 : 0;
        return Numbers.parseLong(bytes, starts[node] + quote, ends[node] - quote);
    }

    /** Whether the value is a text in I-JSON although it is none here. */
    boolean isTextOnly(int node) {
        return (flags[node] & TEXT_ONLY) != 0;
    }

    /** Whether the string has an escaped surrogate without its pair. */
    boolean isUnpaired(int node) {
        return (flags[node] & UNPAIRED) != 0;
    }

    // ---- what was used

    /** Marks a value as used: it and all below it are not part of the {@linkplain JsonOutput#remainder remainder}. */
    public void take(int node) {
        if (node != NONE) {
            flags[node] |= TAKEN;
        }
    }

    void giveBack(int node) {
        flags[node] &= ~TAKEN;
    }

    /** Whether the value was {@linkplain #take taken}. */
    public boolean isTaken(int node) {
        return (flags[node] & TAKEN) != 0;
    }

    /** Whether the node was looked into, so that some of what is below may have been taken. */
    boolean isTouched(int node) {
        return (flags[node] & TOUCHED) != 0;
    }
}
