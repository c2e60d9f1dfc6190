package io.tributary.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.alert.aws.DynamoDbLocal;
import io.tributary.alert.aws.DynamoDbStates;
import io.tributary.alert.rule.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is delivered in whatever order, and however often: what counts is how many events came within the time. */
class ThresholdPropertyTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static DynamoDbLocal dynamoDb;
    private static AlertState shared;

    /**
     * A delivery.
     *
     * @param seconds after the one before; clocks of two instances differ
     */
    record Delivery(int event, int seconds) {}

    @BeforeContainer
    static void start() {
        dynamoDb = new DynamoDbLocal();
        shared = DynamoDbStates.of(dynamoDb.client(), dynamoDb.table());
    }

    @AfterContainer
    static void stop() {
        dynamoDb.close();
    }

    @Property(tries = 150)
    void everyStateCountsDistinctEventsWithinTheTime(
            @ForAll("deliveries") List<Delivery> deliveries, @ForAll("thresholds") int events) {
        Threshold threshold = new Threshold(events, Duration.ofMinutes(10));
        AlertState own = new InMemoryAlertState();
        String key = UUID.randomUUID().toString();
        Map<Integer, Instant> last = new HashMap<>();
        Instant now = NOON;
        for (Delivery delivery : deliveries) {
            now = now.plusSeconds(delivery.seconds());
            last.merge(delivery.event(), now, (one, other) -> one.isAfter(other) ? one : other);
            Instant oldest = now.minus(threshold.within());
            int distinct = (int)
                    last.values().stream().filter(time -> time.isAfter(oldest)).count();
            String uid = "event " + delivery.event();
            assertThat(own.count(key, uid, now, threshold)).isEqualTo(Math.min(distinct, events));
            assertThat(shared.count(key, uid, now, threshold)).isEqualTo(Math.min(distinct, events));
        }
    }

    @Provide
    Arbitrary<List<Delivery>> deliveries() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.frequencyOf(
                                Tuple.of(6, Arbitraries.integers().between(0, 90)),
                                Tuple.of(1, Arbitraries.integers().between(-60, 0)),
                                Tuple.of(1, Arbitraries.integers().between(500, 700))))
                .as(Delivery::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<Integer> thresholds() {
        return Arbitraries.integers().between(2, 8);
    }
}
