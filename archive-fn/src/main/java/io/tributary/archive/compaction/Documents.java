package io.tributary.archive.compaction;

import io.tributary.json.Scan;
import io.tributary.ocsf.Timestamps;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Normalised events: a JSON document on each line. It keeps no more of a line than its beginning. */
final class Documents implements EventReader {
    /** Enough for the time of any document, and for the account of the first of a member. */
    private static final int LONGEST_HEAD = 8_192;

    /** How every document begins: with the time that it is found by. */
    private static final byte[] TIMESTAMP = "{\"@timestamp\":\"".getBytes(StandardCharsets.US_ASCII);

    private static final int LONGEST_TIMESTAMP = 40;

    private static final byte[] TIME = "\"time\":".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_TIME = 15;
    private static final Pattern ACCOUNT = Pattern.compile("\"account\":\\{[^}]*?\"uid\":\"([^\"]*)\"");
    private static final Pattern REGION = Pattern.compile("\"cloud\":\\{[^}]*?\"region\":\"([^\"]*)\"");

    /** The beginning of a line whose end has not come yet. */
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();

    private boolean inLine;
    private String account = "";
    private byte[] sameAccount = {};
    private String region = "";
    private long count;
    private long firstTime = Long.MAX_VALUE;
    private long lastTime;

    @Override
    public void read(byte[] bytes, int from, int to) {
        int start = from;
        for (int end = Scan.lineFeed(bytes, start, to); end < to; end = Scan.lineFeed(bytes, start, to)) {
            if (inLine) {
                keep(bytes, start, end);
                endLine();
            } else if (end > start) {
                line(bytes, start, Math.min(end, start + LONGEST_HEAD));
            }
            start = end + 1;
        }
        if (to > start) {
            keep(bytes, start, to);
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        inLine = true;
        head.write(bytes, from, Math.min(to - from, LONGEST_HEAD - head.size()));
    }

    private void endLine() {
        byte[] line = head.toByteArray();
        line(line, 0, line.length);
        head.reset();
        inLine = false;
    }

    private void line(byte[] bytes, int from, int to) {
        long timestamp = timestamp(bytes, from, to);
        long time = timestamp == Timestamps.NONE ? time(bytes, from, to) : timestamp;
        if (time >= 0) {
            firstTime = Math.min(firstTime, time);
            lastTime = Math.max(lastTime, time);
        }
        if (count == 0) {
            String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            account = find(ACCOUNT, text);
            region = find(REGION, text);
            sameAccount = ("\"account\":{\"uid\":\"" + account + "\"").getBytes(StandardCharsets.UTF_8);
        } else if (!account.isEmpty() && !contains(bytes, from, to, sameAccount)) {
            // of several accounts: whoever looks for one of them has to look into it
            account = "";
        }
        count++;
    }

    private static boolean contains(byte[] bytes, int from, int to, byte[] text) {
        for (int i = from; i <= to - text.length; i++) {
            if (bytes[i] == text[0]
                    && bytes[i + 1] == text[1]
                    && bytes[i + 2] == text[2]
                    && Arrays.equals(bytes, i, i + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }

    /** The time that a document is found by; {@code time} may be whatever the event says. */
    private static long timestamp(byte[] bytes, int from, int to) {
        int start = from + TIMESTAMP.length;
        if (start > to || !Arrays.equals(bytes, from, start, TIMESTAMP, 0, TIMESTAMP.length)) {
            return Timestamps.NONE;
        }
        int end = start;
        int last = Math.min(to, start + LONGEST_TIMESTAMP);
        while (end < last && bytes[end] != '"') {
            end++;
        }
        return Timestamps.parseIso(bytes, start, end);
    }

    /** Of documents that have no other: the number after the first {@code "time":}, which no text within the document can have, its quotes being escaped. */
    private static long time(byte[] bytes, int from, int to) {
        for (int i = from; i < to - TIME.length; i++) {
            if (bytes[i + 1] == 't' && isTime(bytes, i)) {
                long time = -1;
                int end = Math.min(to, i + TIME.length + LONGEST_TIME);
                for (int at = i + TIME.length; at < end && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
                    time = Math.max(0, time) * 10 + bytes[at] - '0';
                }
                return time;
            }
        }
        return -1;
    }

    private static boolean isTime(byte[] bytes, int at) {
        for (int i = 0; i < TIME.length; i++) {
            if (bytes[at + i] != TIME[i]) {
                return false;
            }
        }
        return true;
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    @Override
    public Events endMember() {
        if (inLine) {
            endLine();
        }
        Events events = new Events(account, region, count);
        account = "";
        region = "";
        count = 0;
        return events;
    }

    @Override
    public long firstTime() {
        return firstTime == Long.MAX_VALUE ? 0 : firstTime;
    }

    @Override
    public long lastTime() {
        return lastTime;
    }
}
