package io.tributary.local.pipeline.aws;

import io.tributary.archive.StorageClass;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Transition;

/**
 * Does what S3 does at midnight, which S3Mock does not: objects change their class and expire as the bucket's own lifecycle rules say, but
 * with days of another length. The class follows from an object's age each time that it is asked for, so that ETag and time stay what
 * they were.
 */
public final class LifecycleClock {
    private final S3Client s3;
    private final String bucket;
    private final Duration day;
    private final InstantSource clock;
    private volatile List<LifecycleRule> rules = List.of();

    /**
     * A clock.
     *
     * @param s3 the S3 that knows nothing of time
     * @param day how long a day takes
     */
    public LifecycleClock(S3Client s3, String bucket, Duration day, InstantSource clock) {
        this.s3 = s3;
        this.bucket = bucket;
        this.day = day;
        this.clock = clock;
    }

    /** Reads the bucket's rules, and deletes what has expired. */
    public void tick() {
        try {
            rules = s3.getBucketLifecycleConfiguration(request -> request.bucket(bucket)).rules().stream()
                    .filter(rule -> rule.status() == ExpirationStatus.ENABLED)
                    .toList();
        } catch (SdkException e) {
            // a bucket without rules
            rules = List.of();
        }
        for (LifecycleRule rule : rules) {
            if (rule.expiration() != null && rule.expiration().days() != null) {
                for (S3Object object : s3.listObjectsV2Paginator(
                                request -> request.bucket(bucket).prefix(prefix(rule)))
                        .contents()) {
                    if (days(object.lastModified()) >= rule.expiration().days()) {
                        s3.deleteObject(request -> request.bucket(bucket).key(object.key()));
                    }
                }
            }
        }
    }

    /**
     * The class that an object is in now.
     *
     * @param stored the class that it was written in; empty for the standard one
     */
    String storageClass(String key, Instant modified, String stored) {
        StorageClass now = stored.isEmpty() ? StorageClass.STANDARD : StorageClass.valueOf(stored);
        for (LifecycleRule rule : rules) {
            if (key.startsWith(prefix(rule))) {
                for (Transition transition : rule.transitions()) {
                    StorageClass then = StorageClass.valueOf(transition.storageClassAsString());
                    // objects only ever go down
                    if (then.compareTo(now) > 0 && transition.days() != null && days(modified) >= transition.days()) {
                        now = then;
                    }
                }
            }
        }
        return now.name();
    }

    private static String prefix(LifecycleRule rule) {
        return Optional.ofNullable(rule.filter())
                .map(filter -> Optional.ofNullable(filter.prefix()).orElse(""))
                .orElse("");
    }

    private long days(Instant since) {
        return Duration.between(since, clock.instant()).dividedBy(day);
    }
}
