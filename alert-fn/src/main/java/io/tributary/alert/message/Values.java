package io.tributary.alert.message;

import java.util.regex.Pattern;

/**
 * Makes values of events harmless: whoever is watched writes them. No value can begin a line, a link, a mention or formatting,
 * nor be longer than people read. A value is shortened first, then defanged, then quoted: what is quoted stays so.
 *
 * <p>Defanged is whatever programs make a link of, quoted or not, as is usual among analysts: {@code hxxps[:]//evil[.]example},
 * {@code ana[@]example[.]com}. Numbers keep their points: IP addresses and versions.
 */
final class Values {
    /** Shorter than this, what is left out is not counted. */
    private static final int SHORT = 80;

    private static final Pattern HTTP = Pattern.compile("h(tt)(ps?:)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SCHEME = Pattern.compile(
            ":(?=//)|(?<=mailto|javascript|callto|skype|(?<![a-z])(?:tel|sms|sip|data|file)):",
            Pattern.CASE_INSENSITIVE);
    /** Also what Unicode's rules for domain names take for a full stop. */
    private static final Pattern DOT = Pattern.compile(
            "[\u3002\uff0e\uff61\u2024]|(?<=[\\p{L}\\p{M}\\p{N}_-])\\.(?=[\\p{L}\\p{N}_-])(?!(?<=\\d\\.)\\d)");

    private static final Pattern AT = Pattern.compile("(?<!\\[)[@\uff20\ufe6b]|[@\uff20\ufe6b](?!])");
    private static final Pattern MARKUP = Pattern.compile("[`*_~<>|&@\\\\]");

    private Values() {}

    /**
     * For plain text, in which mail programs make links of what looks like one.
     *
     * @param longest how many characters of the value are kept, with the note of what is left out; 0 for none at all
     */
    static String plain(String value, int longest) {
        return longest == 0 ? "…" : defanged(cut(printable(value), longest));
    }

    /**
     * For Markdown of chats: as code, in which nothing is formatted, and without what the chat itself reads as a mention, a
     * channel or a link, which is what stands between {@code <} and {@code >}.
     *
     * @param longest how many characters of the value are kept, with the note of what is left out; 0 for none at all
     */
    static String markdown(String value, int longest) {
        if (longest == 0) {
            return "…";
        }
        String text = plain(value, longest)
                .replace('`', '\'')
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
        return text.isBlank() ? "unknown" : "`" + text + "`";
    }

    /** For titles, where nothing can be quoted: without what has a meaning in any chat. */
    static String bare(String value, int longest) {
        return plain(MARKUP.matcher(value).replaceAll(""), longest);
    }

    /**
     * Without links. What is so stays as it is: so the whole of a rule's words and values is taken again, of which a link could be
     * made together.
     */
    static String defanged(String text) {
        String defanged = HTTP.matcher(text).replaceAll("hxx$2");
        defanged = SCHEME.matcher(defanged).replaceAll("[:]");
        defanged = DOT.matcher(defanged).replaceAll("[.]");
        return AT.matcher(defanged).replaceAll("[@]");
    }

    /** With a period, where none is: titles of findings have theirs. */
    static String sentence(String text) {
        return text.endsWith(".") || text.endsWith(".`") ? text : text + ".";
    }

    /** One line of what can be seen: no control characters, none that turn the direction of writing. */
    static String printable(String value) {
        StringBuilder text = new StringBuilder(value.length());
        value.codePoints().filter(character -> !isInvisible(character)).forEach(character -> {
            switch (Character.getType(character)) {
                case Character.CONTROL,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SPACE_SEPARATOR -> text.append(' ');
                case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> {}
                default -> text.appendCodePoint(character);
            }
        });
        return text.toString().strip();
    }

    /** Letters and marks that show nothing: Unicode's Default_Ignorable_Code_Point, but for the formats; and the blank Braille. */
    private static boolean isInvisible(int character) {
        return character == 0x034f
                || character == 0x115f
                || character == 0x1160
                || character == 0x17b4
                || character == 0x17b5
                || (character >= 0x180b && character <= 0x180f)
                || character == 0x2800
                || character == 0x3164
                || (character >= 0xfe00 && character <= 0xfe0f)
                || character == 0xffa0
                || (character >= 0xe0100 && character <= 0xe01ef);
    }

    /** At most so many characters, with a note of what is left out. */
    static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        String note = longest < SHORT ? "…" : "… (" + (text.length() - longest) + " more characters)";
        int end = Math.max(0, longest - note.length());
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + note;
    }
}
