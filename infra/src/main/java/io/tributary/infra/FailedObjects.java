package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * What could not be processed, delivered or compacted ends below {@code failed/} in the archive bucket, whoever writes it there. S3 tells
 * EventBridge of every such object: a queue keeps its name for two weeks, and an alarm counts them.
 */
final class FailedObjects extends Construct {
    static final String PREFIX = "failed/";

    private final CfnRule rule;

    /** @param undelivered where EventBridge puts what the queue does not take */
    FailedObjects(Construct scope, String id, Storage storage, Queue undelivered) {
        super(scope, id);
        Queue queue = Queue.Builder.create(this, "Queue")
                .encryption(QueueEncryption.KMS)
                .encryptionMasterKey(storage.key())
                .enforceSsl(true)
                .retentionPeriod(Duration.days(14))
                .build();
        rule = ObjectCreated.rule(this, "Written", "Objects of what failed", storage.archive(), PREFIX)
                .targets(List.of(CfnRule.TargetProperty.builder()
                        .id("queue")
                        .arn(queue.getQueueArn())
                        .deadLetterConfig(CfnRule.DeadLetterConfigProperty.builder()
                                .arn(undelivered.getQueueArn())
                                .build())
                        .build()))
                .build();
        Policies.allowRule(queue, rule.getAttrArn());
        Policies.allowRule(undelivered, rule.getAttrArn());
    }

    /** The dimensions of the rule's metrics: it is on the default bus. */
    Map<String, String> dimensions() {
        return Map.of("RuleName", rule.getRef());
    }
}
