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
import io.tributary.archive.integrity.ArchiveVerifier;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
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
    private static S3Client patient;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        s3 = new S3Mock();
        front = new S3Front(s3.endpoint());
        impatient = front.impatientClient();
        patient = front.client();
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
            String heads = s3.bucket();
            front.faults((number, method, path) -> number == at ? Optional.of(fault) : Optional.empty());
            try {
                compactor(chains(impatient, bucket, heads)).compact(ALL);
            } catch (IOException e) {
                assertThat(e.getMessage()).as("request %d", at).containsAnyOf("s3://" + bucket, "s3://" + heads);
            }
            isReached = front.requests() > at;
            front.faults((number, method, path) -> Optional.empty());
            Chains chains = chains(patient, bucket, heads);
            compactor(chains).compact(ALL);
            assertAllArchivedOnce(chains, fault + " at request " + at);
        }
        assertThat(steps).isGreaterThan(18);
    }

    @Test
    void throttlingNowAndThenIsMetByRepetition() throws IOException {
        Chains chains = chains(patient, filled(), s3.bucket());
        front.faults((number, method, path) -> number % 3 == 0 ? Optional.of(Fault.SLOW_DOWN) : Optional.empty());
        compactor(chains).compact(ALL);
        front.faults((number, method, path) -> Optional.empty());
        assertAllArchivedOnce(chains, "throttled");
    }

    @Test
    void sourcesThatMayNotBeDeletedAreArchivedOnceAndDeletedWhenTheyMay() throws IOException {
        Chains chains = chains(patient, filled(), s3.bucket());
        front.faults((number, method, path) -> method.equals("POST") && path.matches("/[^/]+/?")
                ? Optional.of(Fault.ACCESS_DENIED)
                : Optional.empty());
        for (int run = 0; run < 3; run++) {
            try {
                compactor(chains).compact(ALL);
            } catch (IOException e) {
                assertThat(e.getMessage()).contains("403 AccessDenied");
            }
            assertThat(chains.store().list(PARTITION.loose(), "")).hasSize(OBJECTS);
        }
        front.faults((number, method, path) -> Optional.empty());
        assertThat(compactor(chains).compact(ALL).leftOver()).isEqualTo(OBJECTS);
        assertAllArchivedOnce(chains, "after the permission was given");
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

    /** With heads in a bucket of their own, which fails like the other. */
    private static Chains chains(S3Client client, String bucket, String heads) {
        return new Chains(
                new S3ArchiveStore(client, bucket, s3.executor()),
                new StoredChainHeads(new S3ArchiveStore(client, heads, s3.executor()), "archive"),
                InstantSource.system());
    }

    private static Compactor compactor(Chains chains) {
        return new Compactor(
                chains,
                EventObjects.keeping(StorageClass.GLACIER_IR),
                () -> UUID.randomUUID().toString(),
                new SameThread());
    }

    private static void assertAllArchivedOnce(Chains chains, String when) throws IOException {
        ArchiveStore store = chains.store();
        List<String> uids = new ArrayList<>();
        for (Manifest manifest : EventObjects.manifests(chains, PARTITION)) {
            Entry part = store.find(manifest.part().key()).orElseThrow();
            try (Content in = store.open(part.key(), part.etag(), 0, part.size())) {
                uids.addAll(EventObjects.uids(EventObjects.expanded(in.readAllBytes())));
            }
        }
        assertThat(new TreeSet<>(uids)).as(when).containsExactly("e0", "e1", "e2");
        assertThat(uids).as(when).hasSize(OBJECTS);
        assertThat(store.list(PARTITION.loose(), "")).as(when).isEmpty();
        assertThat(new ArchiveVerifier(chains).verify(PARTITION, true).problems())
                .as(when)
                .isEmpty();
    }
}
