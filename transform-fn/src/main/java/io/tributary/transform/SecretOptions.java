package io.tributary.transform;

import java.nio.charset.StandardCharsets;

/**
 * Finds passwords in options of commands whose names say nothing of them: {@code curl -u user:password}, {@code mysql -ppassword}. What an option
 * means is its command's, which stands within some bytes before: each option looks at so many, whatever the text.
 */
final class SecretOptions {
    /** How far before an option its command is looked for. */
    private static final int NEAR = 256;

    /** How an option is followed by its secret. */
    private enum Form {
        /** Beside the option, or behind a space. */
        VALUE,
        /** Beside the option only: without it the command asks. */
        BESIDE,
        /** As {@link #VALUE}, behind the first colon: {@code user:password}. */
        AFTER_COLON,
        /** As {@link #VALUE}, behind the first percent sign: {@code user%password}. */
        AFTER_PERCENT
    }

    /**
     * An option of a command, whose name may go on, as in {@code mysqldump}.
     *
     * @param isOfLogin whether it is so of the command's {@code login} only: elsewhere it is a port
     */
    private record Option(byte[] command, byte[] option, Form form, boolean isOfLogin) {
        static Option of(String command, String option, Form form) {
            return new Option(ascii(command.replace(" login", "")), ascii(option), form, command.endsWith(" login"));
        }
    }

    private static final byte[] LOGIN = ascii("login");

    private static final Option[] OPTIONS = {
        Option.of("curl", "-u", Form.AFTER_COLON),
        Option.of("curl", "-U", Form.AFTER_COLON),
        Option.of("curl", "--user", Form.AFTER_COLON),
        Option.of("curl", "--proxy-user", Form.AFTER_COLON),
        Option.of("mysql", "-p", Form.BESIDE),
        Option.of("mariadb", "-p", Form.BESIDE),
        Option.of("mongo", "-p", Form.VALUE),
        Option.of("sshpass", "-p", Form.VALUE),
        Option.of("docker login", "-p", Form.VALUE),
        Option.of("podman login", "-p", Form.VALUE),
        Option.of("helm login", "-p", Form.VALUE),
        Option.of("redis-cli", "-a", Form.VALUE),
        Option.of("ldap", "-w", Form.VALUE),
        Option.of("sqlcmd", "-P", Form.VALUE),
        Option.of("smbclient", "-U", Form.AFTER_PERCENT),
        Option.of("openssl", "-pass", Form.AFTER_COLON),
        Option.of("openssl", "-passin", Form.AFTER_COLON),
        Option.of("openssl", "-passout", Form.AFTER_COLON),
        Option.of("plink", "-pw", Form.VALUE)
    };

    private static final boolean[] LETTER = new boolean[256];
    private static final boolean[] ENDS = new boolean[256];

    static {
        for (Option option : OPTIONS) {
            LETTER[option.option[1]] = true;
        }
        for (int b = 0; b < 256; b++) {
            ENDS[b] = b <= ' ' || "\"'`\\;|&<>)".indexOf(b) >= 0;
        }
    }

    private static byte[] ascii(String letters) {
        return letters.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Looks at an option.
     *
     * @param dash where it begins
     * @return where to go on; 0 if it is none that is known
     */
    int after(byte[] text, int start, int end, int dash, Edits edits) {
        if (dash + 2 >= end || !LETTER[text[dash + 1] & 0xff]) {
            return 0;
        }
        if (!isOption(text, dash, end)) {
            return 0;
        }
        boolean isLogin = false;
        int from = Math.max(start, dash - NEAR);
        for (int i = dash - 1; i >= from && !isEnd(text, start, i); i--) {
            if (i > from && isNamed(text[i - 1]) || !isNamed(text[i])) {
                continue;
            }
            isLogin |= startsWith(text, i, dash, LOGIN);
            for (Option option : OPTIONS) {
                if (startsWith(text, i, dash, option.command)
                        && startsWith(text, dash, end, option.option)
                        && (isLogin || !option.isOfLogin)) {
                    int after = secret(text, end, dash + option.option.length, option.form, edits);
                    if (after > 0) {
                        return after;
                    }
                }
            }
        }
        return 0;
    }

    private static boolean isOption(byte[] text, int dash, int end) {
        for (Option option : OPTIONS) {
            if (startsWith(text, dash, end, option.option)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the line, or the string around it, begins behind. */
    private static boolean isEnd(byte[] text, int start, int i) {
        boolean isEscaped = i > start && text[i - 1] == '\\';
        return text[i] == '"' && !isEscaped || text[i] == 'n' && isEscaped || text[i] == ';' || text[i] == '|';
    }

    private static int secret(byte[] text, int end, int option, Form form, Edits edits) {
        int value = option;
        if (text[value] == ' ' || text[value] == '=') {
            if (form == Form.BESIDE) {
                return 0;
            }
            value++;
        }
        byte quote = text[value] == '\'' ? (byte) '\'' : 0;
        if (quote != 0) {
            value++;
        } else if (text[value] == '\\' && text[value + 1] == '"') {
            quote = '"';
            value += 2;
        }
        int to = value;
        while (to < end
                && (quote == 0 ? !ENDS[text[to] & 0xff] : text[to] != quote && text[to] != '"' && text[to] != '\\')) {
            to++;
        }
        if (form == Form.AFTER_COLON || form == Form.AFTER_PERCENT) {
            byte mark = (byte) (form == Form.AFTER_COLON ? ':' : '%');
            while (value < to && text[value] != mark) {
                value++;
            }
            value++;
        }
        // an option, a variable, or what is replaced already
        if (value >= to || text[value] == '-' || text[value] == '$' || text[value] == '[' || text[value] == '*') {
            return 0;
        }
        edits.add(value, to, Edits.NO_QUOTES);
        return to;
    }

    private static boolean isNamed(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_';
    }

    private static boolean startsWith(byte[] text, int from, int end, byte[] letters) {
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
}
