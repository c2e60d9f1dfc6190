package io.tributary.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionTest {
    private static final Partition FIRST = new Partition("waf", LocalDate.parse("2026-03-01"));
    private static final Partition SECOND = new Partition("waf", LocalDate.parse("2026-03-02"));

    private final FakeStore store = new FakeStore();

    /** S3's console makes an empty object for a folder; whoever can write may make others. */
    @Test
    void otherObjectsHideNoPartition() throws IOException {
        store.put(FIRST.loose() + "o", "x");
        store.put(SECOND.loose() + "o", "x");
        for (String key : List.of(
                "events/",
                "events/a",
                "events/source=waf/",
                "events/source=waf/date=2026-02-31/o",
                "events/source=waf/date=2026-99-99/o",
                "events/source=waf/date=2026-03-01",
                "events/source=waf/date=2026-03-01 /o")) {
            store.put(key, "");
            assertThat(Partition.all(store, Partition.EVENTS)).as(key).containsExactly(FIRST, SECOND);
        }
        assertThat(Partition.find(store, Partition.EVENTS, Partition.pastAll(FIRST.loose()), 1))
                .containsExactly(SECOND);
    }

    @Test
    void foldersOfDigestsArePassedOver() throws IOException {
        String account = "cloudtrail/AWSLogs/o-example123/123456789012/";
        for (int i = 0; i < 3_000; i++) {
            store.put(account + "CloudTrail-Digest/eu-central-1/2026/03/01/%05d".formatted(i), "");
        }
        store.put(account + "CloudTrail/eu-central-1/2026/03/01/a", "x");
        long before = store.calls();
        assertThat(Partition.all(store, Partition.TRAIL_FILES)).hasSize(1);
        assertThat(store.calls() - before).isLessThan(5);
    }

    @Test
    void whatIsOfNoPartitionIsRefused() {
        assertThatThrownBy(() -> Partition.of("events/source=waf/date=2026-13-01/x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Partition.lookUp("raw/2026/03/01/08/r")).isEmpty();
    }
}
