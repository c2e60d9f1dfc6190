package io.tributary.local.pipeline.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class LifecycleClockTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration DAY = Duration.ofSeconds(10);

    private final RuledBucket s3 = new RuledBucket();
    private final LifecycleClock clock = new LifecycleClock(s3, "bucket", DAY, InstantSource.fixed(NOW));

    @Test
    void objectsChangeTheirClassAsTheRulesSayAndNeverBack() {
        clock.tick();
        assertThat(clock.storageClass("raw/a", daysAgo(29), "")).isEqualTo("STANDARD");
        assertThat(clock.storageClass("raw/a", daysAgo(30), "STANDARD")).isEqualTo("STANDARD_IA");
        assertThat(clock.storageClass("raw/a", daysAgo(30), "GLACIER")).isEqualTo("GLACIER");
        assertThat(clock.storageClass("archive/part", daysAgo(89), "GLACIER")).isEqualTo("GLACIER");
        assertThat(clock.storageClass("archive/part", daysAgo(90), "GLACIER")).isEqualTo("DEEP_ARCHIVE");
        assertThat(clock.storageClass("events/a", daysAgo(900), ""))
                .as("a rule that is off")
                .isEqualTo("STANDARD");
    }

    @Test
    void whatHasExpiredIsDeletedAndNothingElse() {
        s3.objects.put("raw/old", daysAgo(90));
        s3.objects.put("raw/young", daysAgo(89));
        s3.objects.put("events/old", daysAgo(900));
        clock.tick();
        assertThat(s3.objects).containsOnlyKeys("raw/young", "events/old");
    }

    private static Instant daysAgo(int days) {
        return NOW.minus(DAY.multipliedBy(days));
    }
}
