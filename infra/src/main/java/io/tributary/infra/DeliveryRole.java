package io.tributary.infra;

import java.util.Arrays;
import java.util.List;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream.CloudWatchLoggingOptionsProperty;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.LogStream;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.Bucket;
import software.constructs.Construct;

/**
 * Who a Firehose stream is, and where it says what went wrong. It adds objects below prefixes of its own, and can neither delete nor lock
 * any.
 *
 * @see <a href="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3">What Firehose needs of S3</a>
 */
final class DeliveryRole extends Construct {
    /** What the log groups of Firehose streams begin with. */
    static final String LOG_GROUPS = "/tributary/firehose/";

    private final Storage storage;
    private final Role role;
    private final CloudWatchLoggingOptionsProperty logging;

    DeliveryRole(Construct scope, String id, String stream, Storage storage) {
        super(scope, id);
        this.storage = storage;
        LogGroup logs = LogGroup.Builder.create(this, "Logs")
                .logGroupName(LOG_GROUPS + stream)
                .retention(RetentionDays.THREE_MONTHS)
                .encryptionKey(storage.key())
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        LogStream errors = LogStream.Builder.create(this, "Errors")
                .logGroup(logs)
                .logStreamName("errors")
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        role = Role.Builder.create(this, "Role")
                .assumedBy(Policies.onOurBehalf("firehose.amazonaws.com"))
                .build();
        role.addToPolicy(Policies.allowing(List.of("logs:PutLogEvents"), List.of(logs.getLogGroupArn())));
        logging = CloudWatchLoggingOptionsProperty.builder()
                .enabled(true)
                .logGroupName(logs.getLogGroupName())
                .logStreamName(errors.getLogStreamName())
                .build();
    }

    /** Lets the stream add objects below prefixes of a bucket, each with its slash. */
    DeliveryRole writingTo(Bucket bucket, String... prefixes) {
        role.addToPolicy(Policies.allowing(
                List.of("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
                List.of(bucket.getBucketArn())));
        role.addToPolicy(Policies.allowing(
                List.of("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"),
                Arrays.stream(prefixes)
                        .map(prefix -> bucket.arnForObjects(prefix + "*"))
                        .toList()));
        role.addToPolicy(Policies.allowing(
                List.of("kms:Decrypt", "kms:GenerateDataKey"),
                List.of(storage.key().getKeyArn())));
        return this;
    }

    /** The ARN of a Firehose stream of this account and Region. */
    static String streamArn(String name) {
        return "arn:" + Aws.PARTITION + ":firehose:" + Aws.REGION + ":" + Aws.ACCOUNT_ID + ":deliverystream/" + name;
    }

    Role role() {
        return role;
    }

    CloudWatchLoggingOptionsProperty logging() {
        return logging;
    }
}
