package io.tributary.archive.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tributary.archive.EventObjects;
import io.tributary.archive.FakeStore;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.Problem.Kind;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.ChainHeads.Head;
import io.tributary.archive.compaction.Compactor.Result;
import io.tributary.archive.integrity.ArchiveVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compaction whose manifests are announced and settled elsewhere: what may go wrong in between, and what whoever can write to the archive may try. */
class CompactionWithHeadsTest {
    private static final Partition PARTITION = new Partition("cloudtrail", LocalDate.parse("2026-03-01"));
    private static final WorkItem ALL = new WorkItem(PARTITION, PARTITION.loose() + "a", PARTITION.loose() + "z");

    private final AtomicInteger names = new AtomicInteger();
    private FakeStore store = new FakeStore();
    private FakeStore headStore = new FakeStore();
    private Chains chains = new Chains(store, new StoredChainHeads(headStore, "example"), InstantSource.system());

    private void begin() {
        store = new FakeStore();
        headStore = new FakeStore();
        chains = new Chains(store, new StoredChainHeads(headStore, "example"), InstantSource.system());
        deliver("o", 5);
    }

    private void deliver(String name, int count) {
        for (int i = 0; i < count; i++) {
            store.put(PARTITION.loose() + name + "-" + i, object(name + i));
        }
    }

    private static byte[] object(String uid) {
        return EventObjects.member(EventObjects.document(uid, "123456789012", Instant.parse("2026-03-01T08:00:00Z")));
    }

    private Result compact() throws IOException {
        return compact(ALL);
    }

    private Result compact(WorkItem item) throws IOException {
        return new Compactor(
                        chains,
                        EventObjects.keeping(StorageClass.STANDARD),
                        () -> "n" + names.incrementAndGet(),
                        new SameThread())
                .compact(item);
    }

    /** The events of all manifests that heads know. */
    private List<String> archived() throws IOException {
        List<String> uids = new ArrayList<>();
        for (Manifest manifest : EventObjects.manifests(chains, PARTITION)) {
            uids.addAll(EventObjects.uids(
                    EventObjects.expanded(store.get(manifest.part().key()))));
        }
        return uids;
    }

    private List<Problem> problems() throws IOException {
        return new ArchiveVerifier(chains).verify(PARTITION, true).problems();
    }

    /** A process that has ended calls neither store any more. */
    private static final class Ending implements FakeStore.Faults {
        private int left;

        Ending(int left) {
            this.left = left;
        }

        @Override
        public void before(String call) throws IOException {
            step();
        }

        @Override
        public void after(String call) throws IOException {
            step();
        }

        private void step() throws IOException {
            if (left <= 0) {
                throw new IOException("the end");
            }
            left--;
        }
    }

    @Test
    void anEndAtAnyCallOfEitherStoreLosesNothingArchivesNothingTwiceAndAlarmsNobody() throws IOException {
        int steps = 0;
        for (boolean isEnded = true; isEnded; steps++) {
            begin();
            FakeStore.Faults ending = new Ending(steps);
            store.faults(ending);
            headStore.faults(ending);
            isEnded = false;
            try {
                compact();
            } catch (IOException e) {
                isEnded = true;
            }
            FakeStore.Faults none = new Ending(Integer.MAX_VALUE);
            store.faults(none);
            headStore.faults(none);
            assertThat(problems()).as("between, at step %d", steps).isEmpty();
            assertThat(compact().problems()).isEmpty();
            assertThat(archived()).as("step %d", steps).containsExactlyInAnyOrder("o0", "o1", "o2", "o3", "o4");
            assertThat(store.keys(PARTITION.loose())).isEmpty();
            assertThat(problems()).isEmpty();
        }
        assertThat(steps).isGreaterThan(35);
    }

