package io.tributary.archive.aws;

import io.tributary.archive.StorageClass;
import io.tributary.archive.lifecycle.LifecycleRule;
import io.tributary.archive.lifecycle.Reconciliation;
import io.tributary.archive.policy.ClassChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Transition;

/**
 * The lifecycle rules of a bucket. S3 knows only all of them at once, so those of others are read and written back as they are.
 */
public final class S3Lifecycle {
    private static final int NOT_FOUND = 404;

    private final S3Client client;
    private final String bucket;

    public S3Lifecycle(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** How the bucket differs from what is wanted. */
    public Reconciliation compare(List<LifecycleRule> wanted) throws IOException {
        return compare(read(), wanted);
    }

    private static Reconciliation compare(
            List<software.amazon.awssdk.services.s3.model.LifecycleRule> rules, List<LifecycleRule> wanted) {
        List<LifecycleRule> ours = rules.stream()
                .filter(S3Lifecycle::isOurs)
                .map(S3Lifecycle::rule)
                .toList();
        return Reconciliation.of(ours, rules.size() - ours.size(), wanted);
    }

    /** Makes the bucket as it is wanted; where it is so already nothing is written. */
    public Reconciliation apply(List<LifecycleRule> wanted) throws IOException {
        List<software.amazon.awssdk.services.s3.model.LifecycleRule> rules = read();
        Reconciliation difference = compare(rules, wanted);
        if (difference.isNothing()) {
            return difference;
        }
        List<software.amazon.awssdk.services.s3.model.LifecycleRule> all = new ArrayList<>();
        rules.stream().filter(rule -> !isOurs(rule)).forEach(all::add);
        wanted.forEach(rule -> all.add(rule(rule)));
        try {
            client.putBucketLifecycleConfiguration(
                    put -> put.bucket(bucket).lifecycleConfiguration(configuration -> configuration.rules(all)));
        } catch (SdkException e) {
            throw new IOException("the lifecycle rules of " + bucket + " cannot be written: " + e.getMessage(), e);
        }
        return difference;
    }

    private List<software.amazon.awssdk.services.s3.model.LifecycleRule> read() throws IOException {
        try {
            return client.getBucketLifecycleConfiguration(get -> get.bucket(bucket))
                    .rules();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND
                    && !"NoSuchBucket".equals(e.awsErrorDetails().errorCode())) {
                return List.of();
            }
            throw new IOException("the lifecycle rules of " + bucket + " cannot be read: " + e.getMessage(), e);
        } catch (SdkException e) {
            throw new IOException("the lifecycle rules of " + bucket + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isOurs(software.amazon.awssdk.services.s3.model.LifecycleRule rule) {
        return rule.id() != null && rule.id().startsWith(LifecycleRule.OURS);
    }

    private static LifecycleRule rule(software.amazon.awssdk.services.s3.model.LifecycleRule rule) {
        return new LifecycleRule(
                // a rule that somebody has switched off is not the one that is wanted
                rule.status() == ExpirationStatus.ENABLED ? rule.id() : rule.id() + " (disabled)",
                rule.filter() == null || rule.filter().prefix() == null
                        ? ""
                        : rule.filter().prefix(),
                rule.transitions().stream()
                        .map(transition -> new ClassChange(
                                StorageClass.valueOf(transition.storageClassAsString()), number(transition.days())))
                        .toList(),
                rule.expiration() == null ? 0 : number(rule.expiration().days()),
                rule.noncurrentVersionExpiration() == null
                        ? 0
                        : number(rule.noncurrentVersionExpiration().noncurrentDays()),
                rule.abortIncompleteMultipartUpload() == null
                        ? 0
                        : number(rule.abortIncompleteMultipartUpload().daysAfterInitiation()),
                rule.expiration() != null
                        && Boolean.TRUE.equals(rule.expiration().expiredObjectDeleteMarker()));
    }

    private static int number(Integer value) {
        return value == null ? 0 : value;
    }

    private static software.amazon.awssdk.services.s3.model.LifecycleRule rule(LifecycleRule rule) {
        var builder = software.amazon.awssdk.services.s3.model.LifecycleRule.builder()
                .id(rule.id())
                .status(ExpirationStatus.ENABLED)
                .filter(filter -> filter.prefix(rule.prefix()));
        if (!rule.transitions().isEmpty()) {
            builder.transitions(rule.transitions().stream()
                    .map(change -> Transition.builder()
                            .storageClass(change.storageClass().name())
                            .days(change.afterDays())
                            .build())
                    .toList());
        }
        if (rule.expireDays() > 0) {
            builder.expiration(expiration -> expiration.days(rule.expireDays()));
        } else if (rule.isForMarkers()) {
            builder.expiration(expiration -> expiration.expiredObjectDeleteMarker(true));
        }
        if (rule.noncurrentDays() > 0) {
            builder.noncurrentVersionExpiration(noncurrent -> noncurrent.noncurrentDays(rule.noncurrentDays()));
        }
        if (rule.abortDays() > 0) {
            builder.abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(rule.abortDays()));
        }
        return builder.build();
    }
}
