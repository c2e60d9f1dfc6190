package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.ocsf.Timestamps;
import java.util.Map;
import java.util.TreeMap;

/**
 * The S3 partition of a record: Firehose takes one for all of a record's data. It is the log type, and the day of delivery: an event may claim any
 * day, and would take its neighbours with it. Envelopes that do not belong to one partition cannot share a record.
 */
final class Partition {
    private static final long DAY = 86_400_000;

    private final boolean byAccount;
    private String source = "";
    private String account = "";
    private long time = Timestamps.NONE;
    private boolean mixed;

    Partition(boolean byAccount) {
        this.byAccount = byAccount;
    }

    /**
     * Adds the first event of an envelope.
     *
     * @param time of its delivery, epoch milliseconds
     */
    void add(String source, String account, long time) {
        if (isEmpty()) {
            this.source = source;
            this.account = account;
            this.time = time;
        } else {
            mixed |= !this.source.equals(source)
                    || this.time / DAY != time / DAY
                    || byAccount && !this.account.equals(account);
        }
    }

    boolean isEmpty() {
        return time == Timestamps.NONE;
    }

    /** Whether the envelopes belong to several partitions, so that the record has to be split. */
    boolean isMixed() {
        return mixed;
    }

    /** The keys of Firehose's dynamic partitioning. */
    Map<String, String> keys() {
        JsonOutput date = new JsonOutput(10);
        Timestamps.writeDate(date, time);
        Map<String, String> keys = new TreeMap<>();
        keys.put("source", source);
        keys.put("date", date.toString());
        if (byAccount) {
            keys.put("account", account.isEmpty() ? "unknown" : account);
        }
        return keys;
    }
}
