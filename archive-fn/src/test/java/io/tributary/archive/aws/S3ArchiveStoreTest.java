package io.tributary.archive.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Upload;
import io.tributary.archive.ArchiveStoreContract;
import io.tributary.archive.Lock;
import io.tributary.archive.StorageClass;
import io.tributary.archive.aws.S3ArchiveStore.Request;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

class S3ArchiveStoreTest extends ArchiveStoreContract {
    private static S3Mock s3;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        s3 = new S3Mock();
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @Override
    protected ArchiveStore store() {
        return new S3ArchiveStore(s3.client(), s3.bucket(), s3.executor());
    }

    @Test
    void whatIsLockedSaysSoAndVersionsAreTold() throws IOException {
        String bucket = "locked-" + UUID.randomUUID();
        s3.client().createBucket(create -> create.bucket(bucket).objectLockEnabledForBucket(true));
        s3.client()
                .putBucketVersioning(put -> put.bucket(bucket)
                        .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        List<String> locks = new ArrayList<>();
        ExecutionInterceptor listening = new ExecutionInterceptor() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
                context.httpRequest()
                        .firstMatchingHeader("x-amz-object-lock-mode")
                        .ifPresent(mode -> locks.add(mode + " "
                                + context.httpRequest()
                                        .firstMatchingHeader("x-amz-object-lock-retain-until-date")
                                        .orElse("")));
            }
        };
        ArchiveStore store = new S3ArchiveStore(s3.client(listening), bucket, s3.executor());
        Lock lock = new Lock(Lock.Mode.COMPLIANCE, Instant.parse("2046-01-01T00:00:00Z"));
        try (Upload upload = store.upload("part", StorageClass.GLACIER_IR, Optional.of(lock))) {
            upload.write(new byte[] {1, 2, 3}, 0, 3);
            upload.complete();
        }
        store.create("manifest", new byte[] {4}, Optional.of(lock));
        // S3Mock keeps no lock of an upload in parts, so what it was told counts
        assertThat(locks).containsExactly("COMPLIANCE 2046-01-01T00:00:00Z", "COMPLIANCE 2046-01-01T00:00:00Z");
        ArchiveStore.Entry entry = store.find("part").orElseThrow();
        try (ArchiveStore.Content in = store.open("part", entry.etag(), 0, 3)) {
            assertThat(in.version()).isNotEmpty();
        }
    }

    @Test
    void requestsAreCountedAsS3ChargesForThem() throws IOException {
        S3ArchiveStore store = new S3ArchiveStore(s3.client(), s3.bucket(), s3.executor());
        store.create("a", new byte[] {1});
        store.find("a");
        store.list("", "");
        store.delete(List.of("a", "b"));
        assertThat(store.requests())
                .containsEntry(Request.WRITE, 2L)
                .containsEntry(Request.READ, 1L)
                .containsEntry(Request.DELETE, 1L)
                .containsEntry(Request.RESTORE, 0L);
    }
}
