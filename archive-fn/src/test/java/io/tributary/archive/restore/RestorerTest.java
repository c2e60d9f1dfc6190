package io.tributary.archive.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.archive.ArchiveStore.Wakefulness;
import io.tributary.archive.FakeStore;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestorerTest {
    private final FakeStore store = new FakeStore();
    private final List<String> notices = new ArrayList<>();
    private final List<String> replays = new ArrayList<>();
    private final Restorer restorer =
            new Restorer(store, Prices.usual(), (subject, text) -> notices.add(subject + "\n" + text));

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
        assertThat(restorer.progress(plan.job())).isEqualTo(Map.of(Wakefulness.ASLEEP, 1));
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
        assertThat(restorer.progress(plan.job())).containsEntry(Wakefulness.ASLEEP, 1);
        assertThat(check(Optional.empty())).isEmpty();
        assertThat(restorer.progress(plan.job())).containsEntry(Wakefulness.WAKING, 1);
        store.wake();
        assertThat(check(Optional.empty())).hasSize(1);
    }

    @Test
    void whereNobodyCouldBeToldItIsTriedAgain() throws IOException {
        Archive.fill(store, StorageClass.GLACIER_IR);
        Plan plan = restorer.plan("j", request(Set.of(), Set.of(), RestoreTier.STANDARD));
        restorer.start(plan.job());
        Restorer unlucky = new Restorer(store, Prices.usual(), (subject, text) -> {
            throw new IOException("no such topic");
        });
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
        assertThat(restorer.progress(plan.job())).containsEntry(Wakefulness.ASLEEP, 1);
        restorer.start(restorer.job("j").orElseThrow());
        assertThat(restorer.progress(plan.job())).isEqualTo(Map.of(Wakefulness.WAKING, 2));
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
