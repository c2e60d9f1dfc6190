package io.tributary.infra;

import io.tributary.archive.lifecycle.Lifecycle;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.CfnBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectLockRetention;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/**
 * The key, and the buckets: the archive, the heads of its chains, the organization's trail, work, and the log of who touched them.
 *
 * <p>Nobody deletes a version in the buckets of the archive, the heads and the trail, nor lifts a lock: their policies deny it to everybody.
 * S3's lifecycle rules, which are no principal, go on. Who wants to get rid of a bucket takes that out of its policy first, which
 * CloudTrail records.
 *
 * <p>All of it stays when its stack goes, but for a stack that fails while it is made.
 */
final class Storage extends Construct {
    static final String TRAIL = "tributary";
    static final String ALIAS = "alias/tributary";
    static final String ARCHIVE = "archive";
    static final String TRAIL_FILES = "trail";
    static final String CHAIN_HEADS = "chain-heads";
    static final String WORK = "work";
    static final String ACCESS = "access";

    /** What holds data stays, but for what a deployment that fails has made, which the next one makes again. */
    static final RemovalPolicy KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

    private static final int WORK_DAYS = 7;

    /** S3's limit of a default retention. */
    private static final int LONGEST_LOCK_DAYS = 36_500;

    private final Key key;
    private final Bucket access;
    private final Bucket archive;
    private final Bucket chainHeads;
    private final Bucket trail;
    private final Bucket work;

    Storage(Construct scope, String id, Settings settings) {
        super(scope, id);
        key = Key.Builder.create(this, "Key")
                .description("Tributary: the log stream, the archive, queues and topics")
                .enableKeyRotation(true)
                .removalPolicy(KEPT)
                .build();
        // it tells which key the buckets need that a stack left behind
        key.addAlias(ALIAS).applyRemovalPolicy(KEPT);
        allowServices(settings);
        access = Bucket.Builder.create(this, "AccessLogs")
                .bucketName(name(ACCESS, settings))
                .encryption(BucketEncryption.S3_MANAGED)
                .enforceSsl(true)
                .minimumTlsVersion(1.2)
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .versioned(true)
                .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
                .lifecycleRules(List.of(LifecycleRule.builder()
                        .expiration(Duration.days(365))
                        .noncurrentVersionExpiration(Duration.days(30))
                        .build()))
                .removalPolicy(KEPT)
                .build();
        archive = telling(bucket("Archive", ARCHIVE, settings)
                // lifecycle rules are the archive function's: it reconciles them with the policy
                .objectLockEnabled(settings.isLocked())
                .build());
        keepVersions(archive);
        trail = telling(bucket("Trail", TRAIL_FILES, settings)
                .objectLockEnabled(settings.isLocked())
                .build());
        keepVersions(trail);
        Duration headRetention =
                Duration.days(Math.min(LONGEST_LOCK_DAYS, Lifecycle.headDays(settings.archivePolicy())));
        chainHeads = bucket("ChainHeads", CHAIN_HEADS, settings)
                .objectLockEnabled(true)
                .objectLockDefaultRetention(ObjectLockRetention.governance(headRetention))
                .lifecycleRules(List.of(LifecycleRule.builder()
                        .expiration(headRetention)
                        .noncurrentVersionExpiration(Duration.days(1))
                        .build()))
                .build();
        keepVersions(chainHeads);
        keepCurrent(chainHeads, settings);
        work = bucket("Work", WORK, settings)
                .lifecycleRules(List.of(LifecycleRule.builder()
                        .expiration(Duration.days(WORK_DAYS))
                        .noncurrentVersionExpiration(Duration.days(1))
                        .abortIncompleteMultipartUploadAfter(Duration.days(1))
                        .build()))
                .build();
        allowTrail(settings);
    }

    private Bucket.Builder bucket(String id, String what, Settings settings) {
        return Bucket.Builder.create(this, id)
                .bucketName(name(what, settings))
                .encryption(BucketEncryption.KMS)
                .encryptionKey(key)
                .bucketKeyEnabled(true)
                .enforceSsl(true)
                .minimumTlsVersion(1.2)
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
                .versioned(true)
                .serverAccessLogsBucket(access)
                .serverAccessLogsPrefix(what + "/")
                .removalPolicy(KEPT);
    }

    /** A bucket that tells EventBridge of its objects. */
    private static Bucket telling(Bucket bucket) {
        // the construct's own switch brings a function of the CDK's along
        ((CfnBucket) bucket.getNode().getDefaultChild())
                .setNotificationConfiguration(CfnBucket.NotificationConfigurationProperty.builder()
                        .eventBridgeConfiguration(CfnBucket.EventBridgeConfigurationProperty.builder()
                                .eventBridgeEnabled(true)
                                .build())
                        .build());
        return bucket;
    }

