package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.ocsf.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One entry of the slow query log of MySQL or MariaDB: header lines that begin with {@code #} and hold fields such as
 * {@code Query_time: 2.03}, then the statement.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html">MySQL slow query log</a>
 */
final class SlowQuery {
    /** MySQL's log_slow_extra has 25. */
    private static final int MOST_FIELDS = 40;

    private static final byte[] TIME_LINE = ascii("# Time: ");
    private static final byte[] USER_LINE = ascii("# User@Host: ");
    private static final byte[] QUERY_TIME = ascii("Query_time");
    private static final byte[] ID = ascii("Id");
    private static final byte[] THREAD_ID = ascii("Thread_id");

    private final int[] nameFrom = new int[MOST_FIELDS];
    private final int[] nameTo = new int[MOST_FIELDS];
    private final int[] valueFrom = new int[MOST_FIELDS];
    private final int[] valueTo = new int[MOST_FIELDS];
    private byte[] text = {};
    private int fields;
    private int statement;

    private int timeFrom;
    private int timeTo;
    private int userFrom;
    private int userTo;
    private int effectiveUserFrom;
    private int effectiveUserTo;
    private int hostFrom;
    private int hostTo;
    private int addressFrom;
    private int addressTo;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes an entry apart; false if it is of another form. */
    boolean parse(byte[] text, int from, int to) {
        this.text = text;
        fields = 0;
        timeTo = timeFrom = 0;
        userTo = userFrom = 0;
        effectiveUserTo = effectiveUserFrom = 0;
        hostTo = hostFrom = 0;
        addressTo = addressFrom = 0;
        statement = from;
        while (statement < to && text[statement] == '#') {
            int end = indexOf('\n', statement, to);
            int before = fields;
            if (!header(statement, end > statement && text[end - 1] == '\r' ? end - 1 : end)) {
                // such as "# administrator command: Quit", which is a statement
                fields = before;
                break;
            }
            statement = Math.min(to, end + 1);
        }
        int queryTime = queryTime();
        return queryTime >= 0 && valueTo[queryTime] > valueFrom[queryTime];
    }

    private boolean header(int from, int to) {
        if (startsWith(from, to, TIME_LINE) && timeTo == 0) {
            timeFrom = from + TIME_LINE.length;
            timeTo = to;
            return true;
        }
        if (startsWith(from, to, USER_LINE) && addressTo == 0) {
            int rest = userAndHost(from + USER_LINE.length, to);
            return rest > 0 && fields(rest, to);
        }
        return fields(from + 1, to);
    }

    /** {@code jane[jane] @ host.example.com [192.0.2.1]}: where what follows begins, or -1. */
    private int userAndHost(int from, int to) {
        int bracket = indexOf('[', from, to);
        int effective = indexOf(']', bracket, to);
        int at = skipSpaces(effective + 1, to);
        int address = indexOf('[', at, to);
        int close = indexOf(']', address, to);
        if (close >= to || text[at] != '@') {
            return -1;
        }
        userFrom = from;
        userTo = bracket;
        boolean same = Arrays.equals(text, from, bracket, text, bracket + 1, effective);
        effectiveUserFrom = bracket + 1;
        effectiveUserTo = same ? effectiveUserFrom : effective;
        hostFrom = skipSpaces(at + 1, address);
        hostTo = address;
        while (hostTo > hostFrom && text[hostTo - 1] == ' ') {
            hostTo--;
        }
        addressFrom = address + 1;
        addressTo = close;
        return close + 1;
    }

    /** {@code Name: value  Name: value}; a value may be missing. */
    private boolean fields(int from, int to) {
        int i = skipSpaces(from, to);
        while (i < to) {
            int name = i;
            while (i < to && (Character.isLetterOrDigit(text[i]) || text[i] == '_')) {
                i++;
            }
            boolean named = i < to && text[i] == ':' && isUpper(text[name]);
            if (!named || fields == MOST_FIELDS || field(name, i) >= 0) {
                return false;
            }
            int value = skipSpaces(i + 1, to);
            int valueEnd = indexOf(' ', value, to);
            if (valueEnd > value && text[valueEnd - 1] == ':') {
                // that is the next one's name
                valueEnd = value;
            }
            nameFrom[fields] = name;
            nameTo[fields] = i;
            valueFrom[fields] = value;
            valueTo[fields] = valueEnd;
            fields++;
            i = skipSpaces(valueEnd, to);
        }
        return true;
    }

    // ---- what was found

    /** The entry's time, epoch milliseconds, or {@link Timestamps#NONE}. */
    long time() {
        return Timestamps.parseIso(text, timeFrom, timeTo);
    }

    int timeFrom() {
        return timeFrom;
    }

    int timeTo() {
        return timeTo;
    }

    int userFrom() {
        return userFrom;
    }

    int userTo() {
        return userTo;
    }

    /** The account that the user was matched with, if it is another one. */
    int effectiveUserFrom() {
        return effectiveUserFrom;
    }

    int effectiveUserTo() {
        return effectiveUserTo;
    }

    int hostFrom() {
        return hostFrom;
    }

    int hostTo() {
        return hostTo;
    }

    int addressFrom() {
        return addressFrom;
    }

    int addressTo() {
        return addressTo;
    }

    /** Where the statement begins. */
    int statement() {
        return statement;
    }

    /** The field that holds the duration, or -1. */
    int queryTime() {
        return field(QUERY_TIME);
    }

    /** The field that holds the connection's id, or -1. */
    int connection() {
        int id = field(ID);
        return id < 0 ? field(THREAD_ID) : id;
    }

    private int field(byte[] name) {
        return field(name, 0, name.length);
    }

    private int field(int from, int to) {
        return field(text, from, to);
    }

    private int field(byte[] name, int from, int to) {
        for (int i = 0; i < fields; i++) {
            if (Arrays.equals(text, nameFrom[i], nameTo[i], name, from, to)) {
                return i;
            }
        }
        return -1;
    }

    int valueFrom(int field) {
        return valueFrom[field];
    }

    int valueTo(int field) {
        return valueTo[field];
    }

    /** Writes all fields but one under their own names. */
    void write(JsonOutput out, int except) {
        for (int i = 0; i < fields; i++) {
            if (i != except && valueTo[i] > valueFrom[i]) {
                out.element().raw((byte) '"').raw(text, nameFrom[i], nameTo[i]).ascii("\":\"");
                out.escaped(text, valueFrom[i], valueTo[i]).raw((byte) '"');
            }
        }
    }

    // ---- bytes

    private static boolean isUpper(byte b) {
        return b >= 'A' && b <= 'Z';
    }

    private int indexOf(char b, int from, int to) {
        int i = from;
        while (i < to && text[i] != b) {
            i++;
        }
        return i;
    }

    private int skipSpaces(int from, int to) {
        int i = from;
        while (i < to && text[i] == ' ') {
            i++;
        }
        return i;
    }

    private boolean startsWith(int from, int to, byte[] expected) {
        return to - from >= expected.length
                && Arrays.equals(text, from, from + expected.length, expected, 0, expected.length);
    }
}
