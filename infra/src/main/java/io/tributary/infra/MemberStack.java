package io.tributary.infra;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.pattern.EventPatterns;
import io.tributary.alert.rule.Rule;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnCondition;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.ec2.CfnFlowLog;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.iam.CfnRole;
import software.amazon.awscdk.services.logs.CfnAccountPolicy;
import software.amazon.awscdk.services.logs.CfnLogGroup;
import software.amazon.awscdk.services.logs.CfnSubscriptionFilter;
import software.amazon.awscdk.services.sqs.CfnQueue;
import software.amazon.awscdk.services.sqs.CfnQueuePolicy;
import software.constructs.Construct;

/**
 * What every account has in every Region, by a StackSet: all its log groups are subscribed to the pipeline, but the pipeline's own; and
 * the events that a rule may match are forwarded to the organization's bus.
 */
final class MemberStack extends Stack {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    /** What the log groups of flow logs begin with. */
    static final String VPC_LOGS = "/vpc-flow-logs/";

    private static final String FORWARD = "tributary-forward-";
    private static final int FOURTEEN_DAYS = 14 * 24 * 3_600;

    private final Map<String, CfnCondition> conditions = new HashMap<>();

    /** @param isManagement whether it is the management account's own, which StackSets leave out */
    MemberStack(
            Construct scope,
            String id,
            StackProps properties,
            Settings settings,
            List<Rule> rules,
            boolean isManagement) {
        super(scope, id, properties);
        if (isManagement && settings.isGuardDuty()) {
            GuardDuty.delegate(this, settings);
            Suppressions.guardDuty(this);
        }
        if (!settings.isCentralized()) {
            String senderArn = sender();
            if (settings.logGroups().isEmpty()) {
                subscription(settings, senderArn);
            } else {
                subscriptions(settings, senderArn);
            }
        }
        if (!settings.vpcs().isEmpty()) {
            flowLogs(settings);
        }
        forwarding(settings, rules);
        Suppressions.member(this);
    }

    /** Who CloudWatch Logs is when it sends: a destination that lets an organization in asks for a role. */
    private String sender() {
        CfnRole sender = CfnRole.Builder.create(this, "Sender")
                .assumeRolePolicyDocument(Policies.trustLogs("aws:SourceAccount", Aws.ACCOUNT_ID))
                .policies(List.of(Policies.inline(
                        "send",
                        List.of(Policies.allow(
                                List.of("logs:PutLogEvents"),
                                "arn:" + Aws.PARTITION + ":logs:" + Aws.REGION + ":" + Aws.ACCOUNT_ID
                                        + ":log-group:*")))))
                .build();
        return sender.getAttrArn();
    }

    private static String destination(Settings settings) {
        return "arn:" + Aws.PARTITION + ":logs:" + Aws.REGION + ":" + settings.logging() + ":destination:"
                + Entrance.DESTINATION;
    }

    /** The log groups of a list, each in its account and Region. */
    private void subscriptions(Settings settings, String senderArn) {
        int number = 0;
        for (Settings.Place place : settings.logGroups()) {
            CfnSubscriptionFilter filter = CfnSubscriptionFilter.Builder.create(this, "Subscription" + number)
                    .logGroupName(place.name())
                    .filterName(InfraApp.subscription(Aws.REGION))
                    .filterPattern("")
                    .destinationArn(destination(settings))
                    .roleArn(senderArn)
                    .distribution("Random")
                    // CloudWatch's word for where events are from, which an envelope does not say otherwise
                    .emitSystemFields(List.of("@aws.account", "@aws.region"))
                    .build();
            filter.getCfnOptions().setCondition(here(place));
            number++;
        }
    }

    /** That the stack is in an account and Region: every account has the same template. */
    private CfnCondition here(Settings.Place place) {
        return conditions.computeIfAbsent(
                "In" + place.account() + place.region().replace("-", ""),
                id -> CfnCondition.Builder.create(this, id)
                        .expression(Fn.conditionAnd(
                                Fn.conditionEquals(Aws.ACCOUNT_ID, place.account()),
                                Fn.conditionEquals(Aws.REGION, place.region())))
                        .build());
    }

    /** Flow logs of the VPCs of a list, each in its account and Region. */
    private void flowLogs(Settings settings) {
        CfnRole role = CfnRole.Builder.create(this, "FlowLogsRole")
                .assumeRolePolicyDocument(
                        Policies.trust("vpc-flow-logs.amazonaws.com", "aws:SourceAccount", Aws.ACCOUNT_ID))
                .policies(List.of(Policies.inline(
                        "log",
                        List.of(Policies.allow(
                                List.of("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"),
                                "arn:" + Aws.PARTITION + ":logs:" + Aws.REGION + ":" + Aws.ACCOUNT_ID + ":log-group:"
                                        + VPC_LOGS + "*")))))
                .build();
        int number = 0;
        for (Settings.Place place : settings.vpcs()) {
            CfnCondition here = here(place);
            CfnLogGroup logs = CfnLogGroup.Builder.create(this, "VpcLogs" + number)
                    .logGroupName(VPC_LOGS + place.name())
                    .retentionInDays(7)
                    .build();
            logs.getCfnOptions().setCondition(here);
            CfnFlowLog flowLog = CfnFlowLog.Builder.create(this, "VpcFlowLog" + number)
                    .resourceType("VPC")
                    .resourceId(place.name())
                    .trafficType("ALL")
                    .maxAggregationInterval(60)
                    .logDestinationType("cloud-watch-logs")
                    .logGroupName(logs.getLogGroupName())
                    .deliverLogsPermissionArn(role.getAttrArn())
                    .build();
            flowLog.getNode().addDependency(logs);
            flowLog.getCfnOptions().setCondition(here);
            number++;
        }
    }

    private void subscription(Settings settings, String senderArn) {
        ObjectNode document = JSON.createObjectNode()
                .put("DestinationArn", destination(settings))
                .put("RoleArn", senderArn)
                .put("FilterPattern", "")
                // by log stream, the default, makes a single shard hot
                .put("Distribution", "Random");
        CfnAccountPolicy.Builder.create(this, "Subscription")
                .policyName(InfraApp.subscription(Aws.REGION))
                .policyType("SUBSCRIPTION_FILTER_POLICY")
                .scope("ALL")
                .selectionCriteria(OwnLogs.notSubscribed())
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
        for (EventPatterns.Deployed deployed : EventPatterns.forwarded(rules)) {
            CfnRule.Builder.create(this, "Forward" + number)
                    .name(FORWARD + number)
                    .eventPattern(pattern(deployed))
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
                                        Map.of(
                                                "ArnLike",
                                                Map.of(
                                                        "aws:SourceArn",
                                                        "arn:" + Aws.PARTITION + ":events:" + Aws.REGION + ":"
                                                                + Aws.ACCOUNT_ID + ":rule/" + FORWARD + "*"))),
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

    /**
     * An account forwards what happens in it, not what others have put on its bus. Of findings that is known by what they say themselves: the
     * administrator of GuardDuty gets those of all accounts.
     */
    private static Map<String, Object> pattern(EventPatterns.Deployed deployed) {
        Map<String, Object> pattern = new LinkedHashMap<>(JSON.convertValue(deployed.pattern(), MAP));
        if (!deployed.equals(EventPatterns.findings())) {
            pattern.put("account", List.of(Aws.ACCOUNT_ID));
        }
        return pattern;
    }
}
