package io.tributary.local.pipeline.stream;

import io.tributary.local.pipeline.Counts;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The archive bucket, as Firehose writes to it: until it succeeds.
 *
 * @param counts what was written
 */
public record Bucket(S3Client s3, String name, Counts counts) {
    private static final long LONGEST_PAUSE = 5_000;

    /** Writes an object; waits and repeats for as long as S3 refuses. */
    void put(String key, byte[] data) throws InterruptedException {
        for (long pause = 100; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
            try {
                s3.putObject(request -> request.bucket(name).key(key), RequestBody.fromBytes(data));
                counts.add("s3.objects", 1);
                counts.add("s3.bytes", data.length);
                return;
            } catch (SdkException e) {
                counts.add("s3.retries", 1);
                TimeUnit.MILLISECONDS.sleep(pause);
            }
        }
    }
}
