package io.tributary.transform;

import java.nio.charset.StandardCharsets;

/**
 * Finds secrets that are recognised by their form, whatever they are called: JSON web tokens, the secret keys and
 * session tokens of AWS, and tokens that begin as their issuers document.
 *
 * <p>All of them hold a run of at least {@value #SHORTEST} letters, digits and {@code +/-_}. Such a run covers one of
 * any {@value #STEP} positions in a row with {@value #MARGIN} bytes on both sides, so it is enough to look at every
 * {@value #STEP}th position, and around it only if the run may be there.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html">IAM identifiers</a>
 */
final class SecretTokens {
    static final int STEP = 24;
    static final int MARGIN = 4;
    static final int SHORTEST = STEP + 2 * MARGIN;

    /** How near a word must be to say what a value is. */
    private static final int CONTEXT = 64;

    private static final int SECRET_KEY_LENGTH = 40;
    private static final int SHORTEST_SESSION_TOKEN = 100;
    private static final int SHORTEST_GITHUB_TOKEN = 36;

    /**
     * How often neighbouring characters are of different kinds (upper case, lower case, digit, sign). Of 40 random
     * characters of base64 25 are, give or take 3; of names in camel case and of paths seldom more than 15.
     */
    private static final int RANDOM_CHANGES = 19;

    private static final int CHANGES_IN_CONTEXT = 8;
    private static final int MOST_SLASHES = 3;

    private static final int LOWER = 1;
    private static final int UPPER = 2;
    private static final int DIGIT = 4;
    private static final int BASE64_SIGN = 8;
    private static final int URL_SIGN = 16;
    private static final int BASE64_URL = LOWER | UPPER | DIGIT | URL_SIGN;

    private static final byte[] KINDS = new byte[256];
    /** What may stand beside a secret that nothing else announces. */
    private static final boolean[] DELIMITER = new boolean[256];

    static {
        for (int b = 'a'; b <= 'z'; b++) {
            KINDS[b] = LOWER;
            KINDS[b - 'a' + 'A'] = UPPER;
        }
        for (int b = '0'; b <= '9'; b++) {
            KINDS[b] = DIGIT;
        }
        KINDS['+'] = BASE64_SIGN;
        KINDS['/'] = BASE64_SIGN;
        KINDS['-'] = URL_SIGN;
        KINDS['_'] = URL_SIGN;
        for (byte b : ascii("\"'` \\,;()[]{}<>|&")) {
            DELIMITER[b] = true;
        }
    }

    private static final byte[] JSON = ascii("eyJ");
    private static final byte[] SECRET = ascii("secret");
    private static final byte[][] ACCESS_KEY_IDS = {ascii("AKIA"), ascii("ASIA")};
    private static final byte[][] SESSION_TOKENS = {ascii("FwoG"), ascii("FQoG"), ascii("IQoJ")};

    /**
     * How tokens of others begin: GitHub, GitLab, Slack, Stripe, OpenAI, Anthropic, Google, npm, PyPI, Docker, Shopify, DigitalOcean, Hugging Face,
     * Atlassian, Postman. Names of variables begin so, too: a token goes on with enough letters and digits.
     */
    private static final byte[][] BEGINNINGS = {
        ascii("github_pat_"),
        ascii("glpat-"),
        ascii("gldt-"),
        ascii("glrt-"),
        ascii("xapp-"),
        ascii("sk_live_"),
        ascii("sk_test_"),
        ascii("rk_live_"),
        ascii("rk_test_"),
        ascii("whsec_"),
        ascii("sk-proj-"),
        ascii("sk-svcacct-"),
        ascii("sk-ant-"),
        ascii("AIza"),
        ascii("GOCSPX-"),
        ascii("npm_"),
        ascii("pypi-"),
        ascii("dckr_pat_"),
        ascii("shpat_"),
        ascii("shpss_"),
        ascii("dop_v1_"),
        ascii("hf_"),
        ascii("ATATT3"),
        ascii("PMAK-")
    };

    private static final boolean[] BEGINS = new boolean[128];

    static {
        for (byte[] beginning : BEGINNINGS) {
            BEGINS[beginning[0]] = true;
        }
    }

    /** Those of HashiCorp Vault, SendGrid and Google go on behind a dot. */
    private static final byte[][] BEFORE_DOT = {ascii("hvs."), ascii("hvb."), ascii("SG."), ascii("ya29.")};

    private static final int SHORTEST_REST = 16;

    /** The length of a secret access key; the signature of a JSON web token has more. */
    private static final int SHORTEST_UNNAMED = 40;

    private byte[] text = {};
    private int start;
    private int end;
    private Edits edits = new Edits();

