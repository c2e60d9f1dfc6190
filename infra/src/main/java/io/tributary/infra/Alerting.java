package io.tributary.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.alert.pattern.EventPatterns;
import io.tributary.alert.rule.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.chatbot.CfnSlackChannelConfiguration;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexProps;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.amazon.awscdk.services.events.CfnEventBusPolicy;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.events.EventBus;
import software.amazon.awscdk.services.events.RuleTargetInput;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.iam.CfnRole;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.CfnEventInvokeConfig;
import software.amazon.awscdk.services.lambda.CfnPermission;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/** The organization's event bus, the rules on it, the alert function, and the topics that people are told by. */
final class Alerting extends Construct {
    static final String BUS = "tributary";

    /** Sources of events that AWS services alone put on a bus: EventBridge takes none such from anybody else. */
    private static final String OF_SERVICES = "aws.*";

    private static final String RULES = "tributary-alerts-";

    /** The index of the state table, and its sort key: when somebody is to look at an alert again. */
    private static final String DUE = "due";

    static final int CONCURRENCY = 50;

    private final PipelineFunction function;
    private final Map<String, Topic> topics = new HashMap<>();
    private final Queue undelivered;

    Alerting(
            Construct scope,
            String id,
            Settings settings,
            Storage storage,
            Ingestion ingestion,
            Packages.Zip archive,
            List<Rule> rules) {
        super(scope, id);
        Table state = Table.Builder.create(this, "State")
                .partitionKey(Attribute.builder()
                        .name("alert")
                        .type(AttributeType.STRING)
                        .build())
                .timeToLiveAttribute("expires")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .encryption(TableEncryption.CUSTOMER_MANAGED)
                .encryptionKey(storage.key())
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(true)
                        .build())
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        // only what there is something to tell of is in it
        state.addGlobalSecondaryIndex(GlobalSecondaryIndexProps.builder()
                .indexName(DUE)
                .partitionKey(Attribute.builder()
                        .name("portion")
                        .type(AttributeType.STRING)
                        .build())
                .sortKey(
                        Attribute.builder().name(DUE).type(AttributeType.NUMBER).build())
                .projectionType(ProjectionType.KEYS_ONLY)
                .build());
        Map<String, String> environment = new HashMap<>();
        environment.put("TRIBUTARY_STATE_TABLE", state.getTableName());
        environment.put("TRIBUTARY_LOG_STREAM", ingestion.stream().getStreamName());
        environment.put("TRIBUTARY_ORGANIZATION", settings.organization());
        if (!settings.accountNames().isEmpty()) {
            environment.put("TRIBUTARY_ACCOUNT_NAMES", names(settings));
        }
        settings.channels().forEach((name, channel) -> channel(name, channel, storage, environment));
        function = new PipelineFunction(
                this,
                "Alert",
                "alert",
                archive,
                new PipelineFunction.Shape(512, Duration.minutes(2), CONCURRENCY),
                environment,
                storage.key());
        function.allow(List.of("dynamodb:UpdateItem"), List.of(state.getTableArn()));
        function.allow(List.of("dynamodb:Query"), List.of(state.getTableArn() + "/index/" + DUE));
        function.allow(List.of("kinesis:PutRecord"), List.of(ingestion.stream().getStreamArn()));
        if (!topics.isEmpty()) {
            function.allow(
                    List.of("sns:Publish"),
                    topics.values().stream().map(Topic::getTopicArn).sorted().toList());
        }
        storage.key().grantEncryptDecrypt(function.function());
        CfnEventInvokeConfig.Builder.create(this, "Repetitions")
                .functionName(function.function().getFunctionName())
                .qualifier("$LATEST")
                .maximumRetryAttempts(2)
                .maximumEventAgeInSeconds(21_600)
                .build();
        undelivered = Queue.Builder.create(this, "Undelivered")
                .encryption(QueueEncryption.KMS)
                .encryptionMasterKey(storage.key())
                .enforceSsl(true)
                .retentionPeriod(Duration.days(14))
                .build();
        bus(settings, storage, ingestion, rules);
        summaries();
    }

    /** What was not told at once, since there was too much of it, is told in one message later. */
    private void summaries() {
        software.amazon.awscdk.services.events.Rule.Builder.create(this, "Summaries")
                .description("Tributary's alerts: what was not told yet")
                .schedule(Schedule.rate(Duration.minutes(1)))
                .targets(List.of(LambdaFunction.Builder.create(function.function())
                        .event(RuleTargetInput.fromObject(Map.of("action", "summarise")))
                        .deadLetterQueue(undelivered)
                        .build()))
                .build();
    }

    /** As the functions read them. */
    static String names(Settings settings) {
        return settings.accountNames().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(name -> name.getKey() + "=" + name.getValue())
                .collect(Collectors.joining(","));
    }

    private void channel(String name, Settings.Channel channel, Storage storage, Map<String, String> environment) {
        Topic topic = Topic.Builder.create(this, "Topic" + name)
                .displayName("Tributary: " + name)
                .masterKey(storage.key())
                .enforceSsl(true)
                .build();
        topics.put(name, topic);
        channel.emails().forEach(address -> topic.addSubscription(new EmailSubscription(address)));
        String prefix = "TRIBUTARY_CHANNELS__" + name.toUpperCase(Locale.ROOT) + "__";
        environment.put(prefix + "KIND", channel.slack().isPresent() ? "chat" : "email");
        environment.put(prefix + "TOPIC", topic.getTopicArn());
        environment.put(prefix + "LEAST_SEVERITY", channel.leastSeverity().toLowerCase(Locale.ROOT));
        channel.slack().ifPresent(slack -> {
            Role role = Role.Builder.create(this, "Slack" + name + "Role")
                    .assumedBy(Policies.onOurBehalf("chatbot.amazonaws.com"))
                    .build();
            CfnSlackChannelConfiguration.Builder.create(this, "Slack" + name)
                    .configurationName("tributary-" + name)
                    .iamRoleArn(role.getRoleArn())
                    .slackWorkspaceId(slack.workspace())
                    .slackChannelId(slack.channel())
                    .snsTopicArns(List.of(topic.getTopicArn()))
                    .guardrailPolicies(List.of("arn:" + Aws.PARTITION + ":iam::aws:policy/AWSDenyAll"))
                    .loggingLevel("ERROR")
                    .build();
        });
    }

    private void bus(Settings settings, Storage storage, Ingestion ingestion, List<Rule> rules) {
        EventBus bus = EventBus.Builder.create(this, "Bus").eventBusName(BUS).build();
        CfnEventBusPolicy organization = CfnEventBusPolicy.Builder.create(this, "BusPolicy")
                .eventBusName(bus.getEventBusName())
                .statementId("organization")
                .statement(Map.of(
                        "Sid",
                        "organization",
                        "Effect",
                        "Allow",
                        "Principal",
                        "*",
                        "Action",
                        "events:PutEvents",
                        "Resource",
                        bus.getEventBusArn(),
                        "Condition",
                        Map.of(
                                "StringEquals",
                                Map.of("aws:PrincipalOrgID", settings.organization()),
                                // a member of the organization passes on what AWS services say, and says nothing itself
                                "BoolIfExists",
                                Map.of("events:eventBusInvocation", "true"),
                                "ForAllValues:StringLike",
                                Map.of("events:source", OF_SERVICES),
                                "Null",
                                Map.of("events:source", "false"))))
                .build();
        // not even who may do anything in this account has events of its own there
        CfnEventBusPolicy services = CfnEventBusPolicy.Builder.create(this, "BusOfServices")
                .eventBusName(bus.getEventBusName())
                .statementId("services-only")
                .statement(Map.of(
                        "Sid",
                        "services-only",
                        "Effect",
                        "Deny",
                        "Principal",
                        "*",
                        "Action",
                        "events:PutEvents",
                        "Resource",
                        bus.getEventBusArn(),
                        "Condition",
                        Map.of("ForAnyValue:StringNotLike", Map.of("events:source", OF_SERVICES))))
                .build();
        // a bus takes one change at a time
        services.getNode().addDependency(organization);
        int number = 0;
        for (EventPatterns.Deployed deployed : EventPatterns.of(rules)) {
            CfnRule.Builder.create(this, "Rule" + number)
                    .name(RULES + number)
                    .description("What rules for alerts match, " + number)
                    .eventBusName(bus.getEventBusName())
                    .eventPattern(new ObjectMapper().convertValue(deployed.pattern(), Map.class))
                    .state(state(deployed))
                    .targets(List.of(CfnRule.TargetProperty.builder()
                            .id("alert")
                            .arn(function.function().getFunctionArn())
                            .deadLetterConfig(CfnRule.DeadLetterConfigProperty.builder()
                                    .arn(undelivered.getQueueArn())
                                    .build())
                            .build()))
                    .build();
            number++;
        }
        // one permission for all rules, since a function's policy has 20 KB, and a queue's 8 KB
        CfnPermission.Builder.create(this, "Permission")
                .action("lambda:InvokeFunction")
                .functionName(function.function().getFunctionName())
                .principal("events.amazonaws.com")
                .sourceArn(ruleArn(RULES + "*"))
                .build();
        findings(bus, storage, ingestion);
        Policies.allowRule(undelivered, ruleArn("*"));
    }

    private static String ruleArn(String name) {
        return "arn:" + Aws.PARTITION + ":events:" + Aws.REGION + ":" + Aws.ACCOUNT_ID + ":rule/" + BUS + "/" + name;
    }

    /** Findings of GuardDuty are logs, too: they go on the log stream as they are. */
    private void findings(EventBus bus, Storage storage, Ingestion ingestion) {
        String stream = ingestion.stream().getStreamArn();
        CfnRole role = CfnRole.Builder.create(this, "FindingsRole")
                .assumeRolePolicyDocument(Policies.trust("events.amazonaws.com", "aws:SourceAccount", Aws.ACCOUNT_ID))
                .policies(List.of(Policies.inline(
                        "put",
                        List.of(
                                Policies.allow(List.of("kinesis:PutRecord", "kinesis:PutRecords"), stream),
                                Policies.allow(
                                        List.of("kms:GenerateDataKey"),
                                        storage.key().getKeyArn())))))
                .build();
        CfnRule.Builder.create(this, "Findings")
                .name("tributary-findings")
                .description("Findings of GuardDuty, to the log stream")
                .eventBusName(bus.getEventBusName())
                .eventPattern(
                        new ObjectMapper().convertValue(EventPatterns.findings().pattern(), Map.class))
                .targets(List.of(CfnRule.TargetProperty.builder()
                        .id("logs")
                        .arn(stream)
                        .roleArn(role.getAttrArn())
                        .kinesisParameters(CfnRule.KinesisParametersProperty.builder()
                                .partitionKeyPath("$.id")
                                .build())
                        .deadLetterConfig(CfnRule.DeadLetterConfigProperty.builder()
                                .arn(undelivered.getQueueArn())
                                .build())
                        .build()))
                .build();
    }

    /** Read-only calls come to rules in a state of their own only. */
    static String state(EventPatterns.Deployed deployed) {
        return deployed.isReading() ? "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" : "ENABLED";
    }

    PipelineFunction function() {
        return function;
    }

    Queue undelivered() {
        return undelivered;
    }

    Map<String, Topic> topics() {
        return topics;
    }
}
