package io.tributary.local.transform;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A line on the terminal that tells how much of the input is read; nothing where there is no terminal. */
final class Progress {
    private static final long INTERVAL_NANOS = 200_000_000;
    private static final int WIDTH = 30;

    private final PrintWriter out;
    private final boolean shown;
    private final long total;
    private long read;
    private long last = System.nanoTime();
    private boolean begun;

    private Progress(PrintWriter out, boolean shown, long total) {
        this.out = out;
        this.shown = shown;
        this.total = total;
    }

    static Progress of(PrintWriter out, List<Path> inputs) throws IOException {
        long total = 0;
        for (Path input : inputs) {
            total += Files.isRegularFile(input) ? Files.size(input) : 0;
        }
        return new Progress(out, Boolean.getBoolean("tributary.terminal"), total);
    }

    /** Counts what is read from a file. */
    InputStream counting(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int b = super.read();
                add(b < 0 ? 0 : 1);
                return b;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                int count = super.read(bytes, from, length);
                add(Math.max(0, count));
                return count;
            }
        };
    }

    private void add(int bytes) {
        read += bytes;
        if (shown && System.nanoTime() - last > INTERVAL_NANOS) {
            last = System.nanoTime();
            begun = true;
            int done = total == 0 ? 0 : (int) Math.min(WIDTH, read * WIDTH / total);
            out.printf(
                    Locale.ROOT,
                    "\r[%s%s] %,.1f of %,.1f MB",
                    "#".repeat(done),
                    ".".repeat(WIDTH - done),
                    read / 1e6,
                    total / 1e6);
            out.flush();
        }
    }

    /** Removes the line. */
    void end() {
        if (begun) {
            out.print("\r" + " ".repeat(WIDTH + 40) + "\r");
            out.flush();
        }
    }
}