    private static byte[] ascii(String letters) {
        return letters.getBytes(StandardCharsets.US_ASCII);
    }

    /** Notes the secrets of the JSON object in {@code text[from, to)}, in order. */
    void find(byte[] text, int from, int to, Edits edits) {
        this.text = text;
        this.start = from;
        this.end = to;
        this.edits = edits;
        final int limit = to - MARGIN;
        int seen = from;
        for (int i = from + STEP; i < limit; i += STEP) {
            if (KINDS[text[i] & 0xff] == 0
                    || KINDS[text[i + MARGIN] & 0xff] == 0
                    || KINDS[text[i - MARGIN] & 0xff] == 0) {
                continue;
            }
            int first = i;
            while (KINDS[text[first - 1] & 0xff] != 0) {
                first--;
            }
            int last = i + 1;
            while (last < to && KINDS[text[last] & 0xff] != 0) {
                last++;
            }
            i = last;
            if (last - first >= SHORTEST) {
                seen = run(seen, first, last);
                i = seen;
            }
        }
    }

    /** Looks at a run and what is before it, back to {@code seen}; up to where all has been looked at. */
    private int run(int seen, int from, int to) {
        int first = afterEscape(from);
        if (to - first < SHORTEST_UNNAMED) {
            // too short for all but those that begin as documented, and far more often an id
            if (isBegunAsTokens(first, to)) {
                edits.add(first, to, Edits.NO_QUOTES);
            }
            return to;
        }
        boolean dotted = text[to] == '.' || first > start && text[first - 1] == '.';
        if (dotted || startsWith(first, JSON)) {
            int after = webToken(seen, first, to);
            if (after > 0) {
                return after;
            }
        }
        int word = afterLastSlash(first, to);
        if (isGithubToken(word, to) || isSlackToken(word) || isBegunAsTokens(word, to)) {
            edits.add(word, to, Edits.NO_QUOTES);
        } else if (dotted && afterBeginning(first) < first) {
            int end = afterParts(to);
            edits.add(afterBeginning(first), end, Edits.NO_QUOTES);
            return end;
        } else if (isSessionToken(first, to) || isSecretKey(first, to, first != from)) {
            edits.add(first, padded(to), Edits.NO_QUOTES);
        }
        return to;
    }

    /** The run without the letters of an escape before it, such as the n of a line feed. */
    private int afterEscape(int from) {
        if (from == start || text[from - 1] != '\\') {
            return from;
        }
        return switch (text[from]) {
            case 'u' -> from + 5;
            case 'n', 'r', 't', 'b', 'f', '/' -> from + 1;
            default -> from;
        };
    }

    private int afterLastSlash(int from, int to) {
        for (int i = to; i > from; i--) {
            if (text[i - 1] == '/') {
                return i;
            }
        }
        return from;
    }

    private int padded(int to) {
        int i = to;
        while (i < end && text[i] == '=') {
            i++;
        }
        return i;
    }

    // ---- JSON web tokens

    /** A JSON web token that the run is a part of: three parts, the first two of which are JSON; its end, or -1. */
    private int webToken(int seen, int run, int runEnd) {
        int from = run;
        while (from > seen && (is(from - 1, BASE64_URL) || text[from - 1] == '.')) {
            from--;
        }
        from = afterEscape(from);
        for (int i = from; i < runEnd; i++) {
            if (text[i] == 'e' && startsWith(i, JSON) && (i == from || !is(i - 1, BASE64_URL))) {
                int payload = partEnd(i) + 1;
                if (payload < end && text[payload - 1] == '.' && startsWith(payload, JSON)) {
                    int signature = partEnd(payload) + 1;
                    if (signature < end && text[signature - 1] == '.') {
                        int to = partEnd(signature);
                        edits.add(i, to, Edits.NO_QUOTES);
                        return to;
                    }
                }
            }
        }
        return -1;
    }

    private int partEnd(int from) {
        int i = from;
        while (i < end && is(i, BASE64_URL)) {
            i++;
        }
        return i;
    }

    // ---- AWS

