package io.tributary.archive.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Content;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.EventObjects;
import io.tributary.archive.FakeStore;
import io.tributary.archive.Partition;
import io.tributary.archive.StorageClass;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** A day of 20,000 small objects of four sources and five accounts. */
class LargeDayTest {
    private static final LocalDate DAY = LocalDate.parse("2026-03-01");
    private static final List<String> SOURCES = List.of("cloudtrail", "vpc-flow-logs", "waf", "application");
    private static final int OBJECTS = 5_000;
    private static final int ACCOUNTS = 5;
    private static final int EVENTS = 2;

    private final FakeStore store = new FakeStore();
    private final ExecutorService executor = Executors.newFixedThreadPool(4);

    @Test
    void itBecomesAHandfulOfObjectsInWhichEveryEventIsARangeReadAway() throws IOException {
        SOURCES.forEach(this::deliver);
        assertThat(store.keys("events/")).hasSize(20_000);
        long before = store.calls();
        long bytes = 0;
        for (Partition partition : Partition.all(store, Partition.EVENTS)) {
            List<WorkItem> items = new ArrayList<>();
            new Planner(store).plan(partition, "", items::add);
            for (WorkItem item : items) {
                bytes += compactor().compact(item).bytes();
            }
        }
        executor.shutdown();
        assertThat(store.keys("events/")).isEmpty();
        assertThat(store.keys("archive/").stream().filter(key -> key.contains("/part-")))
                .hasSize(SOURCES.size());
        // a read for each object, and little beside that: listings, uploads, manifests, deletions
        assertThat(store.calls() - before).isBetween(20_000L, 20_200L);
        assertThat(bytes)
                .isEqualTo(store.keys("archive/").stream()
                        .filter(key -> key.contains("/part-"))
                        .mapToLong(key -> store.get(key).length)
                        .sum());
        for (String source : SOURCES) {
            assertEveryEventIsFound(new Partition(source, DAY));
        }
    }

    private void deliver(String source) {
        Instant midnight = DAY.atStartOfDay().toInstant(ZoneOffset.UTC);
        for (int i = 0; i < OBJECTS; i++) {
            String[] documents = new String[EVENTS];
            for (int event = 0; event < EVENTS; event++) {
                documents[event] = EventObjects.document(
                        source + "-" + i + "-" + event, account(i), midnight.plusSeconds(i * 15L + event));
            }
            store.put(
                    new Partition(source, DAY).loose() + "events-1-2026-03-01-%05d".formatted(i),
                    EventObjects.member(documents));
        }
    }

    private static String account(int object) {
        return "12345678901" + object % ACCOUNTS;
    }

    private Compactor compactor() {
        return new Compactor(
                EventObjects.chains(store),
                EventObjects.keeping(StorageClass.GLACIER_IR),
                () -> UUID.randomUUID().toString(),
                executor);
    }

    private void assertEveryEventIsFound(Partition partition) throws IOException {
        Set<String> found = new HashSet<>();
        Map<String, Long> accounts = new HashMap<>();
        for (Manifest manifest : EventObjects.manifests(store, partition)) {
            Entry part = store.find(manifest.part().key()).orElseThrow();
            for (Manifest.Source source : manifest.sources()) {
                for (Manifest.Member member : source.members()) {
                    String text = read(store, part, member);
                    assertThat(text).contains("\"uid\":\"" + member.account() + "\"");
                    found.addAll(EventObjects.uids(text));
                    accounts.merge(member.account(), member.events(), Long::sum);
                }
            }
        }
        assertThat(found).hasSize(OBJECTS * EVENTS);
        assertThat(accounts).hasSize(ACCOUNTS).containsValues((long) OBJECTS * EVENTS / ACCOUNTS);
    }

    private static String read(ArchiveStore store, Entry part, Manifest.Member member) throws IOException {
        try (Content in = store.open(part.key(), part.etag(), member.offset(), member.length())) {
            return EventObjects.expanded(in.readAllBytes());
        }
    }
}
