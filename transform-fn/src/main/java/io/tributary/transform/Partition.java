package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.ocsf.Timestamps;
import java.util.Map;
import java.util.TreeMap;

/**
 * The S3 partition of a record: Firehose takes one for all of a record's data. It is the source, and the day of the first
 * event; a record's last events may be of the day after, as a manifest's first and last event times tell. Envelopes of
 * different sources cannot share a record, nor those of different accounts where the account is a key.
 */
final class Partition {
    private final boolean byAccount;
    private String source = "";
    private String account = "";
    private long time = Timestamps.NONE;
    private boolean mixed;

    Partition(boolean byAccount) {
        this.byAccount = byAccount;
    }

    /** Adds the first event of an envelope. */
    void add(String source, String account, long time) {
        if (isEmpty()) {
            this.source = source;
            this.account = account;
            this.time = time;
        } else {
            mixed |= !this.source.equals(source) || byAccount && !this.account.equals(account);
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
