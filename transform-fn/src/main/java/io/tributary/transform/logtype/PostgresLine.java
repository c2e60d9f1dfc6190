package io.tributary.transform.logtype;

import io.tributary.json.Numbers;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;

/**
 * One entry of a PostgreSQL log with the prefix that RDS sets, {@code %t:%r:%u@%d:[%p]:}, such as
 *
 * <pre>2026-01-31 10:20:30 UTC:192.0.2.1(54321):jane@orders:[123]:ERROR:  relation "x" does not exist</pre>
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-logging.html">PostgreSQL logging</a>
 */
final class PostgresLine {
    /** PostgreSQL's levels, with the severities of those of syslog that PostgreSQL itself translates them to. */
    private enum Level {
        DEBUG1(Severity.INFORMATIONAL),
        DEBUG2(Severity.INFORMATIONAL),
        DEBUG3(Severity.INFORMATIONAL),
        DEBUG4(Severity.INFORMATIONAL),
        DEBUG5(Severity.INFORMATIONAL),
        INFO(Severity.INFORMATIONAL),
        LOG(Severity.INFORMATIONAL),
        DETAIL(Severity.INFORMATIONAL),
        HINT(Severity.INFORMATIONAL),
        QUERY(Severity.INFORMATIONAL),
        CONTEXT(Severity.INFORMATIONAL),
        LOCATION(Severity.INFORMATIONAL),
        BACKTRACE(Severity.INFORMATIONAL),
        STATEMENT(Severity.INFORMATIONAL),
        NOTICE(Severity.LOW),
        WARNING(Severity.LOW),
        ERROR(Severity.MEDIUM),
        FATAL(Severity.HIGH),
        PANIC(Severity.CRITICAL);

        private final Severity severity;

        Level(Severity severity) {
            this.severity = severity;
        }
    }

    private static final Level[] LEVELS = Level.values();
    private static final int TIME_LENGTH = "2026-01-31 10:20:30".length();

    private byte[] text = {};
    private long time;
    private int timeFrom;
    private int timeTo;
    private int hostFrom;
    private int hostTo;
    private int portTo;
    private int userFrom;
    private int userTo;
    private int databaseTo;
    private int processFrom;
    private int processTo;
    private int levelTo;
    private int message;
    private Severity severity = Severity.UNKNOWN;

    /** Takes an entry apart; false if it is of another form. */
    boolean parse(byte[] text, int from, int to) {
        this.text = text;
        timeFrom = from;
        if (to - from <= TIME_LENGTH) {
            return false;
        }
        time = Timestamps.parseIso(text, from, from + TIME_LENGTH);
        timeTo = indexOf(':', from + TIME_LENGTH, to);
        int lineEnd = indexOf('\n', from, to);
        return time != Timestamps.NONE
                && isUtc()
                && process(timeTo, lineEnd)
                && remote(timeTo + 1, processFrom - 2)
                && level(processTo + 2, lineEnd);
    }

    /** RDS keeps its logs in UTC, whatever the time zone of the database. */
    private boolean isUtc() {
        int zone = timeFrom + TIME_LENGTH;
        return timeTo - zone == 4 && (text[zone + 1] == 'U' || text[zone + 1] == 'G');
    }

    /** {@code :[123]:}. */
    private boolean process(int from, int to) {
        for (int i = from; i + 3 < to; i++) {
            if (text[i] == ':' && text[i + 1] == '[') {
                int end = i + 2;
                while (end < to && text[end] >= '0' && text[end] <= '9') {
                    end++;
                }
                if (end > i + 2 && end + 1 < to && text[end] == ']' && text[end + 1] == ':') {
                    processFrom = i + 2;
                    processTo = end;
                    return true;
                }
            }
        }
        return false;
    }

    /** {@code 192.0.2.1(54321):jane@orders}, {@code [local]:jane@orders}, or {@code :@} of a background process. */
    private boolean remote(int from, int to) {
        hostFrom = from;
        int parenthesis = indexOf('(', from, to);
        if (parenthesis < to) {
            hostTo = parenthesis;
            portTo = indexOf(')', parenthesis, to);
            userFrom = portTo + 2;
        } else {
            hostTo = indexOf(':', from, to);
            portTo = hostTo;
            userFrom = hostTo + 1;
        }
        if (userFrom > to || text[userFrom - 1] != ':') {
            return false;
        }
        userTo = to;
        for (int i = to - 1; i >= userFrom; i--) {
            if (text[i] == '@') {
                userTo = i;
                break;
            }
        }
        databaseTo = to;
        return userTo < to;
    }

    private boolean level(int from, int to) {
        levelTo = indexOf(':', from, to);
        for (Level level : LEVELS) {
            if (levelTo < to && isWord(from, level.name())) {
                severity = level.severity;
                message = levelTo + 1;
                while (message < to && text[message] == ' ') {
                    message++;
                }
                return true;
            }
        }
        return false;
    }

    private boolean isWord(int from, String word) {
        if (levelTo - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (text[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(char b, int from, int to) {
        int i = from;
        while (i < to && text[i] != b) {
            i++;
        }
        return i;
    }

    // ---- what was found

    long time() {
        return time;
    }

    int timeFrom() {
        return timeFrom;
    }

    int timeTo() {
        return timeTo;
    }

    Severity severity() {
        return severity;
    }

    int levelFrom() {
        return processTo + 2;
    }

    int levelTo() {
        return levelTo;
    }

    int hostFrom() {
        return hostFrom;
    }

    int hostTo() {
        return hostTo;
    }

    int portFrom() {
        return Math.min(hostTo + 1, portTo);
    }

    int portTo() {
        return portTo;
    }

    int userFrom() {
        return userFrom;
    }

    int userTo() {
        return userTo;
    }

    int databaseFrom() {
        return userTo + 1;
    }

    int databaseTo() {
        return databaseTo;
    }

    /** The server process of the connection. */
    long process() {
        return Numbers.isLong(text, processFrom, processTo) ? Numbers.parseLong(text, processFrom, processTo) : 0;
    }

    /** Where the message begins. */
    int message() {
        return message;
    }
}
