package io.tributary.local.archive;

import java.io.PrintWriter;

/** A line on the terminal that tells how far a command is; nothing where there is no terminal. */
final class ProgressLine {
    private static final long INTERVAL_NANOS = 200_000_000;

    private final PrintWriter out;
    private final boolean isShown = Boolean.getBoolean("tributary.terminal");
    private long last;
    private int length;

    ProgressLine(PrintWriter out) {
        this.out = out;
    }

    void show(String text) {
        if (isShown && System.nanoTime() - last > INTERVAL_NANOS) {
            last = System.nanoTime();
            clear();
            out.print(text);
            out.flush();
            length = text.length();
        }
    }

    /** Before anything else is printed. */
    void clear() {
        if (length > 0) {
            out.print("\r" + " ".repeat(length) + "\r");
            out.flush();
            length = 0;
        }
    }
}
