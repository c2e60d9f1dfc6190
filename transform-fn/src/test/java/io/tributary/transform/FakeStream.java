package io.tributary.transform;

import io.tributary.stream.RecordStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A stream in memory that holds callers to its limits, and answers as it is told. */
final class FakeStream implements RecordStream {
    /** Firehose's. */
    static final Limits FIREHOSE = new Limits(500, 4 << 20, 1_024_000);

    /** Kinesis's. */
    static final Limits KINESIS = new Limits(500, 5 << 20, 1 << 20);

    private final Limits limits;
    private final Function<List<Entry>, Map<Integer, String>> answer;
    private final List<Entry> accepted = new ArrayList<>();
    private final List<List<Entry>> batches = new ArrayList<>();

    FakeStream(Limits limits) {
        this(limits, batch -> Map.of());
    }

    /** @param answer which entries of a batch are refused, and why; it may throw */
    FakeStream(Limits limits, Function<List<Entry>, Map<Integer, String>> answer) {
        this.limits = limits;
        this.answer = answer;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public synchronized Map<Integer, String> put(List<Entry> batch, Duration timeout) {
        batches.add(List.copyOf(batch));
        int bytes = batch.stream().mapToInt(Entry::size).sum();
        if (batch.isEmpty() || batch.size() > limits.records() || bytes > limits.bytes() || timeout.isNegative()) {
            throw new AssertionError("a batch of " + batch.size() + " records and " + bytes + " bytes, " + timeout);
        }
        if (batch.stream().anyMatch(entry -> entry.size() > limits.recordBytes())) {
            throw new AssertionError("a record that is too large");
        }
        Map<Integer, String> refused = new HashMap<>(answer.apply(batch));
        for (int i = 0; i < batch.size(); i++) {
            if (!refused.containsKey(i)) {
                accepted.add(new Entry(
                        Arrays.copyOf(batch.get(i).data(), batch.get(i).data().length),
                        batch.get(i).partitionKey()));
            }
        }
        return refused;
    }

    /** What was accepted, in order. */
    synchronized List<Entry> accepted() {
        return List.copyOf(accepted);
    }

    /** Every call's batch. */
    synchronized List<List<Entry>> batches() {
        return List.copyOf(batches);
    }
}
