package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.s3.Bucket;
import software.constructs.Construct;

/** Rules about objects that are made, which S3 tells EventBridge of. */
final class ObjectCreated {
    private ObjectCreated() {}

    /** A rule about the objects of a bucket below a prefix. */
    static CfnRule.Builder rule(Construct scope, String id, String description, Bucket bucket, String prefix) {
        return CfnRule.Builder.create(scope, id)
                .description(description)
                .eventPattern(Map.of(
                        "source",
                        List.of("aws.s3"),
                        "detail-type",
                        List.of("Object Created"),
                        "detail",
                        Map.of(
                                "bucket",
                                Map.of("name", List.of(bucket.getBucketName())),
                                "object",
                                Map.of("key", List.of(Map.of("prefix", prefix))))))
                .state("ENABLED");
    }
}
