package io.tributary.local.pipeline.aws;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.TransitionStorageClass;

/** A bucket with lifecycle rules: {@code raw/} goes to STANDARD_IA after 30 days and expires after 90, {@code archive/} to DEEP_ARCHIVE. */
final class RuledBucket implements S3Client {
    final Map<String, Instant> objects = new TreeMap<>();

    @Override
    public GetBucketLifecycleConfigurationResponse getBucketLifecycleConfiguration(
            GetBucketLifecycleConfigurationRequest request) {
        return GetBucketLifecycleConfigurationResponse.builder()
                .rules(
                        rule("raw/", TransitionStorageClass.STANDARD_IA, 30)
                                .expiration(expiration -> expiration.days(90))
                                .build(),
                        rule("archive/", TransitionStorageClass.DEEP_ARCHIVE, 90)
                                .build(),
                        rule("", TransitionStorageClass.DEEP_ARCHIVE, 1)
                                .status(ExpirationStatus.DISABLED)
                                .build())
                .build();
    }

    private static LifecycleRule.Builder rule(String prefix, TransitionStorageClass storageClass, int days) {
        return LifecycleRule.builder()
                .status(ExpirationStatus.ENABLED)
                .filter(filter -> filter.prefix(prefix))
                .transitions(transition -> transition.storageClass(storageClass).days(days));
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        return ListObjectsV2Response.builder()
                .contents(objects.entrySet().stream()
                        .filter(object -> object.getKey().startsWith(request.prefix()))
                        .map(object -> S3Object.builder()
                                .key(object.getKey())
                                .lastModified(object.getValue())
                                .build())
                        .toList())
                .build();
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        objects.remove(request.key());
        return DeleteObjectResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
