package io.tributary.archive.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.archive.ArchiveStore.Wakefulness;
import io.tributary.archive.EventObjects;
import io.tributary.archive.FakeStore;
import io.tributary.archive.Problem;
import io.tributary.archive.Problem.Kind;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.ChainHeads;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.restore.Restorer.Plan;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestorerTest {
    private final FakeStore store = new FakeStore();
    private final List<String> log = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final List<String> replays = new ArrayList<>();
    private final Restorer restorer = new Restorer(
            EventObjects.chains(store),
            Prices.usual(),
            (subject, text) -> notices.add(subject + "\n" + text),
            log::add);

    @Test
    void aPlanTellsWhatIsTouchedAndChangesNothing() throws IOException {
        Archive.fill(store, StorageClass.GLACIER);
        Plan plan = restorer.plan("j", request(Set.of("123456789012"), Set.of("waf"), RestoreTier.STANDARD));
        // the second day, of one source; an account has half of it
        assertThat(plan.job().parts())
                .singleElement()
                .satisfies(part -> assertThat(part.key()).startsWith("archive/source=waf/date=2026-03-02/part-"));
        assertThat(plan.estimate().parts()).isEqualTo(1);
        assertThat(plan.estimate().asleep()).isEqualTo(1);
        assertThat(plan.estimate().events()).isEqualTo(8);
        assertThat(plan.estimate().wantedBytes()).isLessThan(plan.estimate().bytes());
        assertThat(plan.estimate().longest()).isEqualTo(Duration.ofHours(5));
        assertThat(plan.estimate().cost()).isGreaterThan(0.00005).isLessThan(0.001);
        assertThat(restorer.progress(plan.job()).states()).isEqualTo(Map.of(Wakefulness.ASLEEP, 1));
        assertThat(store.keys("restore/")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GLACIER, EXPEDITED, PT5M",
        "GLACIER, BULK, PT12H",
        "DEEP_ARCHIVE, STANDARD, PT12H",
        "DEEP_ARCHIVE, BULK, PT48H",
        "GLACIER_IR, STANDARD, PT0S"
    })
    void howLongItTakesDependsOnClassAndTier(StorageClass storageClass, RestoreTier tier, Duration longest)
            throws IOException {
        Archive.fill(store, storageClass);
        Plan plan = restorer.plan("j", request(Set.of(), Set.of(), tier));
        assertThat(plan.estimate().longest()).isEqualTo(longest);
        assertThat(plan.estimate().parts()).isEqualTo(2);
    }

    @Test
    void exactlyTheWantedPartsAreWoken() throws IOException {
        Archive.fill(store, StorageClass.DEEP_ARCHIVE);
        Plan plan = restorer.plan("j", request(Set.of(), Set.of("cloudtrail"), RestoreTier.BULK));
        restorer.start(plan.job());
        for (String key : store.keys("archive/")) {
            if (key.contains("/part-")) {
                assertThat(store.wakefulness(key))
                        .as(key)
                        .isEqualTo(
                                key.startsWith("archive/source=cloudtrail/date=2026-03-02/")
                                        ? Wakefulness.WAKING
                                        : Wakefulness.ASLEEP);
            }
        }
    }

    @Test
    void peopleAreToldOnceWhenAllCanBeRead() throws IOException {
        Archive.fill(store, StorageClass.GLACIER);
        Plan plan = restorer.plan("j", request(Set.of(), Set.of(), RestoreTier.STANDARD));
        restorer.start(plan.job());
        String key = plan.job().parts().get(0).key();
        assertThat(check(Optional.of(key))).isEmpty();
        store.wake();
        assertThat(check(Optional.of("archive/another"))).isEmpty();
        assertThat(check(Optional.of(key))).extracting(RestoreJob::id).containsExactly("j");
        assertThat(check(Optional.of(key))).isEmpty();
        assertThat(notices)
                .singleElement()
                .asString()
                .contains("2 parts")
                .contains("Job j")
                .contains("put on the log stream");
        assertThat(replays).containsExactly("j");
        assertThat(restorer.job("j")).contains(plan.job());
        assertThat(store.keys("restore/")).containsExactly("restore/done/j.json");
    }

    @Test
    void aCopyThatExpiredWhileOthersWereWakingIsAskedForAgain() throws IOException {
        Archive.fill(store, StorageClass.DEEP_ARCHIVE);
        Plan plan = restorer.plan("j", request(Set.of(), Set.of(), RestoreTier.BULK));
        restorer.start(plan.job());
        store.wake();
        store.expire(plan.job().parts().get(1).key());
        assertThat(check(Optional.of(plan.job().parts().get(0).key()))).isEmpty();
        assertThat(restorer.progress(plan.job()).states()).containsEntry(Wakefulness.ASLEEP, 1);
        assertThat(check(Optional.empty())).isEmpty();
        assertThat(restorer.progress(plan.job()).states()).containsEntry(Wakefulness.WAKING, 1);
        store.wake();
        assertThat(check(Optional.empty())).hasSize(1);
    }

    @Test
    void whereNobodyCouldBeToldItIsTriedAgain() throws IOException {
        Archive.fill(store, StorageClass.GLACIER_IR);
        Plan plan = restorer.plan("j", request(Set.of(), Set.of(), RestoreTier.STANDARD));
        restorer.start(plan.job());
        Restorer unlucky = new Restorer(
                EventObjects.chains(store),
                Prices.usual(),
                (subject, text) -> {
                    throw new IOException("no such topic");
                },
                line -> {});
        assertThatThrownBy(() -> unlucky.check(Optional.empty(), job -> replays.add(job.id())))
                .hasMessage("no such topic");
        assertThat(check(Optional.empty())).hasSize(1);
        assertThat(notices).hasSize(1);
    }

    @Test
    void aJobThatEndedEarlyIsContinued() throws IOException {
        Archive.fill(store, StorageClass.GLACIER);
        Plan plan = restorer.plan("j", request(Set.of(), Set.of(), RestoreTier.STANDARD));
        int[] restores = {0};
        store.faults(new FakeStore.Faults() {
            @Override
            public void before(String call) throws IOException {
                if (call.equals("restore") && restores[0]++ == 1) {
                    throw new IOException("the end");
                }
            }

            @Override
            public void after(String call) {}
        });
        assertThatThrownBy(() -> restorer.start(plan.job())).hasMessage("the end");
        assertThat(restorer.progress(plan.job()).states()).containsEntry(Wakefulness.ASLEEP, 1);
        restorer.start(restorer.job("j").orElseThrow());
        assertThat(restorer.progress(plan.job()).states()).isEqualTo(Map.of(Wakefulness.WAKING, 2));
    }

    @Test
    void whatCannotBeDoneIsRefused() throws IOException {
        Archive.fill(store, StorageClass.DEEP_ARCHIVE);
        assertThatThrownBy(() -> restorer.plan("j", request(Set.of(), Set.of(), RestoreTier.EXPEDITED)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Deep Archive, which has no expedited retrieval");
        assertThatThrownBy(() -> request(Set.of("ana"), Set.of(), RestoreTier.BULK))
                .hasMessage("'ana' is no account id");
        assertThatThrownBy(() -> request(Set.of(), Set.of("netflow"), RestoreTier.BULK))
                .hasMessageStartingWith("'netflow' is none of the sources [application, ");
        assertThatThrownBy(() -> new Query(Instant.EPOCH, Instant.EPOCH, Set.of(), Set.of()))
                .hasMessageContaining("ends (1970-01-01T00:00:00Z) before it begins");
        assertThatThrownBy(() -> RestoreRequest.tier("fast")).hasMessageContaining("none of expedited, standard, bulk");
    }

    @Test
    void askingHowFarAJobIsStartsNothing() throws IOException {
        Archive.fill(store, StorageClass.GLACIER);
        Plan plan = restorer.plan("j", request(Set.of(), Set.of(), RestoreTier.STANDARD));
        restorer.start(plan.job());
        store.wake();
        assertThat(check(Optional.empty())).hasSize(1);
        List<String> before = store.keys("");
        RestoreJob job = restorer.job("j").orElseThrow();
        assertThat(restorer.progress(job).of(Wakefulness.AWAKE)).isEqualTo(2);
        assertThat(check(Optional.empty())).isEmpty();
        restorer.start(job);
        assertThat(check(Optional.empty())).as("also if it is started again").isEmpty();
        assertThat(notices).hasSize(1);
        assertThat(replays).hasSize(1);
        assertThat(store.keys("")).isEqualTo(before);
        store.expire(job.parts().get(0).key());
        restorer.progress(job);
        assertThat(restorer.progress(job).of(Wakefulness.ASLEEP)).isEqualTo(1);
    }

    @Test
    void eventsThatComeAtOnceEndAJobOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            FakeStore own = new FakeStore();
            Archive.fill(own, StorageClass.GLACIER_IR);
            AtomicInteger told = new AtomicInteger();
            AtomicInteger started = new AtomicInteger();
            Restorer many = new Restorer(
                    EventObjects.chains(own), Prices.usual(), (subject, text) -> told.incrementAndGet(), line -> {});
            Plan plan = many.plan("j", request(Set.of(), Set.of(), RestoreTier.STANDARD));
            many.start(plan.job());
            Optional<String> key = Optional.of(plan.job().parts().get(0).key());
            ExecutorService executor = Executors.newFixedThreadPool(4);
            try {
                List<Future<?>> calls = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    calls.add(executor.submit(() -> many.check(key, job -> started.incrementAndGet())));
                }
                for (Future<?> call : calls) {
                    call.get();
                }
            } finally {
                executor.shutdownNow();
            }
            assertThat(told).hasValue(1);
            assertThat(started).hasValue(1);
            assertThat(own.keys("restore/")).containsExactly("restore/done/j.json");
        }
    }

    /** Whatever call is the last of a process, people are told, and hardly ever twice. */
    @Test
    void anEndAtAnyCallIsMadeUpForWhenTheClaimHasRunOut() throws IOException {
        int steps = 0;
        for (boolean isEnded = true; isEnded; steps++) {
            FakeStore own = new FakeStore();
            Archive.fill(own, StorageClass.GLACIER_IR);
            List<String> told = new ArrayList<>();
            List<String> started = new ArrayList<>();
            Instant[] now = {Instant.parse("2026-06-01T00:00:00Z")};
            Restorer ending = new Restorer(
                    new Chains(own, ChainHeads.NONE, () -> now[0]),
                    Prices.usual(),
                    (subject, text) -> told.add(subject),
                    line -> {});
            ending.start(ending.plan("j", request(Set.of(), Set.of(), RestoreTier.STANDARD))
                    .job());
            own.faults(endingAt(steps));
            isEnded = false;
            try {
                ending.check(Optional.empty(), job -> started.add(job.id()));
            } catch (IOException e) {
                isEnded = true;
            }
            own.faults(endingAt(Integer.MAX_VALUE));
            ending.check(Optional.empty(), job -> started.add(job.id()));
            now[0] = now[0].plus(Duration.ofMinutes(16));
            ending.check(Optional.empty(), job -> started.add(job.id()));
            assertThat(told).as("end at step %d", steps).hasSizeBetween(1, 2);
            assertThat(started).hasSize(told.size());
            assertThat(own.keys("restore/open/")).isEmpty();
            assertThat(own.keys("restore/done/")).hasSize(1);
        }
        assertThat(steps).isGreaterThan(15);
    }

    /** A process that has ended calls no more. */
    private static FakeStore.Faults endingAt(int step) {
        int[] left = {step};
        return new FakeStore.Faults() {
            @Override
            public void before(String call) throws IOException {
                step();
            }

            @Override
            public void after(String call) throws IOException {
                step();
            }

            private void step() throws IOException {
                if (left[0] <= 0) {
                    throw new IOException("the end");
                }
                left[0]--;
            }
        };
    }

    @Test
    void whatIsLostOrReplacedIsNamedAndAllElseIsRestored() throws IOException {
        Archive.fill(store, StorageClass.GLACIER);
        List<String> parts = store.keys("archive/source=waf/");
        store.delete(List.of(parts.get(0)));
        store.put(parts.get(1), "other");
        store.delete(List.of("manifests/source=waf/date=2026-03-03/manifest-00000000.json"));
        store.put("manifests/source=cloudtrail/date=2026-03-02/manifest-00000000.json", "no JSON");
        Query all = new Query(Archive.time(0, 0), Archive.time(3, 0), Set.of(), Set.of());
        Plan plan = restorer.plan("j", new RestoreRequest(all, RestoreTier.STANDARD, 3, false));
        assertThat(plan.problems())
                .extracting(Problem::kind)
                .containsExactlyInAnyOrder(
                        Kind.PART_MISSING, Kind.PART_REPLACED, Kind.MANIFEST_MISSING, Kind.MANIFEST_UNREADABLE);
        assertThat(plan.job().parts()).hasSize(4);
        assertThat(plan.estimate().unnamed()).as("all of it is wanted").isEqualTo(2);
        restorer.start(plan.job());
        assertThat(restorer.progress(plan.job()).of(Wakefulness.WAKING)).isEqualTo(4);
        store.delete(List.of(plan.job().parts().get(0).key()));
        store.wake();
        assertThat(restorer.progress(plan.job()).gone()).hasSize(1);
        assertThat(check(Optional.empty())).hasSize(1);
        assertThat(notices).singleElement().asString().contains("3 parts").contains("1 parts are gone");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "{}",
                "{\"id\":\"bad\",\"request\":{},\"parts\":[]}",
                "{\"id\":\"bad\",\"request\":%REQUEST%,\"parts\":[{\"partition\":\"archive/source=waf/date=2026-03-01/\",\"sequence\":0,\"key\":\"../../etc/passwd\"}]}",
                "{\"id\":\"bad\",\"request\":%REQUEST%,\"parts\":[{\"partition\":\"archive/source=waf/date=2026-03-01/\",\"sequence\":0,\"key\":\"raw/2026/03/01/08/r\"}]}",
                "{\"id\":\"bad\",\"request\":%REQUEST%,\"parts\":[{\"partition\":\"/\",\"sequence\":0,\"key\":\"/etc/passwd\"}]}",
                "{\"id\":\"../other\",\"request\":%REQUEST%,\"parts\":[]}"
            })
    void whatIsNoJobIsToldAndTheOthersGoOn(String text) throws IOException {
        Archive.fill(store, StorageClass.GLACIER_IR);
        Plan plan = restorer.plan("j", request(Set.of(), Set.of(), RestoreTier.STANDARD));
        restorer.start(plan.job());
        store.put(
                "restore/open/bad.json",
                text.replace("%REQUEST%", "{\"from\":\"2026-03-01T00:00:00Z\",\"to\":\"2026-03-02T00:00:00Z\"}"));
        assertThat(check(Optional.empty())).extracting(RestoreJob::id).containsExactly("j");
        assertThat(log).singleElement().asString().startsWith("No job: restore/open/bad.json: it ");
        assertThatThrownBy(() -> restorer.job("bad")).isInstanceOf(IllegalArgumentException.class);
        assertThat(restorer.job("../done/j")).isEmpty();
    }

    @Test
    void eventsAreLookedForInTheDaysThatTheyMayHaveBeenDelivered() {
        Query day = new Query(Archive.time(0, 0), Archive.time(1, 0), Set.of(), Set.of());
        assertThat(day.firstDay()).isEqualTo("2026-02-28");
        assertThat(day.lastDay()).isEqualTo("2026-03-15");
    }

    private List<RestoreJob> check(Optional<String> key) throws IOException {
        return restorer.check(key, job -> {
            if (job.request().replay()) {
                replays.add(job.id());
            }
        });
    }

    /** Events of the afternoon of the second day. */
    private static RestoreRequest request(Set<String> accounts, Set<String> sources, RestoreTier tier) {
        return new RestoreRequest(new Query(Archive.time(1, 0), Archive.time(2, 0), accounts, sources), tier, 3, true);
    }
}
