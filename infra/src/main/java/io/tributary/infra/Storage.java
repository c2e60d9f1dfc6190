package io.tributary.infra;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.CfnBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/** The key, and the buckets: the archive, the organization's trail, and the log of who touched them. */
final class Storage extends Construct {
    static final String TRAIL = "tributary";
    static final String ALIAS = "tributary";

    private static final int WORK_DAYS = 7;

    private final Key key;
    private final Bucket archive;
    private final Bucket trail;
    private final Bucket work;

    Storage(Construct scope, String id, Settings settings) {
        super(scope, id);
        key = Key.Builder.create(this, "Key")
                .description("Tributary: the log stream, the archive, queues and topics")
                .enableKeyRotation(true)
                .alias(ALIAS)
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
        allowServices(settings);
        Bucket access = Bucket.Builder.create(this, "AccessLogs")
                .encryption(BucketEncryption.S3_MANAGED)
                .enforceSsl(true)
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .versioned(true)
                .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
                .lifecycleRules(List.of(LifecycleRule.builder()
                        .expiration(Duration.days(365))
                        .noncurrentVersionExpiration(Duration.days(30))
                        .build()))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
        archive = bucket("Archive", access, settings);
        trail = bucket("Trail", access, settings);
        work = Bucket.Builder.create(this, "Work")
                .bucketName(name("work", settings))
                .encryption(BucketEncryption.KMS)
                .encryptionKey(key)
                .bucketKeyEnabled(true)
                .enforceSsl(true)
                .minimumTlsVersion(1.2)
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
                .versioned(true)
                .serverAccessLogsBucket(access)
                .serverAccessLogsPrefix("work/")
                .lifecycleRules(List.of(LifecycleRule.builder()
                        .expiration(Duration.days(WORK_DAYS))
                        .noncurrentVersionExpiration(Duration.days(1))
                        .abortIncompleteMultipartUploadAfter(Duration.days(1))
                        .build()))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
        allowTrail(settings);
    }

    private Bucket bucket(String id, Bucket access, Settings settings) {
        Bucket bucket = Bucket.Builder.create(this, id)
                .bucketName(name(id.toLowerCase(Locale.ROOT), settings))
                .encryption(BucketEncryption.KMS)
                .encryptionKey(key)
                .bucketKeyEnabled(true)
                .enforceSsl(true)
                .minimumTlsVersion(1.2)
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
                .versioned(true)
                .objectLockEnabled(settings.isLocked())
                .serverAccessLogsBucket(access)
                .serverAccessLogsPrefix(id.toLowerCase(Locale.ROOT) + "/")
                // lifecycle rules are the archive function's: it reconciles them with the policy
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
        // the construct's own switch brings a function of the CDK's along
        ((CfnBucket) bucket.getNode().getDefaultChild())
                .setNotificationConfiguration(CfnBucket.NotificationConfigurationProperty.builder()
                        .eventBridgeConfiguration(CfnBucket.EventBridgeConfigurationProperty.builder()
                                .eventBridgeEnabled(true)
                                .build())
                        .build());
        return bucket;
    }

    private void allowServices(Settings settings) {
        key.addToResourcePolicy(PolicyStatement.Builder.create()
                .sid("LogGroups")
                .effect(Effect.ALLOW)
                .principals(List.of(new ServicePrincipal("logs." + Aws.REGION + ".amazonaws.com")))
                .actions(List.of(
                        "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"))
                .resources(List.of("*"))
                .conditions(Map.of(
                        "ArnLike",
                        Map.of(
                                "kms:EncryptionContext:aws:logs:arn",
                                "arn:" + Aws.PARTITION + ":logs:" + Aws.REGION + ":" + Aws.ACCOUNT_ID + ":*")))
                .build());
        key.addToResourcePolicy(PolicyStatement.Builder.create()
                .sid("Events")
                .effect(Effect.ALLOW)
                .principals(List.of(
                        new ServicePrincipal("events.amazonaws.com"),
                        new ServicePrincipal("sns.amazonaws.com"),
                        new ServicePrincipal("cloudwatch.amazonaws.com")))
                .actions(List.of("kms:Decrypt", "kms:GenerateDataKey"))
                .resources(List.of("*"))
                .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID)))
                .build());
        key.addToResourcePolicy(PolicyStatement.Builder.create()
                .sid("Trail")
                .effect(Effect.ALLOW)
                .principals(List.of(new ServicePrincipal("cloudtrail.amazonaws.com")))
                .actions(List.of("kms:GenerateDataKey*", "kms:DescribeKey"))
                .resources(List.of("*"))
                .conditions(Map.of("StringEquals", Map.of("aws:SourceArn", trailArn(settings))))
                .build());
    }

    private void allowTrail(Settings settings) {
        Map<String, Object> fromTrail = Map.of("StringEquals", Map.of("aws:SourceArn", trailArn(settings)));
        ServicePrincipal cloudTrail = new ServicePrincipal("cloudtrail.amazonaws.com");
        trail.addToResourcePolicy(PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .principals(List.of(cloudTrail))
                .actions(List.of("s3:GetBucketAcl"))
                .resources(List.of(trail.getBucketArn()))
                .conditions(fromTrail)
                .build());
        trail.addToResourcePolicy(PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .principals(List.of(cloudTrail))
                .actions(List.of("s3:PutObject"))
                .resources(List.of(
                        trail.arnForObjects("cloudtrail/AWSLogs/" + settings.organization() + "/*"),
                        trail.arnForObjects("cloudtrail/AWSLogs/" + settings.management() + "/*")))
                .conditions(fromTrail)
                .build());
    }

    /** A bucket's name: other accounts' stacks have to know it before it is made. */
    static String name(String what, Settings settings) {
        return "tributary-" + what + "-" + settings.logging() + "-" + settings.home();
    }

    /** The organization's trail, of which this stack is made first. */
    static String trailArn(Settings settings) {
        return "arn:" + Aws.PARTITION + ":cloudtrail:" + settings.home() + ":" + settings.management() + ":trail/"
                + TRAIL;
    }

    Key key() {
        return key;
    }

    Bucket archive() {
        return archive;
    }

    Bucket trail() {
        return trail;
    }

    /** What is of use for days only: results of queries, files on their way to a destination. */
    Bucket work() {
        return work;
    }
}
