package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.transform.SecretNames.Kind;
import java.nio.charset.StandardCharsets;

/**
 * Replaces secrets in documents before they leave the function: what a name announces ({@link SecretNames}), in JSON,
 * in JSON within strings, in {@code key=value}, {@code key: value} and {@code --key value}; passwords in URLs, in
 * SQL and in options of commands ({@link SecretOptions}); bearer tokens and private keys; and what is recognised by its form alone
 * ({@link SecretTokens}). Ids of access
 * keys are kept: they are evidence, not secrets.
 *
 * <p>Every document passes here, and hardly any holds a secret. So the text is read once, bytewise, stopping only at
 * the three bytes that can stand between a name and its value; a document without secrets is not written again. Every
 * step of the search is linear in the length of the text, whatever the text: each byte is looked at a bounded number of
 * times.
 *
 * <p>A string within a string has its quotes escaped: at depth <i>d</i> a quote stands behind 2<sup>d</sup> - 1
 * backslashes, which is how depths are told apart here.
 */
final class Redactor {
    private static final byte[] REPLACEMENT = "[REDACTED]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REDACTED = ascii("redacted");
    private static final byte[] HIDDEN = ascii("hidden_due_to");
    private static final byte[] ARN = ascii("arn:");
    private static final byte[] BEARER = ascii("bearer");
    private static final byte[] BASIC = ascii("basic");
    private static final byte[] IDENTIFIED_BY = ascii("identified by");
    private static final byte[] BEGIN = ascii("-----begin ");
    private static final int DASHES = 5;
    private static final byte[] PRIVATE = ascii("private");
    private static final byte[] KEY = ascii(" key");
    private static final byte[] END = ascii("-----end ");
    private static final byte[] NAME_LETTERS = ascii("name");
    private static final byte[] KEY_LETTERS = ascii("key");
    private static final byte[] SIGNATURE_SCHEME = ascii("aws4-hmac-sha256");
    private static final byte[] SIGNATURE = ascii("signature=");
    private static final byte[][] SCHEMES = {
        BEARER, BASIC, ascii("digest"), ascii("token"), ascii("negotiate"), ascii("apikey"), SIGNATURE_SCHEME
    };
    /** Values that are none. */
    private static final byte[][] NO_SECRETS = {
        ascii("true"),
        ascii("false"),
        ascii("null"),
        ascii("none"),
        ascii("nil"),
        ascii("undefined"),
        ascii("yes"),
        ascii("no")
    };

    /** Where JSON within JSON within JSON ends to be looked into: its quotes have 15 backslashes. */
    private static final int MOST_BACKSLASHES = 15;

    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_AUTHORITY = 512;
    private static final int LONGEST_AUTHORIZATION = 1024;
    private static final int LONGEST_REDACTED_NOTE = 32;
    private static final int SHORTEST_TOKEN = 8;
    private static final int LONG_TOKEN = 20;

    private static final boolean[] STOP = new boolean[256];
    private static final boolean[] NAME = new boolean[256];
    private static final boolean[] ENDS_VALUE = new boolean[256];
    private static final boolean[] ENDS_AUTHORITY = new boolean[256];
    private static final boolean[] TOKEN = new boolean[256];
    /** What stands between the strings of JSON: commas, colons, spaces, numbers, true, false and null. */
    private static final boolean[] IN_ARRAY = new boolean[256];

    static {
        for (int b : ascii(":= ")) {
            STOP[b] = true;
        }
        for (int b : ascii(",: 0123456789+-.Etruefalsn")) {
            IN_ARRAY[b] = true;
        }
        for (int b = 0; b < 128; b++) {
            NAME[b] = Character.isLetterOrDigit(b) || b == '_' || b == '-' || b == '.';
            TOKEN[b] = NAME[b] || b == '~' || b == '+' || b == '/' || b == '=';
            ENDS_VALUE[b] = b <= ' ' || "\"'`,;&<>)]}|".indexOf(b) >= 0;
            ENDS_AUTHORITY[b] = b <= ' ' || "\"'`\\/?#<>".indexOf(b) >= 0;
        }
    }

    private final SecretTokens tokens = new SecretTokens();
    private final SecretOptions options = new SecretOptions();
    private final Edits edits = new Edits();
    private final JsonOutput scratch = new JsonOutput(1024);
    private byte[] text = {};
    private int start;
    private int end;

