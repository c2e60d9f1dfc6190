package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.stream.Delivery;
import io.tributary.stream.RecordStream;
import io.tributary.stream.RecordStream.Entry;
import io.tributary.stream.RecordStream.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DeliveryTest {
    private static final Limits SMALL = new Limits(3, 100, 60);

    /** Time passes only by pauses. */
    private final AtomicLong left = new AtomicLong(10_000);

    private final List<Long> pauses = new ArrayList<>();

    @Property(tries = 300)
    void everyRecordIsPutOnceInOrderInBatchesWithinTheLimits(@ForAll List<@IntRange(max = 59) Integer> sizes) {
        // the fake refuses what is beyond its limits by an error
        FakeStream stream = new FakeStream(SMALL);
        List<Optional<String>> failures =
                deliver(stream, sizes.stream().map(size -> entry(size)).toList());
        assertThat(failures).allMatch(Optional::isEmpty);
        assertThat(stream.accepted()).extracting(each -> each.data().length).isEqualTo(sizes);
    }

    @Test
    void batchesAreAsFullAsTheLimitsAllow() {
        FakeStream stream = new FakeStream(SMALL);
        deliver(stream, List.of(entry(1), entry(1), entry(1), entry(1), entry(59), entry(59)));
        assertThat(stream.batches()).extracting(List::size).containsExactly(3, 2, 1);
    }

    @Test
    void aRecordBeyondTheStreamsLimitFailsAloneAndIsNotSent() {
        FakeStream stream = new FakeStream(SMALL);
        List<Optional<String>> failures = deliver(stream, List.of(entry(10), entry(60), entry(20)));
        assertThat(failures.get(0)).isEmpty();
        assertThat(failures.get(1))
                .hasValueSatisfying(reason -> assertThat(reason).contains("61").contains("60"));
        assertThat(failures.get(2)).isEmpty();
        assertThat(stream.accepted()).hasSize(2);
    }

    @Test
    void onlyWhatWasRefusedIsPutAgain() {
        AtomicInteger calls = new AtomicInteger();
        FakeStream stream = new FakeStream(
                SMALL, batch -> calls.incrementAndGet() == 1 ? Map.of(0, "Throttled", 2, "Throttled") : Map.of());
        assertThat(deliver(stream, List.of(entry(1), entry(2), entry(3)))).allMatch(Optional::isEmpty);
        assertThat(stream.accepted()).extracting(each -> each.data().length).containsExactly(2, 1, 3);
        assertThat(stream.batches()).extracting(List::size).containsExactly(3, 2);
    }

    @Test
    void aBatchThatMayNotHaveBeenAcceptedIsPutAgain() {
        AtomicInteger calls = new AtomicInteger();
        FakeStream stream = new FakeStream(SMALL, batch -> {
            if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("connection reset");
            }
            return Map.of();
        });
        assertThat(deliver(stream, List.of(entry(1)))).allMatch(Optional::isEmpty);
        assertThat(pauses).hasSize(2);
    }

    @Test
    void pausesGrowUpToFiveSecondsAndEndWithTheTime() {
        left.set(60_000);
        FakeStream stream = new FakeStream(SMALL, batch -> Map.of(0, "ServiceUnavailable"));
        assertThat(deliver(stream, List.of(entry(1))).get(0)).contains("ServiceUnavailable");
        for (int i = 0; i < pauses.size(); i++) {
            assertThat(pauses.get(i)).isBetween(0L, Math.min(5_000L, 50L << Math.min(i, 10)));
        }
        assertThat(pauses.stream().mapToLong(Long::longValue).sum()).isLessThan(60_000);
        assertThat(pauses).hasSizeGreaterThan(10);
    }

    @Test
    void withoutTimeLeftNothingIsPut() {
        left.set(0);
        FakeStream stream = new FakeStream(SMALL);
        assertThat(deliver(stream, List.of(entry(1))).get(0)).contains("no time left");
        assertThat(stream.batches()).isEmpty();
    }

    @Test
    void aPermanentFailureIsNotRepeated() {
        FakeStream stream = new FakeStream(SMALL, batch -> {
            throw new RecordStream.PermanentFailure("no such stream", null);
        });
        assertThat(deliver(stream, List.of(entry(1), entry(1)))).containsOnly(Optional.of("no such stream"));
        assertThat(stream.batches()).hasSize(1);
    }

    @Test
    void anOwnerFailsIfOneOfItsRecordsDoes() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            FakeStream stream = new FakeStream(SMALL, batch -> {
                Map<Integer, String> refused = new HashMap<>();
                for (int i = 0; i < batch.size(); i++) {
                    if (batch.get(i).data().length == 7) {
                        refused.put(i, "Never");
                    }
                }
                return refused;
            });
            Delivery delivery = new Delivery(stream, executor, 2, left::get, this::pause, 3);
            for (int i = 0; i < 12; i++) {
                delivery.add(i % 3, entry(i == 7 ? 7 : 1));
            }
            assertThat(delivery.finish()).containsExactly(Optional.empty(), Optional.of("Never"), Optional.empty());
            assertThat(stream.accepted()).hasSize(11);
            assertThat(delivery.hasFailed(1)).isTrue();
            assertThat(delivery.hasFailed(0)).isFalse();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    @Timeout(30)
    void noMoreCallsRunAtATimeThanAllowed() throws InterruptedException {
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            CountDownLatch two = new CountDownLatch(2);
            FakeStreamOutside stream = new FakeStreamOutside(batch -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                two.countDown();
                try {
                    two.await();
                    Thread.sleep(2);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                running.decrementAndGet();
                return Map.of();
            });
            Delivery delivery = new Delivery(stream, executor, 2, left::get, this::pause, 1);
            IntStream.range(0, 60).forEach(i -> delivery.add(0, entry(1)));
            assertThat(delivery.finish()).containsExactly(Optional.empty());
            assertThat(most).hasValue(2);
        } finally {
            executor.shutdownNow();
        }
    }

    /** A stream that is called concurrently. */
    private record FakeStreamOutside(Function<List<Entry>, Map<Integer, String>> answer) implements RecordStream {
        @Override
        public Limits limits() {
            return SMALL;
        }

        @Override
        public Map<Integer, String> put(List<Entry> batch, Duration timeout) {
            return answer.apply(batch);
        }
    }

    @Test
    void anErrorOfTheProgramIsNotTakenForARefusal() {
        FakeStream stream = new FakeStream(SMALL, batch -> {
            throw new AssertionError("a defect");
        });
        assertThatThrownBy(() -> deliver(stream, List.of(entry(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("a defect");
    }

    private List<Optional<String>> deliver(RecordStream stream, List<Entry> entries) {
        // one call at a time, in order
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Delivery delivery = new Delivery(stream, executor, 1, left::get, this::pause, entries.size());
            for (int i = 0; i < entries.size(); i++) {
                delivery.add(i, entries.get(i));
            }
            return delivery.finish();
        } finally {
            executor.shutdownNow();
        }
    }

    private void pause(long millis) {
        pauses.add(millis);
        left.addAndGet(-millis);
    }

    private static Entry entry(int size) {
        return new Entry(new byte[size], "k");
    }
}
