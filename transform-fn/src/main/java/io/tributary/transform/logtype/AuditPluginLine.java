package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import io.tributary.json.Numbers;
import io.tributary.ocsf.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One line of the MariaDB audit plugin, as RDS for MySQL, RDS for MariaDB and Aurora MySQL write it: values separated
 * by commas, a query in single quotes with backslashes before quotes within.
 *
 * @see <a href="https://mariadb.com/docs/server/reference/plugins/mariadb-audit-plugin">
 *
 *     Log format</a>
 */
final class AuditPluginLine {
    /** The columns in their order; RDS for MySQL adds the last. */
    enum Column {
        TIMESTAMP,
        SERVERHOST,
        USERNAME,
        HOST,
        CONNECTIONID,
        QUERYID,
        OPERATION,
        DATABASE,
        OBJECT,
        RETCODE,
        CONNECTION_TYPE;

        private final Name lowerCase = Name.of(name().toLowerCase(Locale.ROOT));
    }

    private static final Column[] COLUMNS = Column.values();
    /** A query that was cut may have lost what follows it. */
    private static final int FEWEST_COLUMNS = Column.OBJECT.ordinal() + 1;

    private static final int MICROSECOND_DIGITS = 16;
    private static final int LOCAL_TIME_LENGTH = "20260131 10:20:30".length();

    private final int[] from = new int[COLUMNS.length];
    private final int[] to = new int[COLUMNS.length];
    private final byte[] isoTime = "0000-00-00T00:00:00".getBytes(StandardCharsets.US_ASCII);
    private byte[] text = {};
    private boolean query;
    private long time;

    /** Takes a line apart; false if it is of another form. */
    boolean parse(byte[] text, int start, int lineEnd) {
        this.text = text;
        int end = lineEnd;
        while (end > start && (text[end - 1] == '\n' || text[end - 1] == '\r')) {
            end--;
        }
        int columns = split(start, end);
        if (columns < FEWEST_COLUMNS || columns > COLUMNS.length) {
            return false;
        }
        time = parseTime();
        return time != Timestamps.NONE && isInteger(Column.CONNECTIONID) && isInteger(Column.QUERYID) && isOperation();
    }

    /** Finds the columns; how many there are, or more than there can be. */
    private int split(int start, int end) {
        Arrays.fill(from, 0);
        Arrays.fill(to, 0);
        query = false;
        int i = start;
        for (int column = 0; column < COLUMNS.length; column++) {
            query |= COLUMNS[column] == Column.OBJECT && i < end && text[i] == '\'';
            boolean quoted = query && COLUMNS[column] == Column.OBJECT;
            int stop = quoted ? closingQuote(i, end) : comma(i, end);
            from[column] = quoted ? i + 1 : i;
            to[column] = stop;
            i = quoted ? stop + 1 : stop;
            if (i >= end) {
                return column + 1;
            }
            i++;
        }
        return COLUMNS.length + 1;
    }

    private int comma(int start, int end) {
        int i = start;
        while (i < end && text[i] != ',') {
            i++;
        }
        return i;
    }

    /** The quote that ends a query: not escaped, and followed by a comma or by nothing. */
    private int closingQuote(int open, int end) {
        for (int i = open + 1; i < end; i++) {
            if (text[i] == '\\') {
                i++;
            } else if (text[i] == '\'' && (i + 1 == end || text[i + 1] == ',')) {
                return i;
            }
        }
        return end;
    }

    private long parseTime() {
        int start = from(Column.TIMESTAMP);
        int length = to(Column.TIMESTAMP) - start;
        if (length == LOCAL_TIME_LENGTH && text[start + 8] == ' ') {
            System.arraycopy(text, start, isoTime, 0, 4);
            System.arraycopy(text, start + 4, isoTime, 5, 2);
            System.arraycopy(text, start + 6, isoTime, 8, 2);
            System.arraycopy(text, start + 9, isoTime, 11, 8);
            return Timestamps.parseIso(isoTime, 0, isoTime.length);
        }
        // Aurora writes microseconds since the epoch
        return length == MICROSECOND_DIGITS && isInteger(Column.TIMESTAMP)
                ? Numbers.parseLong(text, start, to(Column.TIMESTAMP)) / 1000
                : Timestamps.NONE;
    }

    private boolean isOperation() {
        for (int i = from(Column.OPERATION); i < to(Column.OPERATION); i++) {
            if ((text[i] < 'A' || text[i] > 'Z') && text[i] != '_') {
                return false;
            }
        }
        return has(Column.OPERATION);
    }

    /** The line's time, epoch milliseconds. */
    long time() {
        return time;
    }

    /** Whether the object is a query. */
    boolean isQuery() {
        return query;
    }

    int from(Column column) {
        return from[column.ordinal()];
    }

    int to(Column column) {
        return to[column.ordinal()];
    }

    boolean has(Column column) {
        return to(column) > from(column);
    }

    boolean is(Column column, String value) {
        int start = from(column);
        if (to(column) - start != value.length()) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (text[start + i] != value.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean isInteger(Column column) {
        return Numbers.isLong(text, from(column), to(column)) && text[from(column)] != '-';
    }

    /** Writes a column as a string, unless it is empty or was written before. */
    void write(JsonOutput out, Name name, Column column) {
        if (has(column)) {
            out.member(name, text, from(column), to(column));
            take(column);
        }
    }

    void take(Column column) {
        to[column.ordinal()] = from(column);
    }

    /** Writes the query without the log's escapes. */
    void writeQuery(JsonOutput out, Name name) {
        int end = to(Column.OBJECT);
        int run = from(Column.OBJECT);
        out.name(name).raw((byte) '"');
        for (int i = run; i + 1 < end; i++) {
            if (text[i] == '\\' && (text[i + 1] == '\'' || text[i + 1] == '\\')) {
                out.escaped(text, run, i);
                i++;
                run = i;
            }
        }
        out.escaped(text, run, end).raw((byte) '"');
        take(Column.OBJECT);
    }

    /** Writes all columns that were not written before, under their own names. */
    void writeRest(JsonOutput out) {
        for (Column column : COLUMNS) {
            write(out, column.lowerCase, column);
        }
    }
}
