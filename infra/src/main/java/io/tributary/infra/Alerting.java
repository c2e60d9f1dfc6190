package io.tributary.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.alert.pattern.EventPatterns;
import io.tributary.alert.rule.Rule;
import java.util.ArrayList;
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
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.amazon.awscdk.services.events.CfnEventBusPolicy;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.events.EventBus;
import software.amazon.awscdk.services.iam.CfnRole;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
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
        Map<String, String> environment = new HashMap<>();
        environment.put("TRIBUTARY_STATE_TABLE", state.getTableName());
        environment.put("TRIBUTARY_LOG_STREAM", ingestion.stream().getStreamName());
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
                    .assumedBy(ServicePrincipal.Builder.create("chatbot.amazonaws.com")
                            .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID)))
                            .build())
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
        CfnEventBusPolicy.Builder.create(this, "BusPolicy")
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
                        Map.of("StringEquals", Map.of("aws:PrincipalOrgID", settings.organization()))))
                .build();
        int number = 0;
        List<String> arns = new ArrayList<>();
        for (EventPatterns.Deployed deployed : EventPatterns.of(rules)) {
            CfnRule rule = CfnRule.Builder.create(this, "Rule" + number)
                    .name("tributary-alerts-" + number)
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
            CfnPermission.Builder.create(this, "Permission" + number)
                    .action("lambda:InvokeFunction")
                    .functionName(function.function().getFunctionName())
                    .principal("events.amazonaws.com")
                    .sourceArn(rule.getAttrArn())
                    .build();
            arns.add(rule.getAttrArn());
            number++;
        }
        arns.add(findings(bus, storage, ingestion));
        undelivered.addToResourcePolicy(PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .principals(List.of(new ServicePrincipal("events.amazonaws.com")))
                .actions(List.of("sqs:SendMessage"))
                .resources(List.of(undelivered.getQueueArn()))
                .conditions(Map.of("ArnEquals", Map.of("aws:SourceArn", arns)))
                .build());
    }

    /** Findings of GuardDuty are logs, too: they go on the log stream as they are. */
    private String findings(EventBus bus, Storage storage, Ingestion ingestion) {
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
        return CfnRule.Builder.create(this, "Findings")
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
                .build()
                .getAttrArn();
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