    private static byte[] ascii(String letters) {
        return letters.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Replaces what is secret in the JSON that was written from {@code from} on: a whole object, or the rest of one from
     * a member on. It stays valid JSON.
     *
     * @return how many secrets were replaced
     */
    int redact(JsonOutput out, int from) {
        text = out.bytes();
        start = from;
        end = out.length();
        edits.clear();
        search();
        tokens.find(text, start, end, edits);
        int found = edits.merge();
        if (found > 0) {
            rewrite(out);
        }
        return found;
    }

    private void rewrite(JsonOutput out) {
        scratch.truncate(0);
        int copied = start;
        for (int i = 0; i < edits.size(); i++) {
            scratch.raw(text, copied, edits.from(i));
            quote(edits.backslashes(i));
            scratch.raw(REPLACEMENT);
            quote(edits.backslashes(i));
            copied = edits.to(i);
        }
        scratch.raw(text, copied, end);
        out.truncate(start);
        out.raw(scratch.bytes(), 0, scratch.length());
    }

    private void quote(int backslashes) {
        if (backslashes == Edits.NO_QUOTES) {
            return;
        }
        for (int i = 0; i < backslashes; i++) {
            scratch.raw((byte) '\\');
        }
        scratch.raw((byte) '"');
    }

    /** The pass over all bytes. A JSON object has at least three before its first colon. */
    private void search() {
        final byte[] b = text;
        final int limit = end - 1;
        int i = start + 3;
        while (true) {
            while (i < limit && !STOP[b[i] & 0xff]) {
                i++;
            }
            if (i >= limit) {
                return;
            }
            if (b[i] == ' ') {
                if (b[i + 1] == '-') {
                    int after = options.after(b, start, end, i + 1, edits);
                    if (after > 0) {
                        i = after;
                        continue;
                    }
                }
                i = SecretNames.mayEndBeforeSpace(b, i - 1) ? afterWord(i) : i + 1;
                continue;
            }
            int last = i - 1;
            if (b[last] == '"') {
                last -= b[last - 1] == '\\' ? 1 + backslashesBefore(last) : 1;
            } else if (b[last] == '\'') {
                last--;
            } else if (b[last] == ' ') {
                last = lastOfName(last);
            }
            if (last > start + 1 && (isDigit(b[last]) || SecretNames.mayEndAt(b, last))) {
                i = afterName(i, last);
            } else if (b[i + 1] == '/' || b[i + 1] == '\\') {
                i = afterScheme(i);
            } else {
                i++;
            }
        }
    }

    /** The last byte of the name before spaces, without its quote. */
    private int lastOfName(int space) {
        int last = space;
        while (last > start && text[last] == ' ') {
            last--;
        }
        if (text[last] == '"') {
            last -= 1 + backslashesBefore(last);
        } else if (text[last] == '\'') {
            last--;
        }
        return last;
    }

    private int backslashesBefore(int i) {
        int first = i;
        while (first > start && text[first - 1] == '\\') {
            first--;
        }
        return i - first;
    }

    // ---- after a name

    /** Looks at the value behind the colon or equals sign at {@code i}; where to go on. */
    private int afterName(int i, int nameEnd) {
        int last = nameEnd;
        // password1, but not the hours and minutes of every time
        while (last > start && isDigit(text[last]) && (text[i - 1] == '"' || text[i] == '=')) {
            last--;
        }
        if (isDigit(text[last])) {
            return i + 1;
        }
        int first = Math.max(start, last - LONGEST_NAME);
        Kind kind = SecretNames.kind(text, first, last);
        if (kind == Kind.NONE) {
            return text[i + 1] == '/' || text[i + 1] == '\\' ? afterScheme(i) : i + 1;
        }
        int quote = text[i - 1] == ' ' ? beforeSpaces(i - 1) : i - 1;
        if (text[quote] == '"' && text[i] == ':') {
            return member(i, quote, kind);
        }
        if (kind == Kind.VALUE_OF_PAIR || kind == Kind.PASS && text[i] != '=' || !isPlainName(i, last)) {
            return i + 1;
        }
        return kind == Kind.COOKIE && text[i] == ':' ? header(i) : assignment(i, kind);
    }

    private int beforeSpaces(int space) {
        int i = space;
        while (i > start && text[i] == ' ') {
            i--;
        }
        return i;
    }

    /** Whether a name in plain text is one, and no part of an ARN, a path or a qualified name. */
    private boolean isPlainName(int separator, int last) {
        if (text[separator] == '=') {
            return text[separator + 1] != '=';
        }
        byte before = text[beforeName(last)];
        return before != ':' && before != '/' && text[separator + 1] != ':' && text[separator + 1] != '/';
    }

    private int beforeName(int last) {
        int i = last;
        int first = Math.max(start, last - LONGEST_NAME);
        while (i > first && NAME[text[i] & 0xff]) {
            i--;
        }
        return i;
    }

    /** The value of a JSON member: its name's closing quote is at {@code nameQuote}. */
    private int member(int colon, int nameQuote, Kind kind) {
        int backslashes = backslashesBefore(nameQuote);
        if (backslashes > MOST_BACKSLASHES || Integer.bitCount(backslashes + 1) != 1) {
            return colon + 1;
        }
        if (kind == Kind.VALUE_OF_PAIR && !followsSecretName(nameQuote, backslashes)) {
            return colon + 1;
        }
        int value = skipSpaces(colon + 1);
        byte b = text[value];
        boolean isThroughout = kind == Kind.SECRET_THROUGHOUT || kind == Kind.COOKIE;
        if (b == '[' || b == '{' && isThroughout) {
            return strings(value, backslashes, isThroughout);
        }
        if (kind != Kind.PASS && (b == '-' || isDigit(b))) {
            return number(value, backslashes);
        }
        int quote = value;
        while (quote - value < backslashes && text[quote] == '\\') {
            quote++;
        }
        if (quote - value < backslashes || text[quote] != '"') {
            return colon + 1;
        }
        int from = quote + 1;
        int to = stringEnd(from, backslashes);
        if (kind == Kind.SECRET_OR_PATH && isPath(from, to)) {
            return to;
        }
        return secret(from, to);
    }

    /** Whether the member before the one whose name ends at {@code nameQuote} is one like {@code "name":"password"}. */
    private boolean followsSecretName(int nameQuote, int backslashes) {
        int i = previousQuote(nameQuote - backslashes - 1);
        i = beforeSpaces(i - backslashes - 1);
        if (i <= start || text[i] != ',') {
            return false;
        }
        int valueQuote = beforeSpaces(i - 1);
        int last = valueQuote - backslashes - 1;
        if (text[valueQuote] != '"' || last <= start + 1 || !SecretNames.mayEndAt(text, last)) {
            return false;
        }
        int opening = previousQuote(last);
        Kind kind = SecretNames.kind(text, opening + 1, last);
        if (opening - backslashes - 1 <= start || kind == Kind.NONE || kind == Kind.VALUE_OF_PAIR) {
            return false;
        }
        int colon = beforeSpaces(opening - backslashes - 1);
        int keyQuote = colon > start ? beforeSpaces(colon - 1) : colon;
        int keyEnd = keyQuote - backslashes;
        return text[colon] == ':'
                && text[keyQuote] == '"'
                && (endsWith(keyEnd, NAME_LETTERS) || endsWith(keyEnd, KEY_LETTERS));
    }

    /** The nearest quote at or before {@code from}, or where the search for it was given up. */
    private int previousQuote(int from) {
        int first = Math.max(start, from - LONGEST_NAME);
        int i = from;
        while (i > first && text[i] != '"') {
            i--;
        }
        return i;
    }

    private int number(int value, int backslashes) {
        int to = value;
        while (to < end && (isDigit(text[to]) || "+-.eE".indexOf(text[to]) >= 0)) {
            to++;
        }
        byte after = text[skipSpaces(to)];
        if (after == ',' || after == '}' || after == ']' || after == '\\') {
            edits.add(value, to, backslashes);
        }
        return to;
    }

    /**
     * The strings of the array or object at {@code open}, or of an array at its first level only. Goes on where
     * anything else begins.
     */
    private int strings(int open, int backslashes, boolean throughout) {
        int depth = 0;
        int i = open;
        while (i < end) {
            byte b = text[i];
            if (b == '[' || b == '{') {
                depth++;
                if (depth > 1 && !throughout) {
                    return i;
                }
            } else if (b == ']' || b == '}') {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            } else if (b == '"' || b == '\\') {
                int quote = i;
                while (text[quote] == '\\') {
                    quote++;
                }
                if (text[quote] == 'n' || text[quote] == 'r' || text[quote] == 't') {
                    i = quote + 1;
                    continue;
                }
                if (text[quote] != '"' || quote - i != backslashes) {
                    // not of this depth: the string that holds all this has ended
                    return i;
                }
                int to = stringEnd(quote + 1, backslashes);
                int after = to + backslashes + 1;
                boolean isName = after < end && text[skipSpaces(after)] == ':';
                if (!isName) {
                    secret(quote + 1, to);
                }
                i = after;
                continue;
            } else if (!IN_ARRAY[b & 0xff]) {
                return i;
            }
            i++;
        }
        return end;
    }

    /** Where the content ends of a string whose quotes have so many backslashes; before the backslashes, if any. */
    private int stringEnd(int from, int backslashes) {
        int escapedQuote = 2 * backslashes + 1;
        int run = 0;
        for (int i = from; i < end; i++) {
            byte b = text[i];
            if (b == '\\') {
                run++;
            } else if (b == '"') {
                // pairs of backslashes are backslashes of the content; what is left of them says whose quote this is
                int own = run & escapedQuote;
                if (own != escapedQuote) {
                    return i - own;
                }
                run = 0;
            } else {
                run = 0;
            }
        }
        return end;
    }

    /** The value of a header of HTTP in plain text: through the end of its line, or of the string that it is in. */
    private int header(int separator) {
        int value = skipSpaces(separator + 1);
        int i = value;
        while (i < end && text[i] != '"' && text[i] != '\'') {
            int run = i;
            while (text[run] == '\\') {
                run++;
            }
            if (run > i && endsAtEscape(run, run - i)) {
                return secret(value, i);
            }
            // an escape goes as a whole
            i = run + 1;
        }
        return secret(value, Math.min(i, end));
    }

    /** The value of {@code name=value} or {@code name: value} in plain text. */
    private int assignment(int separator, Kind kind) {
        int value = separator + 1;
        if (text[value] == '=' || text[value] == '>') {
            value++;
        }
        return plainValue(skipSpaces(value), kind);
    }

    /** A value in plain text, quoted or not. */
    private int plainValue(int value, Kind kind) {
        byte b = text[value];
        if (b == '\'' || b == '`') {
            return quotedValue(value);
        }
        if (b == '\\') {
            int quote = value;
            while (text[quote] == '\\') {
                quote++;
            }
            int backslashes = quote - value;
            if (text[quote] == '"' && Integer.bitCount(backslashes + 1) == 1 && !isClosing(quote)) {
                return secret(quote + 1, stringEnd(quote + 1, backslashes));
            }
        }
        if (b == '[' || b == '{' || b == '(') {
            return value;
        }
        int to = valueEnd(value);
        if (isScheme(value, to)) {
            return credentials(value, to);
        }
        return kind == Kind.SECRET_OR_PATH && isPath(value, to) ? to : secret(value, to);
    }

    /** Whether a quote where a value could begin is rather the end of the string around it. */
    private boolean isClosing(int quote) {
        byte after = text[quote + 1];
        return after == ',' || after == '}' || after == ']' || after == ':' || after == '"' || after == '\\';
    }

    /** A value in single quotes or backquotes, in text or SQL; with backslashes or doubled quotes for quotes within. */
    private int quotedValue(int quote) {
        byte mark = text[quote];
        int from = quote + 1;
        int i = from;
        while (i < end && text[i] != '"') {
            if (text[i] == mark) {
                if (text[i + 1] != mark && text[i - 1] != '\\') {
                    return secret(from, i);
                }
                i += text[i + 1] == mark ? 1 : 0;
            }
            i++;
        }
        return secret(from, i - backslashesBefore(i));
    }

    /** Where a value without quotes ends. */
    private int valueEnd(int from) {
        int i = from;
        while (i < end && !ENDS_VALUE[text[i] & 0xff]) {
            if (text[i] != '\\') {
                i++;
                continue;
            }
            int run = i;
            while (text[run] == '\\') {
                run++;
            }
            if (endsAtEscape(run, run - i)) {
                return i;
            }
            // an escape goes as a whole
            i = run + 1;
        }
        return i;
    }

    private boolean endsAtEscape(int escaped, int backslashes) {
        return switch (text[escaped]) {
            case '"' -> true;
            case 'n', 'r', 't', 'b', 'f' -> (backslashes & 1) == 1;
            // the escapes of U+0000 to U+003F: as & and < are written where HTML is feared
            case 'u' ->
                escaped + 3 < end && text[escaped + 1] == '0' && text[escaped + 2] == '0' && text[escaped + 3] <= '3';
            default -> false;
        };
    }

    // ---- after a word

    /** Looks at what is around the space at {@code i}; where to go on. */
    private int afterWord(int i) {
        if (endsWith(i, BEARER)) {
            return token(i + 1, true);
        }
        if (endsWith(i, BASIC)) {
            return token(i + 1, false);
        }
        if (endsWith(i, PRIVATE) && startsWith(i, KEY)) {
            return privateKey(i);
        }
        int value = skipSpaces(i + 1);
        boolean sqlString = text[value] == '\'';
        if (sqlString && endsWith(i, IDENTIFIED_BY)) {
            return quotedValue(value);
        }
        int last = i - 1;
        Kind kind = SecretNames.kind(text, Math.max(start, last - LONGEST_NAME), last);
        if (kind == Kind.NONE || kind == Kind.VALUE_OF_PAIR) {
            return i + 1;
        }
        if (sqlString) {
            return quotedValue(value);
        }
        int before = beforeName(last);
        boolean option = text[before + 1] == '-' && text[before + 2] == '-';
        return option && text[value] != '-' ? plainValue(value, kind) : i + 1;
    }

    /** A token after {@code Bearer} or {@code Basic}; not the next word of a sentence. */
    private int token(int from, boolean bearer) {
        int digits = 0;
        int humps = 0;
        int i = from;
        while (i < end && TOKEN[text[i] & 0xff]) {
            digits += isDigit(text[i]) || text[i] == '=' ? 1 : 0;
            humps += i > from && isUpper(text[i]) && !isUpper(text[i - 1]) ? 1 : 0;
            i++;
        }
        boolean longEnough = i - from >= SHORTEST_TOKEN;
        boolean isToken = bearer ? digits > 0 || i - from >= LONG_TOKEN : digits + humps > 1;
        return longEnough && isToken ? secret(from, i) : from;
    }

    /** {@code -----BEGIN … PRIVATE KEY-----} with its space before {@code KEY} at {@code i}, through its end. */
    private int privateKey(int i) {
        int begin = i;
        int first = Math.max(start, i - LONGEST_NAME);
        while (begin > first && (text[begin] == ' ' || isUpper(text[begin]))) {
            begin--;
        }
        begin = Math.max(start, begin - DASHES + 1);
        if (!startsWith(begin, BEGIN)) {
            return i + 1;
        }
        int to = i;
        while (to < end && text[to] != '"' && !(text[to] == '-' && startsWith(to, END))) {
            to++;
        }
        if (text[to] == '"') {
            to -= backslashesBefore(to);
        } else {
            to += END.length;
            while (to < end && text[to] != '-' && text[to] != '"' && text[to] != '\\') {
                to++;
            }
            while (to < end && text[to] == '-') {
                to++;
            }
        }
        edits.add(begin, to, Edits.NO_QUOTES);
        return to;
    }

    // ---- after ://

    /** The password in the URL whose scheme ends at the colon at {@code i}. */
    private int afterScheme(int i) {
        int authority = authority(i);
        if (authority < 0) {
            return i + 1;
        }
        int colon = -1;
        int at = -1;
        int limit = Math.min(end, authority + LONGEST_AUTHORITY);
        for (int j = authority; j < limit && !ENDS_AUTHORITY[text[j] & 0xff]; j++) {
            if (text[j] == '@') {
                at = j;
            } else if (text[j] == ':' && colon < 0) {
                colon = j;
            }
        }
        if (at < 0) {
            return authority;
        }
        if (colon >= 0 && colon < at) {
            secret(colon + 1, at);
        } else if (at - authority >= LONG_TOKEN) {
            // a user name this long is a token
            secret(authority, at);
        }
        return at + 1;
    }

    private int authority(int colon) {
        if (colon + 5 >= end || text[colon] != ':') {
            return -1;
        }
        if (text[colon + 1] == '/') {
            return text[colon + 2] == '/' ? colon + 3 : -1;
        }
        boolean escaped = text[colon + 2] == '/' && text[colon + 3] == '\\' && text[colon + 4] == '/';
        return escaped ? colon + 5 : -1;
    }

    // ---- values

    /** Notes a secret, unless what stands there is none; where to go on. */
    private int secret(int from, int to) {
        if (from >= to || isHarmless(from, to)) {
            return Math.max(from, to);
        }
        if (startsWith(from, SIGNATURE_SCHEME)) {
            int after = signature(from, to);
            if (after > 0) {
                return after;
            }
        }
        edits.add(from, to, Edits.NO_QUOTES);
        return to;
    }

    /** Whether a value is hidden already, or only says where the secret is. */
    private boolean isHarmless(int from, int to) {
        boolean hidden = true;
        for (int i = from; i < to && hidden; i++) {
            hidden = text[i] == '*';
        }
        return hidden
                || startsWith(from, HIDDEN)
                || startsWith(from, ARN)
                || isNoSecret(from, to)
                || isPlaceholder(from, to)
                || isRedactedNote(from, to);
    }

    private boolean isNoSecret(int from, int to) {
        for (byte[] word : NO_SECRETS) {
            if (to - from == word.length && startsWith(from, word)) {
                return true;
            }
        }
        return false;
    }

    /** {@code ${NAME}}, {@code {{resolve:…}}} or {@code <password>}. */
    private boolean isPlaceholder(int from, int to) {
        byte first = text[from];
        byte last = text[to - 1];
        return first == '<' && last == '>'
                || last == '}' && (first == '{' || first == '$') && (text[from + 1] == '{' || text[from + 1] == '(');
    }

    private boolean isRedactedNote(int from, int to) {
        if (to - from > LONGEST_REDACTED_NOTE) {
            return false;
        }
        for (int i = from; i + REDACTED.length <= to; i++) {
            if (startsWith(i, REDACTED)) {
                return true;
            }
        }
        return false;
    }

    private boolean isPath(int from, int to) {
        return to > from && (text[from] == '/' || text[from] == '~' || to - from > 2 && text[from + 1] == ':');
    }

    private boolean isScheme(int from, int to) {
        for (byte[] scheme : SCHEMES) {
            if (to - from == scheme.length && startsWith(from, scheme)) {
                return true;
            }
        }
        return false;
    }

    /** What follows the scheme of an {@code Authorization} header in plain text. */
    private int credentials(int scheme, int schemeEnd) {
        if (startsWith(scheme, SIGNATURE_SCHEME)) {
            int after = signature(scheme, Math.min(end, scheme + LONGEST_AUTHORIZATION));
            return after > 0 ? after : schemeEnd;
        }
        int from = skipSpaces(schemeEnd);
        return secret(from, valueEnd(from));
    }

    /** A signed request's signature, where there is one, else 0; the credential scope before it, with the access key id, is kept. */
    private int signature(int from, int to) {
        for (int i = from; i < to && text[i] != '"'; i++) {
            if (text[i] == 'S' && startsWith(i, SIGNATURE)) {
                int value = i + SIGNATURE.length;
                int valueEnd = Math.min(to, valueEnd(value));
                if (value < valueEnd && text[value] != '[') {
                    edits.add(value, valueEnd, Edits.NO_QUOTES);
                }
                return Math.max(value, valueEnd);
            }
        }
        return 0;
    }

    // ---- bytes

    private int skipSpaces(int from) {
        int i = from;
        while (i < end - 1 && text[i] == ' ') {
            i++;
        }
        return i;
    }

    /** Whether the lower-case word stands at {@code from}, in either case. */
    private boolean startsWith(int from, byte[] word) {
        return from + word.length <= end && equals(from, word);
    }

    /** Whether the lower-case word ends before {@code to}, in either case. */
    private boolean endsWith(int to, byte[] word) {
        return to - word.length >= start && equals(to - word.length, word);
    }

    private boolean equals(int from, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            byte b = text[from + i];
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isUpper(byte b) {
        return b >= 'A' && b <= 'Z';
    }
}
