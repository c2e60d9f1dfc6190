package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import io.tributary.json.Numbers;
import io.tributary.ocsf.IpAddress;
import io.tributary.ocsf.Timestamps;
import java.util.Arrays;
import java.util.List;

/**
 * A line of text whose values are separated by single spaces, {@code -} for none: the ranges of its values by field,
 * without a copy. As with {@link io.tributary.json.JsonText}, the writing methods take what they write, and what no
 * mapping took {@linkplain #remaining remains}. Reused from line to line, by one thread.
 */
final class SpacedLine {
    /** What makes milliseconds of seconds. */
    private static final byte[] MILLISECONDS = {'0', '0', '0'};

    /** The fields' names in the source, under which they are left. */
    private final Name[] names;

    /** For each value of a line, in order, which field it is: an index of {@code names}. */
    private final int[] fields;

    private final int[] from;
    private final int[] to;
    private byte[] bytes = {};
    /** Where the values that no field stands for start; {@code end} if there are none. */
    private int surplus;

    private int end;

    /** A line that holds these fields in this order. */
    SpacedLine(List<Name> names) {
        this(names, ordered(names.size()));
    }

    /**
     * A line that holds some of these fields in an order of its own.
     *
     * @param names the names of all fields
     * @param fields for each value of a line, in order, the index of its field
     */
    SpacedLine(List<Name> names, int[] fields) {
        this.names = names.toArray(Name[]::new);
        this.fields = fields.clone();
        this.from = new int[names.size()];
        this.to = new int[names.size()];
    }

    private static int[] ordered(int count) {
        int[] fields = new int[count];
        Arrays.setAll(fields, i -> i);
        return fields;
    }

    /** How many values a line should have. */
    int width() {
        return fields.length;
    }

    /**
     * Finds the values of an event's line.
     *
     * @return how many values it has, more than {@link #width} included; 0 if one of them is empty. Where it is less than the
     *     width, the values are those of no line in particular
     */
    int split(LogEvent event) {
        bytes = event.bytes();
        end = event.to();
        while (end > event.from() && isWhitespace(bytes[end - 1])) {
            end--;
        }
        surplus = end;
        int count = 0;
        int start = event.from();
        while (start <= end) {
            int stop = start;
            while (stop < end && bytes[stop] != ' ') {
                stop++;
            }
            if (stop == start) {
                return 0;
            }
            if (count == fields.length) {
                surplus = start;
            } else if (count < fields.length) {
                boolean none = stop == start + 1 && bytes[start] == '-';
                from[fields[count]] = start;
                to[fields[count]] = none ? start : stop;
            }
            count++;
            start = stop + 1;
        }
        return count;
    }

    private static boolean isWhitespace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where a field's value starts. */
    int from(int field) {
        return from[field];
    }

    /** Where a field's value ends; where it starts if there is none. */
    int to(int field) {
        return to[field];
    }

    /** Whether the line has a value for a field, and it was not taken. */
    boolean has(int field) {
        return to[field] > from[field];
    }

    /** Marks a value as used. */
    void take(int field) {
        to[field] = from[field];
    }

    boolean is(int field, String value) {
        return to[field] - from[field] == value.length() && startsWith(field, value);
    }

    boolean startsWith(int field, String prefix) {
        int start = from[field];
        if (to[field] - start < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (bytes[start + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean isAddress(int field) {
        return has(field) && IpAddress.is(bytes, from[field], to[field]);
    }

    /** A value that is an integer from 0 on, else -1. */
    long integer(int field) {
        return Numbers.isLong(bytes, from[field], to[field])
                ? Math.max(-1, Numbers.parseLong(bytes, from[field], to[field]))
                : -1;
    }

    /** A time in epoch seconds as milliseconds, else {@link Timestamps#NONE}. */
    long seconds(int field) {
        long seconds = integer(field);
        return seconds >= 0 && seconds <= Timestamps.MAX / 1000 ? seconds * 1000 : Timestamps.NONE;
    }

    /** Writes a value as a string. */
    boolean text(JsonOutput out, Name name, int field) {
        if (!has(field)) {
            return false;
        }
        out.member(name, bytes, from[field], to[field]);
        take(field);
        return true;
    }

    /** Writes an integer from 0 to {@code largest}; any other value is left alone. */
    boolean number(JsonOutput out, Name name, int field, long largest) {
        if (!Numbers.isLong(bytes, from[field], to[field])
                || bytes[from[field]] == '-'
                || largest < Long.MAX_VALUE && Numbers.parseLong(bytes, from[field], to[field]) > largest) {
            return false;
        }
        // as it stands: its digits are a JSON number already
        out.name(name).raw(bytes, from[field], to[field]);
        take(field);
        return true;
    }

    /** Writes a time in epoch seconds as milliseconds; what is no time is left alone. */
    boolean time(JsonOutput out, Name name, int field) {
        long time = seconds(field);
        if (time == Timestamps.NONE) {
            return false;
        }
        if (time == 0) {
            out.member(name, 0); // a number in JSON has no leading zeros
        } else {
            out.name(name).raw(bytes, from[field], to[field]).raw(MILLISECONDS);
        }
        take(field);
        return true;
    }

    /** Writes what was not taken, as strings, into the object that is open. */
    void remaining(JsonOutput out) {
        for (int field : fields) {
            if (has(field)) {
                text(out, names[field], field);
            }
        }
    }

    /** Writes the text behind the last field, where a line has more values than fields. */
    void surplus(JsonOutput out, Name name) {
        if (surplus < end) {
            out.member(name, bytes, surplus, end);
        }
    }
}
