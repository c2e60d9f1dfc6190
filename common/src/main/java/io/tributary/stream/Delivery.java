package io.tributary.stream;

import io.tributary.stream.RecordStream.Entry;
import io.tributary.stream.RecordStream.PermanentFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Puts records on a stream until every one is accepted or the time is up: batches within the stream's limits, several
 * calls at a time, only what was refused again, after an exponential pause with full jitter. A record belongs to an owner
 * (a record of the request), and {@link #finish} tells which owners have a record that was not accepted.
 *
 * <p>{@link #add} blocks while {@code concurrency} calls are under way, so that memory is bounded by that many batches. For
 * one thread, except that the calls run on the executor.
 */
public final class Delivery {
    /** The longest that one call may take, milliseconds; less where time is short, so that some is left to repeat it. */
    private static final long CALL_TIMEOUT = 10_000;

    private static final long SHORTEST_CALL_TIMEOUT = 500;

    private static final long FIRST_PAUSE = 50;
    private static final long LONGEST_PAUSE = 5_000;

    private final RecordStream stream;
    private final RecordStream.Limits limits;
    private final ExecutorService executor;
    private final Semaphore permits;
    private final Deadline deadline;
    private final Pause pause;
    private final List<Future<?>> calls = new ArrayList<>();
    private final String[] failures;

    private List<Entry> batch = new ArrayList<>();
    private List<Integer> owners = new ArrayList<>();
    private int batchBytes;

    /** Waiting, so that tests need not. */
    public interface Pause {
        Pause SLEEP = Thread::sleep;

        void millis(long millis) throws InterruptedException;
    }

    /**
     * @param owners how many owners there are, numbered from 0
     * @param concurrency most calls at a time
     */
    public Delivery(
            RecordStream stream,
            ExecutorService executor,
            int concurrency,
            Deadline deadline,
            Pause pause,
            int owners) {
        this.stream = stream;
        this.limits = stream.limits();
        this.executor = executor;
        this.permits = new Semaphore(concurrency);
        this.deadline = deadline;
        this.pause = pause;
        this.failures = new String[owners];
    }

    /** Adds a record; a full batch before it is sent. */
    public void add(int owner, Entry entry) {
        if (entry.size() > limits.recordBytes()) {
            fail(owner, "a record of " + entry.size() + " bytes, more than the stream's " + limits.recordBytes());
            return;
        }
        if (batch.size() == limits.records() || batchBytes + entry.size() > limits.bytes()) {
            send();
        }
        batch.add(entry);
        owners.add(owner);
        batchBytes += entry.size();
    }

    /** Whether a record of this owner has already failed for good. */
    public boolean hasFailed(int owner) {
        synchronized (failures) {
            return failures[owner] != null;
        }
    }

    private void fail(int owner, String reason) {
        synchronized (failures) {
            failures[owner] = reason;
        }
    }

    /** Sends what there is, without waiting for it: whoever finishes several deliveries has all of them sent first. */
    public void send() {
        if (batch.isEmpty()) {
            return;
        }
        List<Entry> entries = batch;
        List<Integer> entryOwners = owners;
        batch = new ArrayList<>();
        owners = new ArrayList<>();
        batchBytes = 0;
        permits.acquireUninterruptibly();
        calls.add(executor.submit(() -> {
            try {
                deliver(entries, entryOwners);
            } finally {
                permits.release();
            }
        }));
    }

    /** Sends what is left and waits for all calls: the reason for each owner with a record that was not accepted. */
    public List<Optional<String>> finish() {
        send();
        for (Future<?> call : calls) {
            try {
                call.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a delivery ended abnormally", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while delivering", e);
            }
        }
        calls.clear();
        List<Optional<String>> result = new ArrayList<>(failures.length);
        synchronized (failures) {
            for (String failure : failures) {
                result.add(Optional.ofNullable(failure));
            }
        }
        return result;
    }

    private void deliver(List<Entry> entries, List<Integer> entryOwners) {
        List<Entry> open = entries;
        List<Integer> openOwners = entryOwners;
        String reason = "no time left";
        for (int attempt = 0; ; attempt++) {
            long remaining = deadline.remainingMillis();
            if (remaining <= 0) {
                break;
            }
            try {
                Map<Integer, String> refused = stream.put(open, timeout(remaining));
                if (refused.isEmpty()) {
                    return;
                }
                reason = refused.values().iterator().next();
                List<Entry> again = new ArrayList<>(refused.size());
                List<Integer> againOwners = new ArrayList<>(refused.size());
                for (int index : refused.keySet()) {
                    again.add(open.get(index));
                    againOwners.add(openOwners.get(index));
                }
                open = again;
                openOwners = againOwners;
            } catch (PermanentFailure e) {
                reason = e.getMessage();
                break;
            } catch (RuntimeException e) {
                // the batch may have been accepted: documents are idempotent by metadata.uid, so it is put again
                reason = e.getClass().getSimpleName();
            }
            if (!pauseBefore(attempt + 1)) {
                break;
            }
        }
        for (int owner : openOwners) {
            fail(owner, reason);
        }
    }

    private static Duration timeout(long remaining) {
        long third = Math.max(SHORTEST_CALL_TIMEOUT, remaining / 3);
        return Duration.ofMillis(Math.min(remaining, Math.min(third, CALL_TIMEOUT)));
    }

    /** Waits before an attempt; false if there is no time for it. */
    private boolean pauseBefore(int attempt) {
        long ceiling = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(attempt - 1, 10));
        long millis = ThreadLocalRandom.current().nextLong(ceiling + 1);
        if (millis >= deadline.remainingMillis()) {
            return false;
        }
        try {
            pause.millis(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