    @Test
    void workersAtOnceSettleEveryNumberOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            begin();
            deliver("p", 7);
            ExecutorService executor = Executors.newFixedThreadPool(4);
            try {
                List<Future<Result>> results = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    WorkItem item = new WorkItem(
                            PARTITION,
                            PARTITION.loose() + (i == 3 ? "p" : "a"),
                            PARTITION.loose() + (i == 2 ? "o~" : "z"));
                    results.add(executor.submit(() -> compact(item)));
                }
                for (Future<Result> result : results) {
                    result.get();
                }
            } finally {
                executor.shutdownNow();
            }
            assertThat(archived()).hasSize(12).doesNotHaveDuplicates();
            assertThat(store.keys(PARTITION.loose())).isEmpty();
            assertThat(problems()).isEmpty();
        }
    }

    /** A manifest in the archive that names what was delivered would have compaction delete it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aManifestThatNoRunHasMadeDeletesNothing(int number) throws IOException {
        begin();
        if (number > 0) {
            compact();
            deliver("q", 5);
        }
        Map<String, byte[]> delivered = new TreeMap<>();
        store.keys(PARTITION.loose()).forEach(key -> delivered.put(key, store.get(key)));
        FakeStore others = new FakeStore();
        others.put(PARTITION.loose() + "o", object("forged"));
        new Compactor(
                        EventObjects.chains(others),
                        EventObjects.keeping(StorageClass.STANDARD),
                        () -> "forged",
                        new SameThread())
                .compact(ALL);
        String part = others.keys("archive/").get(0);
        Manifest real = EventObjects.manifests(others, PARTITION).get(0);
        List<Manifest.Source> sources = new ArrayList<>();
        for (String key : delivered.keySet()) {
            Manifest.Source source = real.sources().get(0);
            sources.add(new Manifest.Source(
                    key,
                    store.find(key).orElseThrow().etag(),
                    "",
                    source.offset(),
                    source.length(),
                    source.sha256(),
                    source.sha256Expanded(),
                    1,
                    1,
                    1,
                    source.members()));
        }
        String forged = Manifest.key(PARTITION, number);
        store.put(part, others.get(part));
        store.put(
                forged,
                new Manifest(PARTITION, number, "", Optional.empty(), real.term(), real.part(), sources).toJson());
        Result result = compact();
        assertThat(result.archived()).isEqualTo(5);
        assertThat(result.problems())
                .extracting(Problem::kind, Problem::file)
                .containsExactly(tuple(Kind.MANIFEST_FOREIGN, forged));
        assertThat(new TreeSet<>(archived())).hasSize(number > 0 ? 10 : 5).doesNotContain("forged");
        assertThat(problems()).extracting(Problem::kind).containsExactly(Kind.MANIFEST_FOREIGN);
        store.delete(List.of(forged, forged + ".done"));
        assertThat(problems()).as("after somebody has taken it away").isEmpty();
    }

    @Test
    void aManifestThatIsDeletedBeforeItIsSettledIsMissed() throws IOException {
        begin();
        headStore.faults(new Before("create", 2, () -> store.delete(List.of(Manifest.key(PARTITION, 0)))));
        compact();
        assertThat(problems()).extracting(Problem::kind).containsExactly(Kind.MANIFEST_MISSING);
        assertThat(new ArchiveVerifier(chains).verify(PARTITION, true).orphans())
                .hasSize(1);
    }

    @Test
    void aNumberThatWasSettledMeanwhileIsNotOursAndNothingIsDeleted() throws IOException {
        begin();
        Head other = new Head(
                PARTITION,
                0,
                "other",
                Optional.empty(),
                new Manifest.Part(
                        PARTITION.archive() + "part-00000000-other.ndjson.gz",
                        "e",
                        StorageClass.STANDARD,
                        1,
                        "",
                        1,
                        9));
        headStore.faults(new Before("create", 2, () -> chains.heads().settle(other)));
        assertThat(compact().archived()).isEqualTo(5);
        assertThat(archived()).hasSize(5);
        assertThat(problems())
                .extracting(Problem::kind, Problem::file)
                .containsExactly(
                        tuple(Kind.MANIFEST_MISSING, Manifest.key(PARTITION, 0)),
                        tuple(Kind.PART_MISSING, other.part().key()));
        assertThat(store.keys("archive/")).hasSize(1);
    }

    /** Does something before a call of a kind, once. */
    private static final class Before implements FakeStore.Faults {
        private interface Action {
            void run() throws IOException;
        }

        private final String call;
        private final Action action;
        private int left;

        Before(String call, int which, Action action) {
            this.call = call;
            this.left = which;
            this.action = action;
        }

        @Override
        public void before(String name) throws IOException {
            if (name.equals(call) && --left == 0) {
                action.run();
            }
        }

        @Override
        public void after(String name) {}
    }

    // ---- after something was lost

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void compactionGoesOnAfterAManifestIsLost(int lost) throws IOException {
        for (boolean areKept : new boolean[] {true, false}) {
            begin();
            chains = areKept ? chains : chains.withoutHeads();
            compact();
            deliver("p", 2);
            compact();
            deliver("q", 2);
            compact();
            store.delete(List.of(Manifest.key(PARTITION, lost)));
            deliver("r", 2);
            assertThat(compact().archived()).isEqualTo(2);
            List<Manifest> manifests = EventObjects.manifests(chains, PARTITION);
            assertThat(manifests)
                    .extracting(Manifest::sequence)
                    .hasSize(3)
                    .endsWith(3)
                    .doesNotContain(lost);
            assertThat(problems())
                    .extracting(Problem::kind, Problem::file)
                    .containsExactly(tuple(Kind.MANIFEST_MISSING, Manifest.key(PARTITION, lost)));
            assertThat(store.keys("archive/")).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{\"version\":1}"})
    void anUnfinishedManifestThatIsNoneIsToldAndCompactionGoesOn(String content) throws IOException {
        for (boolean areKept : new boolean[] {true, false}) {
            begin();
            chains = areKept ? chains : chains.withoutHeads();
            compact();
            store.delete(List.of(Manifest.key(PARTITION, 0) + ".done"));
            store.put(Manifest.key(PARTITION, 0), content);
            deliver("r", 2);
            Result result = compact();
            assertThat(result.archived()).isEqualTo(2);
            assertThat(result.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.kind())
                            .isEqualTo(areKept ? Kind.MANIFEST_CHANGED : Kind.MANIFEST_UNREADABLE));
            assertThat(problems()).hasSize(1);
        }
    }

    /** A run ended before its sources were deleted, and then its part got lost: they are all that is left. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsNamedByAManifestWithoutItsPartIsNotDeletedButArchivedAgain(boolean areKept) throws IOException {
        begin();
        chains = areKept ? chains : chains.withoutHeads();
        store.faults(new Before("delete", 1, () -> {
            throw new IOException("the end");
        }));
        assertThatThrownBy(this::compact).hasMessage("the end");
        String part = store.keys("archive/").get(0);
        store.delete(List.of(part));
        Result result = compact();
        assertThat(result.problems())
                .extracting(Problem::kind, Problem::file)
                .containsExactly(tuple(Kind.PART_MISSING, part));
        assertThat(result.archived()).isEqualTo(5);
        List<Manifest> manifests = EventObjects.manifests(chains, PARTITION);
        assertThat(manifests).hasSize(2);
        assertThat(EventObjects.uids(
                        EventObjects.expanded(store.get(manifests.get(1).part().key()))))
                .hasSize(5);
    }

    @Test
    void theHighestNumberThatIsTakenByAnotherStopsNothingWhereHeadsAreKept() throws IOException {
        begin();
        store.put(Manifest.key(PARTITION, Manifest.MOST), "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(compact().archived()).isEqualTo(5);
        assertThat(EventObjects.manifests(chains, PARTITION))
                .extracting(Manifest::sequence)
                .containsExactly(0);
        assertThat(new ArchiveVerifier(chains.withoutHeads())
                        .verify(PARTITION, false)
                        .problems())
                .as("a hundred million numbers that are not there are not told one by one")
                .hasSizeLessThan(110);
    }
}
