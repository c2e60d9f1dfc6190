package io.tributary.local.pipeline.stream;

import io.tributary.local.pipeline.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The log stream, for one reader. It holds a bounded number of records: whoever writes faster than it is read has to wait. */
public final class LogStream {
    private static final int MOST_RECORDS = 2_000;

    private final BlockingQueue<Entry> records = new LinkedBlockingQueue<>(MOST_RECORDS);
    private final Counts counts;

    /**
     * A record.
     *
     * @param arrival epoch milliseconds
     */
    public record Entry(byte[] data, String partitionKey, long arrival) {}

    public LogStream(Counts counts) {
        this.counts = counts;
    }

    /** Puts a record; waits while the stream is full. */
    public void put(byte[] data, String partitionKey) throws InterruptedException {
        put(data, partitionKey, System.currentTimeMillis());
    }

    /**
     * Puts a record as if it had been put some time ago; waits while the stream is full.
     *
     * @param arrival epoch milliseconds
     */
    public void put(byte[] data, String partitionKey, long arrival) throws InterruptedException {
        records.put(new Entry(data, partitionKey, arrival));
        counts.add("stream.records", 1);
        counts.add("stream.bytes", data.length);
    }

    /** Puts a record, or refuses it, as Kinesis does when its shards are full. */
    public boolean offer(byte[] data, String partitionKey) {
        boolean isAccepted = records.offer(new Entry(data, partitionKey, System.currentTimeMillis()));
        if (isAccepted) {
            counts.add("stream.records", 1);
            counts.add("stream.bytes", data.length);
        }
        return isAccepted;
    }

    /** Takes what there is: until a number of bytes has gathered, or the time is up. */
    public List<Entry> take(int bytes, long millis) throws InterruptedException {
        List<Entry> taken = new ArrayList<>();
        long size = 0;
        long end = System.currentTimeMillis() + millis;
        while (size < bytes) {
            long left = end - System.currentTimeMillis();
            Entry next = left > 0 ? records.poll(left, TimeUnit.MILLISECONDS) : null;
            if (next == null) {
                return taken;
            }
            taken.add(next);
            size += next.data().length;
        }
        return taken;
    }

    /** How many records wait. */
    public int waiting() {
        return records.size();
    }
}
