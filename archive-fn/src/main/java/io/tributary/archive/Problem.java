package io.tributary.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Something that is wrong with the archive. It never keeps what is right from being read.
 *
 * @param file the key of the object that it is about
 * @param explanation what is wrong with it; nothing of an event
 */
public record Problem(Kind kind, String file, String explanation) {
    /** What is wrong. */
    public enum Kind {
        /** A manifest is gone, before its time. */
        MANIFEST_MISSING(true),
        /** A manifest is none, or may not be read. */
        MANIFEST_UNREADABLE(true),
        /** A manifest names what is not of its partition. Nothing of what it names is read or written. */
        MANIFEST_OUTSIDE(true),
        /** A manifest is not the one that its head, or the manifest after it, names. */
        MANIFEST_CHANGED(false),
        /** A manifest that no run of the archive has made: put in from outside. */
        MANIFEST_FOREIGN(false),
        /** A part is gone, before its time. */
        PART_MISSING(true),
        /** A part is another object than the one that was archived. */
        PART_REPLACED(false),
        /** The bytes of a part are not those that were archived. */
        PART_CHANGED(false),
        /** A part may not be read. */
        PART_REFUSED(true),
        /** Heads tell of a partition of which nothing is left. */
        PARTITION_GONE(true);

        private final boolean isLoss;

        Kind(boolean isLoss) {
            this.isLoss = isLoss;
        }
    }

    /** No text that others may have written fills a message, or makes further lines of it. */
    private static final int MOST_CHARACTERS = 500;

    public Problem {
        file = printable(file);
        explanation = printable(explanation);
    }

    /** A text that others may have written, cut and in one line. */
    public static String printable(String text) {
        String cut = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "…" : text;
        return cut.replaceAll("\\p{C}", "?");
    }

    /** Whether something is gone, or cannot be read; else something was changed, or put in. */
    public boolean isLoss() {
        return kind.isLoss;
    }

    /** Writes it for programs. */
    public void write(ObjectNode json) {
        json.put("problem", kind.name()).put("file", file).put("explanation", explanation);
    }

    @Override
    public String toString() {
        return kind + " " + file + ": " + explanation;
    }
}
