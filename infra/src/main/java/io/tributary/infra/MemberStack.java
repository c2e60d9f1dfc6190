package io.tributary.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.rule.Rule;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.iam.CfnRole;
import software.amazon.awscdk.services.logs.CfnAccountPolicy;
import software.amazon.awscdk.services.sqs.CfnQueue;
import software.amazon.awscdk.services.sqs.CfnQueuePolicy;
import software.constructs.Construct;

/**
 * What every account has in every Region, by a StackSet: all its log groups are subscribed to the pipeline, but the pipeline's own; and
 * the events that a rule may match are forwarded to the organization's bus.
 */
final class MemberStack extends Stack {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FOURTEEN_DAYS = 14 * 24 * 3_600;

    MemberStack(Construct scope, String id, StackProps properties, Settings settings, List<Rule> rules) {
        super(scope, id, properties);
        subscription(settings);
        forwarding(settings, rules);
        Suppressions.member(this);
    }

    private void subscription(Settings settings) {
        CfnRole sender = CfnRole.Builder.create(this, "Sender")
                .assumeRolePolicyDocument(
                        Policies.trust("logs." + Aws.REGION + ".amazonaws.com", "aws:SourceAccount", Aws.ACCOUNT_ID))
                .policies(List.of(Policies.inline(
                        "send",
                        List.of(Policies.allow(
                                List.of("logs:PutLogEvents"),
                                "arn:" + Aws.PARTITION + ":logs:" + Aws.REGION + ":" + Aws.ACCOUNT_ID
                                        + ":log-group:*")))))
                .build();
        ObjectNode document = JSON.createObjectNode()
                .put(
                        "DestinationArn",
                        "arn:" + Aws.PARTITION + ":logs:" + Aws.REGION + ":" + settings.logging() + ":destination:"
                                + Entrance.DESTINATION)
                .put("RoleArn", sender.getAttrArn())
                .put("FilterPattern", "")
                // by log stream, the default, makes a single shard hot
                .put("Distribution", "Random");
        CfnAccountPolicy.Builder.create(this, "Subscription")
                .policyName("tributary")
                .policyType("SUBSCRIPTION_FILTER_POLICY")
                .scope("ALL")
                // what the pipeline logs about itself must not come back to it
                .selectionCriteria("LogGroupName NOT IN [\"/tributary/transform\",\"/tributary/alert\","
                        + "\"/tributary/archive\",\"/tributary/opensearch\",\"/tributary/firehose/tributary-archive\","
                        + "\"/tributary/firehose/tributary-index\"]")
                .policyDocument(document.toString())
                .build();
    }

    private void forwarding(Settings settings, List<Rule> rules) {
        String bus = "arn:" + Aws.PARTITION + ":events:" + settings.home() + ":" + settings.logging() + ":event-bus/"
                + Alerting.BUS;
        CfnQueue undelivered = CfnQueue.Builder.create(this, "Undelivered")
                .sqsManagedSseEnabled(true)
                .messageRetentionPeriod(FOURTEEN_DAYS)
                .build();
        CfnRole role = CfnRole.Builder.create(this, "Forwarder")
                .assumeRolePolicyDocument(Policies.trust("events.amazonaws.com", "aws:SourceAccount", Aws.ACCOUNT_ID))
                .policies(List.of(Policies.inline("send", List.of(Policies.allow(List.of("events:PutEvents"), bus)))))
                .build();
        int number = 0;
        for (EventPatterns.Deployed deployed : EventPatterns.of(rules)) {
            CfnRule.Builder.create(this, "Forward" + number)
                    .name("tributary-forward-" + number)
                    .eventPattern(JSON.convertValue(deployed.pattern(), Map.class))
                    .state(Alerting.state(deployed))
                    .targets(List.of(CfnRule.TargetProperty.builder()
                            .id("bus")
                            .arn(bus)
                            .roleArn(role.getAttrArn())
                            .deadLetterConfig(CfnRule.DeadLetterConfigProperty.builder()
                                    .arn(undelivered.getAttrArn())
                                    .build())
                            .build()))
                    .build();
            number++;
        }
        CfnQueuePolicy.Builder.create(this, "UndeliveredPolicy")
                .queues(List.of(undelivered.getRef()))
                .policyDocument(Map.of(
                        "Version",
                        "2012-10-17",
                        "Statement",
                        List.of(
                                Map.of(
                                        "Effect",
                                        "Allow",
                                        "Principal",
                                        Map.of("Service", "events.amazonaws.com"),
                                        "Action",
                                        "sqs:SendMessage",
                                        "Resource",
                                        undelivered.getAttrArn(),
                                        "Condition",
                                        Map.of("StringEquals", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID))),
                                Map.of(
                                        "Effect",
                                        "Deny",
                                        "Principal",
                                        "*",
                                        "Action",
                                        "sqs:*",
                                        "Resource",
                                        undelivered.getAttrArn(),
                                        "Condition",
                                        Map.of("Bool", Map.of("aws:SecureTransport", "false"))))))
                .build();
    }
}
