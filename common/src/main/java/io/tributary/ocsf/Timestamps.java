package io.tributary.ocsf;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;

/**
 * Times as epoch milliseconds and as text, without objects. Only times of the years 1970 to 9999 are times here: what
 * lies outside is no date of a log, and neither S3 partitions nor OpenSearch could hold it.
 */
public final class Timestamps {
    /** Stands for "not a time". */
    public static final long NONE = Long.MIN_VALUE;

    /** 9999-12-31T23:59:59.999Z. */
    public static final long MAX = 253_402_300_799_999L;

    private static final long DAY = 86_400_000L;

    private Timestamps() {}

    public static boolean isValid(long millis) {
        return millis >= 0 && millis <= MAX;
    }

    /** {@code 2026-01-31T23:59:59.123Z}; {@code millis} must be {@linkplain #isValid valid}. */
    public static void writeIso(JsonOutput out, long millis) {
        writeDate(out, millis);
        int ofDay = (int) (millis % DAY);
        out.raw((byte) 'T')
                .digits(ofDay / 3_600_000, 2)
                .raw((byte) ':')
                .digits(ofDay / 60_000 % 60, 2)
                .raw((byte) ':')
                .digits(ofDay / 1000 % 60, 2)
                .raw((byte) '.')
                .digits(ofDay % 1000, 3)
                .raw((byte) 'Z');
    }

    /** {@code 2026-01-31}, in UTC; {@code millis} must be {@linkplain #isValid valid}. */
    public static void writeDate(JsonOutput out, long millis) {
        // civil date from a day number: howardhinnant.github.io/date_algorithms.html#civil_from_days
        int day = (int) (millis / DAY) + 719_468;
        int era = day / 146_097;
        int dayOfEra = day - era * 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int month = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1;
        int calendarMonth = month < 10 ? month + 3 : month - 9;
        int year = yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0);
        out.digits(year, 4)
                .raw((byte) '-')
                .digits(calendarMonth, 2)
                .raw((byte) '-')
                .digits(dayOfMonth, 2);
    }

    /**
     * Reads an ISO 8601 date and time with seconds, any fraction (behind a point or a comma, cut to milliseconds) and {@code Z}, an offset, or
     * nothing (UTC), such as {@code 2026-01-31T23:59:59Z} or {@code 2026-01-31 23:59:59.123456+01:00}.
     *
     * @return epoch milliseconds, or {@link #NONE}
     */
    public static long parseIso(byte[] text, int from, int to) {
        if (to - from < 19
                || text[from + 4] != '-'
                || text[from + 7] != '-'
                || text[from + 10] != 'T' && text[from + 10] != ' '
                || text[from + 13] != ':'
                || text[from + 16] != ':') {
            return NONE;
        }
        int year = digits(text, from, 4);
        int month = digits(text, from + 5, 2);
        int day = digits(text, from + 8, 2);
        int hour = digits(text, from + 11, 2);
        int minute = digits(text, from + 14, 2);
        int second = digits(text, from + 17, 2);
        if ((year | month | day | hour | minute | second) < 0
                || month < 1
                || month > 12
                || day < 1
                || day > daysIn(year, month)
                || hour > 23
                || minute > 59
                || second > 60) {
            return NONE;
        }
        int i = from + 19;
        int millis = 0;
        if (i < to && (text[i] == '.' || text[i] == ',')) {
            int scale = 100;
            int fraction = ++i;
            for (; i < to && text[i] >= '0' && text[i] <= '9'; i++) {
                millis += (text[i] - '0') * scale;
                scale /= 10;
            }
            if (i == fraction) {
                return NONE;
            }
        }
        int offset = offsetMinutes(text, i, to);
        if (offset == Integer.MIN_VALUE) {
            return NONE;
        }
        long result =
                epochDay(year, month, day) * DAY + (hour * 60L + minute - offset) * 60_000 + second * 1000L + millis;
        return isValid(result) ? result : NONE;
    }

    /** The time that a string node holds, by {@link #parseIso}; {@link #NONE} for any other node. */
    public static long parseIso(JsonText json, int node) {
        return json.isString(node) ? parseIso(json.bytes(), json.start(node) + 1, json.end(node) - 1) : NONE;
    }

    private static int offsetMinutes(byte[] text, int from, int to) {
        if (from == to || from + 1 == to && (text[from] == 'Z' || text[from] == 'z')) {
            return 0;
        }
        boolean colon = to - from == 6 && text[from + 3] == ':';
        if ((text[from] != '+' && text[from] != '-') || !colon && to - from != 5) {
            return Integer.MIN_VALUE;
        }
        int hours = digits(text, from + 1, 2);
        int minutes = digits(text, from + (colon ? 4 : 3), 2);
        if ((hours | minutes) < 0 || hours > 18 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        return (text[from] == '-' ? -1 : 1) * (hours * 60 + minutes);
    }

    private static int daysIn(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    private static long epochDay(int year, int month, int day) {
        // howardhinnant.github.io/date_algorithms.html#days_from_civil
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }

    private static int digits(byte[] text, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return -1;
            }
            value = value * 10 + (text[i] - '0');
        }
        return value;
    }
}
