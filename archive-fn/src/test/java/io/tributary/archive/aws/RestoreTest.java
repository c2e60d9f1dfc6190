package io.tributary.archive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.RefusedException;
import io.tributary.archive.ArchiveStore.Wakefulness;
import io.tributary.archive.EventObjects;
import io.tributary.archive.Problem;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.SameThread;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.replay.Replayer;
import io.tributary.archive.replay.Replayer.Position;
import io.tributary.archive.replay.StreamSink;
import io.tributary.archive.restore.Archive;
import io.tributary.archive.restore.Query;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.RestoreRequest;
import io.tributary.archive.restore.Restorer;
import io.tributary.archive.restore.Restorer.Plan;
import io.tributary.stream.RecordStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A restore and a replay over HTTP, of objects that refuse to be read until they are restored. */
class RestoreTest {
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    @Test
    void whatSleepsIsWokenAndReplayedOnceAndNothingElseIs() throws Exception {
        try (S3Mock s3 = new S3Mock();
                S3Front front = new S3Front(s3.endpoint())) {
            String bucket = s3.bucket();
            ArchiveStore store = new S3ArchiveStore(front.client(), bucket, s3.executor());
            Archive.fill(store, StorageClass.DEEP_ARCHIVE);
            List<String> notices = new ArrayList<>();
            Restorer restorer = new Restorer(
                    EventObjects.chains(store), Prices.usual(), (subject, text) -> notices.add(subject), line -> {});
            Query query = new Query(
                    Instant.parse("2026-03-02T06:00:00Z"),
                    Instant.parse("2026-03-02T12:45:00Z"),
                    Set.of("210987654321"),
                    Set.of("cloudtrail"));
            Plan plan = restorer.plan("job-1", new RestoreRequest(query, RestoreTier.BULK, 5, true));
            String key = plan.job().parts().get(0).key();
            assertThat(plan.job().parts()).hasSize(1);
            assertThat(plan.estimate().longest()).isEqualTo(Duration.ofHours(48));
            Entry part = store.find(key).orElseThrow();
            assertThatThrownBy(() -> store.open(key, part.etag(), 0, 10))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("403 InvalidObjectState");

            restorer.start(plan.job());
            restorer.start(plan.job());
            assertThat(front.restoreRequests()).containsExactly("/" + bucket + "/" + key + " Bulk 5");
            assertThat(restorer.progress(plan.job()))
                    .extracting(Restorer.Progress::states)
                    .isEqualTo(Map.of(Wakefulness.WAKING, 1));
            List<RestoreJob> ready = new ArrayList<>();
            assertThat(restorer.check(Optional.of(key), ready::add)).isEmpty();

            front.wake(bucket, key);
            assertThat(restorer.check(Optional.of(key), ready::add)).hasSize(1);
            assertThat(restorer.check(Optional.of(key), ready::add)).isEmpty();
            assertThat(notices).containsExactly("Restored: 1 parts of the log archive");
            List<String> replayed = replay(store, ready.get(0));
            assertThat(replayed)
                    .containsExactly(
                            Archive.uid("cloudtrail", 1, 6, 1, 0),
                            Archive.uid("cloudtrail", 1, 6, 1, 1),
                            Archive.uid("cloudtrail", 1, 12, 1, 0),
                            Archive.uid("cloudtrail", 1, 12, 1, 1));
        }
    }

    private static List<String> replay(ArchiveStore store, RestoreJob job) throws IOException {
        List<String> uids = new ArrayList<>();
        RecordStream stream = new RecordStream() {
            @Override
            public Limits limits() {
                return new Limits(500, 5 << 20, 1 << 20);
            }

            @Override
            public Map<Integer, String> put(List<Entry> batch, Duration timeout) {
                for (Entry entry : batch) {
                    Matcher matcher = ID.matcher(EventObjects.expanded(entry.data()));
                    while (matcher.find()) {
                        uids.add(matcher.group(1));
                    }
                }
                return Map.of();
            }
        };
        StreamSink sink = new StreamSink(stream, new SameThread(), () -> Long.MAX_VALUE, millis -> {}, 1_000, job.id());
        Replayer.Report silent = new Replayer.Report() {
            @Override
            public void unreadable(String key, String reason) {
                throw new AssertionError(key + ": " + reason);
            }

            @Override
            public void problem(Problem problem) {
                throw new AssertionError(problem);
            }

            @Override
            public void progress(long events, String where) {}
        };
        assertThat(new Replayer(EventObjects.chains(store), sink, silent, () -> Long.MAX_VALUE)
                        .events(job, Position.START))
                .isEmpty();
        return uids;
    }
}
