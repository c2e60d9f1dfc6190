package io.tributary.transform;

import java.util.Arrays;

/** Ranges of a text that are to be replaced. Reused from text to text. */
final class Edits {
    /** For a range that lies within a string. */
    static final int NO_QUOTES = -1;

    private static final int WIDTH = 3;

    private int[] values = new int[16 * WIDTH];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    int from(int edit) {
        return values[edit * WIDTH];
    }

    int to(int edit) {
        return values[edit * WIDTH + 1];
    }

    /** How many backslashes stand before the quotes that the replacement needs, or {@link #NO_QUOTES}. */
    int backslashes(int edit) {
        return values[edit * WIDTH + 2];
    }

    void add(int from, int to, int backslashes) {
        if ((size + 1) * WIDTH > values.length) {
            values = Arrays.copyOf(values, values.length * 2);
        }
        set(size++, from, to, backslashes);
    }

    private void set(int edit, int from, int to, int backslashes) {
        values[edit * WIDTH] = from;
        values[edit * WIDTH + 1] = to;
        values[edit * WIDTH + 2] = backslashes;
    }

    /** Brings the ranges into order, and joins those that overlap; how many are left. */
    int merge() {
        if (size > 1 && !isOrdered()) {
            sort();
            join();
        }
        return size;
    }

    private boolean isOrdered() {
        for (int i = 1; i < size; i++) {
            if (from(i) < to(i - 1)) {
                return false;
            }
        }
        return true;
    }

    private void sort() {
        // a position and an index in one long; positions differ, or are joined anyway
        long[] order = new long[size];
        for (int i = 0; i < size; i++) {
            order[i] = (long) from(i) << 32 | i;
        }
        Arrays.sort(order);
        int[] sorted = new int[values.length];
        for (int i = 0; i < size; i++) {
            System.arraycopy(values, (int) order[i] * WIDTH, sorted, i * WIDTH, WIDTH);
        }
        values = sorted;
    }

    private void join() {
        int last = 0;
        for (int i = 1; i < size; i++) {
            if (from(i) < to(last)) {
                set(last, from(last), Math.max(to(last), to(i)), backslashes(last));
            } else {
                last++;
                set(last, from(i), to(i), backslashes(i));
            }
        }
        size = last + 1;
    }
}