    private boolean isSessionToken(int from, int to) {
        if (to - from < SHORTEST_SESSION_TOKEN || (kinds(from, to) & URL_SIGN) != 0) {
            return false;
        }
        for (byte[] beginning : SESSION_TOKENS) {
            if (startsWith(from, beginning)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether these are the 40 characters of a secret access key, made certain by what is near or by their disorder.
     */
    private boolean isSecretKey(int from, int to, boolean afterEscape) {
        if (to - from != SECRET_KEY_LENGTH || text[to] == '=') {
            return false;
        }
        int kinds = kinds(from, to);
        int needed = UPPER | LOWER | DIGIT;
        if ((kinds & URL_SIGN) != 0 || (kinds & needed) != needed) {
            return false;
        }
        int changes = changes(from, to);
        if (changes >= RANDOM_CHANGES) {
            boolean before = afterEscape || text[from - 1] == '=' || DELIMITER[text[from - 1] & 0xff];
            boolean alone = before && DELIMITER[text[to] & 0xff] && slashes(from, to) <= MOST_SLASHES;
            return alone || isAnnounced(from, to);
        }
        return changes >= CHANGES_IN_CONTEXT && isAnnounced(from, to);
    }

    private int kinds(int from, int to) {
        int kinds = 0;
        for (int i = from; i < to; i++) {
            kinds |= KINDS[text[i] & 0xff];
        }
        return kinds;
    }

    private int changes(int from, int to) {
        int changes = 0;
        for (int i = from + 1; i < to; i++) {
            changes += KINDS[text[i] & 0xff] == KINDS[text[i - 1] & 0xff] ? 0 : 1;
        }
        return changes;
    }

    private int slashes(int from, int to) {
        int slashes = 0;
        for (int i = from; i < to; i++) {
            slashes += text[i] == '/' ? 1 : 0;
        }
        return slashes;
    }

    /** Whether "secret" stands shortly before, or an access key id on either side. */
    private boolean isAnnounced(int from, int to) {
        for (int i = Math.max(start, from - CONTEXT); i < from; i++) {
            if ((text[i] | 0x20) == 's' && startsWithIgnoringCase(i, SECRET) || isAccessKeyId(i)) {
                return true;
            }
        }
        for (int i = to; i < Math.min(end, to + CONTEXT); i++) {
            if (isAccessKeyId(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAccessKeyId(int from) {
        return text[from] == 'A' && (startsWith(from, ACCESS_KEY_IDS[0]) || startsWith(from, ACCESS_KEY_IDS[1]));
    }

    // ---- others

    private boolean isGithubToken(int from, int to) {
        return to - from >= SHORTEST_GITHUB_TOKEN + 4
                && text[from] == 'g'
                && text[from + 1] == 'h'
                && "pousr".indexOf(text[from + 2]) >= 0
                && text[from + 3] == '_';
    }

    private boolean isBegunAsTokens(int from, int to) {
        byte first = text[from];
        if (first < 0 || !BEGINS[first]) {
            return false;
        }
        for (byte[] beginning : BEGINNINGS) {
            if (first == beginning[0] && startsWith(from, beginning)) {
                return isRandom(from + beginning.length, to);
            }
        }
        return false;
    }

    /** Whether what is left is long enough, and has letters and digits, as random texts of the length have. */
    private boolean isRandom(int from, int to) {
        int kinds = kinds(from, to);
        return to - from >= SHORTEST_REST && (kinds & DIGIT) != 0 && (kinds & (LOWER | UPPER)) != 0;
    }

    /** Where a token begins of which a part before the run, or two, are told by their dots; the run if there is none. */
    private int afterBeginning(int run) {
        int part = run;
        for (int parts = 0; parts < 2 && part > start && text[part - 1] == '.'; parts++) {
            for (byte[] beginning : BEFORE_DOT) {
                int from = part - beginning.length;
                if (from > start && !is(from - 1, BASE64_URL) && startsWith(from, beginning)) {
                    return from;
                }
            }
            part--;
            int first = Math.max(start, part - SHORTEST);
            while (part > first && is(part - 1, BASE64_URL)) {
                part--;
            }
        }
        return run;
    }

    /** Where parts with dots between them end. */
    private int afterParts(int to) {
        int i = to;
        while (i < end && (is(i, BASE64_URL) || text[i] == '.' && i + 1 < end && is(i + 1, BASE64_URL))) {
            i++;
        }
        return i;
    }

    private boolean isSlackToken(int from) {
        return from + 5 < end
                && text[from] == 'x'
                && text[from + 1] == 'o'
                && text[from + 2] == 'x'
                && "abeoprs".indexOf(text[from + 3]) >= 0
                && text[from + 4] == '-';
    }

    // ---- bytes

    private boolean is(int i, int kinds) {
        return (KINDS[text[i] & 0xff] & kinds) != 0;
    }

    private boolean startsWith(int from, byte[] letters) {
        if (from + letters.length > end) {
            return false;
        }
        for (int i = 0; i < letters.length; i++) {
            if (text[from + i] != letters[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean startsWithIgnoringCase(int from, byte[] lowerCase) {
        if (from + lowerCase.length > end) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if ((text[from + i] | 0x20) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }
}
