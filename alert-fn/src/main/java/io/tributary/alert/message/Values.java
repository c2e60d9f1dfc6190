package io.tributary.alert.message;

/**
 * Makes values of events harmless: whoever is watched writes them. No value can begin a line, a link, a mention or formatting,
 * nor be longer than people read.
 */
final class Values {
    private static final int LONGEST = 500;

    private Values() {}

    /** For plain text, in which mail programs make links of what looks like one. */
    static String plain(String value) {
        return cut(printable(value), LONGEST)
                .replace("://", "[:]//")
                .replace("www.", "www[.]")
                .replace("mailto:", "mailto[:]");
    }

    /**
     * For Markdown of chats: as code, in which nothing is formatted, and without what the chat itself reads as a mention, a
     * channel or a link, which is what stands between {@code <} and {@code >}.
     */
    static String markdown(String value) {
        String text = cut(printable(value), LONGEST)
                .replace('`', '\'')
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
        return text.isBlank() ? "unknown" : "`" + text + "`";
    }

    /** With a period, where none is: titles of findings have theirs. */
    static String sentence(String text) {
        return text.endsWith(".") || text.endsWith(".`") ? text : text + ".";
    }

    /** One line of what can be seen: no control characters, none that turn the direction of writing. */
    static String printable(String value) {
        StringBuilder text = new StringBuilder(value.length());
        value.codePoints().forEach(character -> {
            switch (Character.getType(character)) {
                case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> text.append(' ');
                case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> {}
                default -> text.appendCodePoint(character);
            }
        });
        return text.toString().strip();
    }

    /** At most so many characters, with a note of what is left out. */
    static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        String note = "… (" + (text.length() - longest) + " more characters)";
        int end = Math.max(0, longest - note.length());
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + note;
    }
}