    private static void keepVersions(Bucket bucket) {
        bucket.addToResourcePolicy(PolicyStatement.Builder.create()
                .sid("KeepVersions")
                .effect(Effect.DENY)
                .principals(List.of(new AnyPrincipal()))
                .actions(List.of("s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"))
                .resources(List.of(bucket.arnForObjects("*")))
                .build());
        bucket.addToResourcePolicy(PolicyStatement.Builder.create()
                .sid("KeepLegalHolds")
                .effect(Effect.DENY)
                .principals(List.of(new AnyPrincipal()))
                .actions(List.of("s3:PutObjectLegalHold"))
                .resources(List.of(bucket.arnForObjects("*")))
                .conditions(Map.of("StringEquals", Map.of("s3:object-lock-legal-hold", "OFF")))
                .build());
    }

    /** Nobody hides an object, either: not by a marker of deletion, nor by rules that make one, which are the stack's alone. */
    private static void keepCurrent(Bucket bucket, Settings settings) {
        bucket.addToResourcePolicy(PolicyStatement.Builder.create()
                .sid("KeepCurrent")
                .effect(Effect.DENY)
                .principals(List.of(new AnyPrincipal()))
                .actions(List.of("s3:DeleteObject"))
                .resources(List.of(bucket.arnForObjects("*")))
                .build());
        // a head is made once: who may put objects replaces none
        bucket.addToResourcePolicy(PolicyStatement.Builder.create()
                .sid("KeepFirst")
                .effect(Effect.DENY)
                .principals(List.of(new AnyPrincipal()))
                .actions(List.of("s3:PutObject"))
                .resources(List.of(bucket.arnForObjects("*")))
                .conditions(Map.of(
                        "Null", Map.of("s3:if-none-match", "true"),
                        "Bool", Map.of("s3:ObjectCreationOperation", "true")))
                .build());
        bucket.addToResourcePolicy(PolicyStatement.Builder.create()
                .sid("KeepRules")
                .effect(Effect.DENY)
                .principals(List.of(new AnyPrincipal()))
                .actions(List.of("s3:PutLifecycleConfiguration"))
                .resources(List.of(bucket.getBucketArn()))
                .conditions(Map.of(
                        "ArnNotLike",
                        Map.of(
                                "aws:PrincipalArn",
                                "arn:" + Aws.PARTITION + ":iam::" + settings.logging()
                                        + ":role/cdk-*-cfn-exec-role-*")))
                .build());
    }

    private void allowServices(Settings settings) {
        key.addToResourcePolicy(statement("LogGroups", Policies.regionalLogs())
                .actions(List.of(
                        "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"))
                .conditions(Map.of(
                        "ArnLike",
                        Map.of(
                                "kms:EncryptionContext:aws:logs:arn",
                                "arn:" + Aws.PARTITION + ":logs:" + Aws.REGION + ":" + Aws.ACCOUNT_ID + ":*")))
                .build());
        // AWS documents no condition for what EventBridge sends to encrypted queues, and that it names no account on
        // the
        // way to topics; the queues' policies are what keeps other accounts' rules away
        key.addToResourcePolicy(statement("Events", "events.amazonaws.com")
                .actions(List.of("kms:Decrypt", "kms:GenerateDataKey"))
                .conditions(Map.of("StringEqualsIfExists", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID)))
                .build());
        key.addToResourcePolicy(statement("Alarms", "cloudwatch.amazonaws.com")
                .actions(List.of("kms:Decrypt", "kms:GenerateDataKey*"))
                .conditions(Map.of("StringEqualsIfExists", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID)))
                .build());
        key.addToResourcePolicy(statement("Trail", "cloudtrail.amazonaws.com")
                .actions(List.of("kms:GenerateDataKey*"))
                .conditions(Map.of("StringEquals", Map.of("aws:SourceArn", trailArn(settings))))
                .build());
        // a trail is made only if CloudTrail may decrypt, too, where the bucket has a key of its own
        key.addToResourcePolicy(statement("TrailKey", "cloudtrail.amazonaws.com")
                .actions(List.of("kms:Decrypt", "kms:DescribeKey"))
                .conditions(Map.of("StringEqualsIfExists", Map.of("aws:SourceArn", trailArn(settings))))
                .build());
    }

    private static PolicyStatement.Builder statement(String sid, String service) {
        return PolicyStatement.Builder.create()
                .sid(sid)
                .effect(Effect.ALLOW)
                .principals(List.of(new ServicePrincipal(service)))
                // of the key itself
                .resources(List.of("*"));
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

    /** The organization's trail, of which this stack is made first; it is the management account's, whoever makes it. */
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

    /** Where the ends of the manifests' chains are kept, which nobody may delete. */
    Bucket chainHeads() {
        return chainHeads;
    }

    Bucket trail() {
        return trail;
    }

    /** What is of use for days only: results of queries, files on their way to a destination. */
    Bucket work() {
        return work;
    }
}
