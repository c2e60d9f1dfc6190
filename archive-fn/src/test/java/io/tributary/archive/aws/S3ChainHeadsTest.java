package io.tributary.archive.aws;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ChainHeadsContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3ChainHeadsTest extends ChainHeadsContract {
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
}
