package io.tributary.transform;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The names whose values are secrets. Only a name's letters count, in either case: {@code DB_PASSWORD}, {@code
 * db.password} and {@code dbPassword2} are one. What counts is how a name ends, so that a secret's id, name, ARN or
 * version is none.
 */
final class SecretNames {
    /** What a name says about its value. */
    enum Kind {
        NONE,
        /** A secret where it is a string, a number or an array of strings. */
        SECRET,
        /** A secret whatever it is: of an object, all strings within. */
        SECRET_THROUGHOUT,
        /** As {@link #SECRET}, unless it is a path: {@code PWD} is the working directory, too. */
        SECRET_OR_PATH,
        /** As {@link #SECRET}, where it is a text: tests pass, too, and are counted. */
        PASS,
        /** As {@link #SECRET_THROUGHOUT}; in plain text through the end of the line, as the header of HTTP. */
        COOKIE,
        /** A secret if the member before it names one, as in <code>{"name":"authorization","value":"x"}</code>. */
        VALUE_OF_PAIR
    }

    private record Ending(byte[] letters, Kind kind) {
        Ending(String letters, Kind kind) {
            this(letters.getBytes(StandardCharsets.US_ASCII), kind);
        }
    }

    private static final List<Ending> ENDINGS = List.of(
            new Ending("password", Kind.SECRET_THROUGHOUT),
            new Ending("passwd", Kind.SECRET_THROUGHOUT),
            new Ending("passphrase", Kind.SECRET_THROUGHOUT),
            new Ending("pwd", Kind.SECRET_OR_PATH),
            new Ending("pass", Kind.PASS),
            new Ending("cookie", Kind.COOKIE),
            new Ending("cookies", Kind.COOKIE),
            new Ending("accountkey", Kind.SECRET),
            new Ending("sharedaccesskey", Kind.SECRET),
            new Ending("secret", Kind.SECRET),
            new Ending("secretkey", Kind.SECRET),
            new Ending("secretaccesskey", Kind.SECRET),
            new Ending("secretstring", Kind.SECRET_THROUGHOUT),
            new Ending("secretbinary", Kind.SECRET_THROUGHOUT),
            new Ending("privatekey", Kind.SECRET_THROUGHOUT),
            new Ending("presharedkey", Kind.SECRET),
            new Ending("apikey", Kind.SECRET),
            new Ending("sessiontoken", Kind.SECRET),
            new Ending("securitytoken", Kind.SECRET),
            new Ending("accesstoken", Kind.SECRET),
            new Ending("refreshtoken", Kind.SECRET),
            new Ending("idtoken", Kind.SECRET),
            new Ending("authtoken", Kind.SECRET),
            new Ending("authorizationtoken", Kind.SECRET),
            new Ending("bearertoken", Kind.SECRET),
            new Ending("apitoken", Kind.SECRET),
            new Ending("authorization", Kind.SECRET),
            new Ending("connectionstring", Kind.SECRET),
            new Ending("xamzsignature", Kind.SECRET),
            new Ending("value", Kind.VALUE_OF_PAIR));

    private static final int TRIPLES = 1 << 15;
    /** The endings by their last three letters; null where no name ends so. */
    private static final Ending[][] BY_LAST_THREE = new Ending[TRIPLES][];

    /** The last three letters of the words that are looked for before a space. */
    private static final long[] BEFORE_SPACE = new long[TRIPLES / Long.SIZE];

    /** Whether {@link #BY_LAST_THREE} has any: bits, which stay in the processor's nearest cache. */
    private static final long[] MAY_END = new long[TRIPLES / Long.SIZE];

    static {
        for (Ending ending : ENDINGS) {
            int triple = triple(ending.letters, ending.letters.length - 1);
            Ending[] known = BY_LAST_THREE[triple] == null ? new Ending[0] : BY_LAST_THREE[triple];
            Ending[] all = Arrays.copyOf(known, known.length + 1);
            all[known.length] = ending;
            BY_LAST_THREE[triple] = all;
            set(MAY_END, triple);
            if (ending.kind != Kind.VALUE_OF_PAIR) {
                set(BEFORE_SPACE, triple);
            }
        }
        for (String word : List.of("bearer", "basic", "private", "identified by")) {
            byte[] letters = word.getBytes(StandardCharsets.US_ASCII);
            set(BEFORE_SPACE, triple(letters, letters.length - 1));
        }
    }

    private SecretNames() {}

    private static void set(long[] bits, int bit) {
        bits[bit >> 6] |= 1L << bit;
    }

    private static boolean has(long[] bits, int bit) {
        return (bits[bit >> 6] >>> bit & 1) != 0;
    }

    /** The last three letters of what ends at {@code last}, without their case: a first, cheap test. */
    private static int triple(byte[] text, int last) {
        return (text[last - 2] & 31) << 10 | (text[last - 1] & 31) << 5 | text[last] & 31;
    }

    /** Whether {@link #kind} may be anything but {@link Kind#NONE}; true for very few other texts. Two bytes stand before {@code last}. */
    static boolean mayEndAt(byte[] text, int last) {
        return has(MAY_END, triple(text, last));
    }

    /** Whether one of the words that announce a secret may end at {@code last}, before a space. */
    static boolean mayEndBeforeSpace(byte[] text, int last) {
        return has(BEFORE_SPACE, triple(text, last));
    }

    /** What the name says that ends at {@code last} and starts at {@code from} or later. */
    static Kind kind(byte[] text, int from, int last) {
        if (last - from < 2) {
            return Kind.NONE;
        }
        Ending[] endings = BY_LAST_THREE[triple(text, last)];
        Kind kind = Kind.NONE;
        if (endings != null) {
            for (Ending ending : endings) {
                if (endsWith(text, from, last, ending.letters)
                        && (ending.kind != Kind.PASS || isWord(text, from, last - ending.letters.length + 1))) {
                    kind = ending.kind;
                }
            }
        }
        return kind;
    }

    /** Whether a word begins there: {@code pass}, {@code db_pass} and {@code dbPass}, but neither bypass nor compass. */
    private static boolean isWord(byte[] text, int from, int first) {
        if (first <= from) {
            return first == from;
        }
        byte before = text[first - 1];
        boolean isLetter = (before | 0x20) >= 'a' && (before | 0x20) <= 'z';
        return !isLetter || text[first] < 'a' && before >= 'a';
    }

    private static boolean endsWith(byte[] text, int from, int last, byte[] letters) {
        int i = last;
        for (int letter = letters.length - 1; letter >= 0; i--) {
            if (i < from) {
                return false;
            }
            byte b = text[i];
            if ((b | 0x20) == letters[letter] && b > '@') {
                letter--;
            } else if (b != '_' && b != '-' && b != '.' && (b < '0' || b > '9')) {
                return false;
            }
        }
        return true;
    }
}
