package io.tributary.archive.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Content;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.EventObjects;
import io.tributary.archive.Partition;
import io.tributary.archive.StorageClass;
import io.tributary.archive.aws.S3ArchiveStore;
import io.tributary.archive.aws.S3Front;
import io.tributary.archive.aws.S3Front.Fault;
import io.tributary.archive.aws.S3Mock;
import io.tributary.archive.compaction.Compactor.Keeping;
import io.tributary.archive.integrity.ArchiveVerifier;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Compaction over HTTP, while S3 refuses, throttles or answers too late, at every single request. */
class CompactionFaultsTest {
    private static final Partition PARTITION = new Partition("cloudtrail", LocalDate.parse("2026-03-01"));
    private static final WorkItem ALL = new WorkItem(PARTITION, PARTITION.loose(), PARTITION.loose() + "~");
    private static final int OBJECTS = 3;

    private static S3Mock s3;
    private static S3Front front;
    private static S3Client impatient;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        s3 = new S3Mock();
        front = new S3Front(s3.endpoint());
        impatient = front.impatientClient();
    }

    @AfterAll
    static void stop() {
        front.close();
        s3.close();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFaultOfAnyRequestLosesNothingAndArchivesNothingTwice(Fault fault) throws IOException {
        int steps = 0;
        for (boolean isReached = true; isReached; steps++) {
            int at = steps;
            String bucket = filled();
            ArchiveStore store = new S3ArchiveStore(impatient, bucket, s3.executor());
            front.faults((number, method, path) -> number == at ? Optional.of(fault) : Optional.empty());
            try {
                compactor(store).compact(ALL);
            } catch (IOException e) {
                assertThat(e.getMessage()).as("request %d", at).contains("s3://" + bucket);
            }
            isReached = front.requests() > at;
            front.faults((number, method, path) -> Optional.empty());
            compactor(store).compact(ALL);
            assertAllArchivedOnce(store, fault + " at request " + at);
        }
        assertThat(steps).isGreaterThan(15);
    }

    @Test
    void throttlingNowAndThenIsMetByRepetition() throws IOException {
        ArchiveStore store = new S3ArchiveStore(front.client(), filled(), s3.executor());
        front.faults((number, method, path) -> number % 3 == 0 ? Optional.of(Fault.SLOW_DOWN) : Optional.empty());
        compactor(store).compact(ALL);
        front.faults((number, method, path) -> Optional.empty());
        assertAllArchivedOnce(store, "throttled");
    }

    @Test
    void sourcesThatMayNotBeDeletedAreArchivedOnceAndDeletedWhenTheyMay() throws IOException {
        ArchiveStore store = new S3ArchiveStore(impatient, filled(), s3.executor());
        front.faults((number, method, path) -> method.equals("POST") && path.matches("/[^/]+/?")
                ? Optional.of(Fault.ACCESS_DENIED)
                : Optional.empty());
        for (int run = 0; run < 3; run++) {
            try {
                compactor(store).compact(ALL);
            } catch (IOException e) {
                assertThat(e.getMessage()).contains("403 AccessDenied");
            }
            assertThat(store.list(PARTITION.loose(), "")).hasSize(OBJECTS);
        }
        front.faults((number, method, path) -> Optional.empty());
        assertThat(compactor(store).compact(ALL).leftOver()).isEqualTo(OBJECTS);
        assertAllArchivedOnce(store, "after the permission was given");
    }

    private static String filled() {
        String bucket = s3.bucket();
        for (int i = 0; i < OBJECTS; i++) {
            String key = PARTITION.loose() + "o-" + i;
            byte[] content = EventObjects.member(
                    EventObjects.document("e" + i, "123456789012", Instant.parse("2026-03-01T08:00:00Z")));
            s3.client().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(content));
        }
        return bucket;
    }

    private static Compactor compactor(ArchiveStore store) {
        return new Compactor(
                store,
                new Keeping(StorageClass.GLACIER_IR, Optional.empty()),
                () -> UUID.randomUUID().toString(),
                new SameThread());
    }

    private static void assertAllArchivedOnce(ArchiveStore store, String when) throws IOException {
        List<String> uids = new ArrayList<>();
        for (Manifest manifest : Chain.manifests(store, PARTITION)) {
            Entry part = store.find(manifest.part().key()).orElseThrow();
            try (Content in = store.open(part.key(), part.etag(), 0, part.size())) {
                uids.addAll(EventObjects.uids(EventObjects.expanded(in.readAllBytes())));
            }
        }
        assertThat(new TreeSet<>(uids)).as(when).containsExactly("e0", "e1", "e2");
        assertThat(uids).as(when).hasSize(OBJECTS);
        assertThat(store.list(PARTITION.loose(), "")).as(when).isEmpty();
        assertThat(new ArchiveVerifier(store)
                        .verify(PARTITION, Optional.empty(), true)
                        .problems())
                .as(when)
                .isEmpty();
    }
}
