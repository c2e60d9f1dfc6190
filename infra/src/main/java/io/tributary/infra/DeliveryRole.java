package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream.CloudWatchLoggingOptionsProperty;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.LogStream;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** Who a Firehose stream is, and where it says what went wrong. It may write to the archive bucket. */
final class DeliveryRole extends Construct {
    private final Role role;
    private final CloudWatchLoggingOptionsProperty logging;

    DeliveryRole(Construct scope, String id, String stream, Storage storage) {
        super(scope, id);
        LogGroup logs = LogGroup.Builder.create(this, "Logs")
                .logGroupName("/tributary/firehose/" + stream)
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
                // for streams of this account only
                .assumedBy(ServicePrincipal.Builder.create("firehose.amazonaws.com")
                        .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID)))
                        .build())
                .build();
        storage.archive().grantReadWrite(role);
        role.addToPolicy(PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .actions(List.of("logs:PutLogEvents"))
                .resources(List.of(logs.getLogGroupArn()))
                .build());
        logging = CloudWatchLoggingOptionsProperty.builder()
                .enabled(true)
                .logGroupName(logs.getLogGroupName())
                .logStreamName(errors.getLogStreamName())
                .build();
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
