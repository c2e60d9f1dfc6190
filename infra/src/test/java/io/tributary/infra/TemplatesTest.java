package io.tributary.infra;

import static io.tributary.infra.Templates.resource;
import static io.tributary.infra.Templates.resources;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the stacks of all settings, and what some of them have. */
class TemplatesTest {
    /** What stands for a set of things on purpose: anything else with a wildcard needs a reason first. */
    private static final List<Pattern> WILDCARDS = List.of(
            Pattern.compile("cloudtrail:ListPublicKeys .*"),
            // an organization's administrator of GuardDuty, and detectors, which are no resources that can be named
            Pattern.compile("\\[((guardduty|organizations):[A-Za-z]+,?)+\\] .*"));

    static List<String> names() throws Exception {
        return Templates.names();
    }

    @Test
    void theStacksAreThoseOfTheSettings() throws Exception {
        assertThat(Templates.all().keySet().stream().filter(name -> name.startsWith("organization/")))
                .containsExactly(
                        "organization/Member",
                        "organization/TributaryGuardDuty-eu-central-1",
                        "organization/TributaryGuardDuty-us-east-1",
                        "organization/TributaryGuardDuty-us-west-2",
                        "organization/TributaryLogging",
                        "organization/TributaryManagement-eu-central-1",
                        "organization/TributaryManagement-us-east-1",
                        "organization/TributaryManagement-us-west-2",
                        "organization/TributaryOrganization",
                        "organization/TributaryRegion-us-east-1",
                        "organization/TributaryRegion-us-west-2");
        assertThat(Templates.all().keySet().stream().filter(name -> name.startsWith("s3-only/")))
                .containsExactly(
                        "s3-only/Member",
                        "s3-only/TributaryLogging",
                        "s3-only/TributaryManagement-eu-central-1",
                        "s3-only/TributaryOrganization");
    }

    @Test
    void cdkNagFindsNothing() throws Exception {
        assertThat(Templates.findings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRoleThatAServiceTakesSaysForWhom(String name) throws Exception {
        resources(name, "AWS::IAM::Role").forEach((id, role) -> {
            for (JsonNode statement : role.at("/AssumeRolePolicyDocument/Statement")) {
                String service = statement.at("/Principal/Service").toString();
                // Lambda and Firehose, whose confused deputy is held off by who may pass the role, have no source in
                // every call
                if (!service.contains("lambda.amazonaws.com")) {
                    assertThat(statement.path("Condition").toString())
                            .as(name + " " + id + " " + service)
                            .containsPattern("aws:Source(Arn|Account|OrgID)");
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void noPolicyOfARoleIsAboutEverything(String name) throws Exception {
        for (String type : List.of("AWS::IAM::Policy", "AWS::IAM::Role")) {
            resources(name, type)
                    .forEach((id, resource) -> statements(resource).forEach(statement -> {
                        if (statement.path("Resource").toString().equals("\"*\"")) {
                            String actions = statement.path("Action").toString().replace("\"", "") + " *";
                            assertThat(WILDCARDS.stream()
                                            .anyMatch(pattern ->
                                                    pattern.matcher(actions).matches()))
                                    .as(name + " " + id + ": " + actions)
                                    .isTrue();
                        }
                        assertThat(statement.path("Action").toString()).doesNotContain("\"*\"", "iam:PassRole");
                    }));
        }
    }

    private static List<JsonNode> statements(JsonNode resource) {
        List<JsonNode> statements = new ArrayList<>();
        resource.at("/PolicyDocument/Statement").forEach(statements::add);
        resource.path("Policies")
                .forEach(policy -> policy.at("/PolicyDocument/Statement").forEach(statements::add));
        return statements;
    }

    @ParameterizedTest
    @MethodSource("names")
    void everythingThatKeepsDataIsEncrypted(String name) throws Exception {
        resources(name, "AWS::S3::Bucket").forEach((id, bucket) -> {
            assertThat(bucket.has("BucketEncryption")).as(name + " " + id).isTrue();
            assertThat(bucket.at("/PublicAccessBlockConfiguration/BlockPublicPolicy")
                            .asBoolean())
                    .as(id)
                    .isTrue();
            assertThat(bucket.at("/VersioningConfiguration/Status").asText())
                    .as(id)
                    .isEqualTo("Enabled");
        });
        resources(name, "AWS::SQS::Queue")
                .forEach((id, queue) -> assertThat(queue.has("KmsMasterKeyId")
                                || queue.path("SqsManagedSseEnabled").asBoolean())
                        .as(name + " " + id)
                        .isTrue());
        resources(name, "AWS::SNS::Topic")
                .forEach((id, topic) ->
                        assertThat(topic.has("KmsMasterKeyId")).as(id).isTrue());
        resources(name, "AWS::Kinesis::Stream")
                .forEach((id, stream) -> assertThat(
                                stream.at("/StreamEncryption/EncryptionType").asText())
                        .isEqualTo("KMS"));
        resources(name, "AWS::DynamoDB::Table")
                .forEach((id, table) -> assertThat(
                                table.at("/SSESpecification/SSEEnabled").asBoolean())
                        .isTrue());
    }

    @ParameterizedTest
    @MethodSource("names")
    void bucketsQueuesAndTopicsAreSpokenToOverTlsOnly(String name) throws Exception {
        for (String type : List.of("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")) {
            resources(name, type)
                    .forEach((id, policy) ->
                            assertThat(policy.toString()).as(name + " " + id).contains("aws:SecureTransport"));
        }
        assertThat(resources(name, "AWS::S3::BucketPolicy").size())
                .isEqualTo(resources(name, "AWS::S3::Bucket").size());
        assertThat(resources(name, "AWS::SNS::TopicPolicy").size())
                .isEqualTo(resources(name, "AWS::SNS::Topic").size());
        assertThat(resources(name, "AWS::SQS::QueuePolicy").size())
                .isEqualTo(resources(name, "AWS::SQS::Queue").size());
    }

    @ParameterizedTest
    @MethodSource("names")
    void nothingThatFailsIsForgotten(String name) throws Exception {
        resources(name, "AWS::Lambda::Function").forEach((id, function) -> {
            if (isTheCdks(id)) {
                // what it does not get done fails the deployment
                return;
            }
            assertThat(function.has("DeadLetterConfig")).as(name + " " + id).isTrue();
            assertThat(function.has("ReservedConcurrentExecutions")).as(id).isTrue();
            assertThat(function.at("/Architectures/0").asText()).isEqualTo("arm64");
            assertThat(function.path("Runtime").asText()).isEqualTo("provided.al2023");
        });
        resources(name, "AWS::Events::Rule")
                .forEach((id, rule) -> rule.path("Targets")
                        .forEach(target -> assertThat(target.has("DeadLetterConfig"))
                                .as(name + " " + id)
                                .isTrue()));
        resources(name, "AWS::Logs::LogGroup")
                .forEach((id, logs) ->
                        assertThat(logs.has("RetentionInDays")).as(id).isTrue());
    }

    /** The function of the CDK's that makes calls while a stack is deployed. */
    private static boolean isTheCdks(String id) {
        return id.startsWith("AWS679f53fac002430cb0da5b7982bd2287");
    }

    /** Accounts, Regions and whole ARNs stand in templates only where the settings say so. */
    @ParameterizedTest
    @MethodSource("names")
    void noPartitionIsWrittenDown(String name) throws Exception {
        Matcher matcher = Pattern.compile("\"arn:aws[a-z-]*:[^\"]{0,60}")
                .matcher(Templates.all().get(name).toString());
        while (matcher.find()) {
            assertThat(matcher.group())
                    .as(name)
                    .containsAnyOf(":es:eu-central-1:210987654321:domain/search", ":secretsmanager:");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aTemplateIsWithinCloudFormationsLimits(String name) throws Exception {
        assertThat(Templates.all().get(name).toString().length()).as(name).isLessThan(1_000_000);
        assertThat(Templates.all().get(name).path("Resources").size()).as(name).isLessThan(500);
    }

    @Test
    void theTransformFunctionKnowsHowEventsGetToTheSearchEngine() throws Exception {
        assertThat(setting("small", "TRIBUTARY_INDEX")).isEqualTo("none");
        assertThat(setting("organization", "TRIBUTARY_INDEX")).isEqualTo("firehose");
        assertThat(setting("existing", "TRIBUTARY_INDEX_STREAM")).isEqualTo("tributary-index");
        assertThat(setting("ingestion", "TRIBUTARY_INDEX")).isEqualTo("ingestion");
        assertThat(setting("serverless", "TRIBUTARY_INDEX")).isEqualTo("ingestion");
        assertThat(setting("serverless", "TRIBUTARY_COPIES"))
                .isEqualTo("splunk:tributary-splunk,lines:tributary-redshift");
    }

    /** What the alert function has held back, since there was too much of it, is told in one message. */
    @Test
    void theAlertFunctionIsAskedEveryMinuteForWhatItHasHeldBack() throws Exception {
        assertThat(resources("small/TributaryLogging", "AWS::Events::Rule").values().stream()
                        .filter(rule -> rule.path("ScheduleExpression").asText().equals("rate(1 minute)"))
                        .map(rule -> rule.at("/Targets/0/Input").asText()))
                .containsExactly("{\"action\":\"summarise\"}");
        JsonNode table = resource("small/TributaryLogging", "AWS::DynamoDB::Table");
        JsonNode index = table.at("/GlobalSecondaryIndexes/0");
        assertThat(index.path("IndexName").asText()).isEqualTo("due");
        assertThat(index.path("KeySchema").toString())
                .isEqualTo("[{\"AttributeName\":\"portion\",\"KeyType\":\"HASH\"},"
                        + "{\"AttributeName\":\"due\",\"KeyType\":\"RANGE\"}]");
        assertThat(table.path("AttributeDefinitions").toString())
                .contains(
                        "{\"AttributeName\":\"portion\",\"AttributeType\":\"S\"}",
                        "{\"AttributeName\":\"due\",\"AttributeType\":\"N\"}");
        assertThat(resources("small/TributaryLogging", "AWS::IAM::Policy").toString())
                .contains("\"Action\":\"dynamodb:Query\"", "/index/due");
    }

    @ParameterizedTest
    @MethodSource("names")
    void findingsOfGuardDutyGoOnTheLogStreamOnce(String name) throws Exception {
        if (name.endsWith("/TributaryLogging")) {
            assertThat(resources(name, "AWS::Events::Rule").values().stream()
                            .flatMap(rule ->
                                    StreamSupport.stream(rule.path("Targets").spliterator(), false))
                            .filter(target -> target.has("KinesisParameters"))
                            .toList())
                    .hasSize(1);
        }
    }

    /** A variable of the transform function's environment; empty if it has none such. */
    static String setting(String settings, String name) throws Exception {
        return resources(settings + "/TributaryLogging", "AWS::Lambda::Function").values().stream()
                .map(function -> function.path("Environment").path("Variables"))
                .filter(variables -> variables.has("TRIBUTARY_INDEX"))
                .findFirst()
                .orElseThrow()
                .path(name)
                .asText();
    }

    @Test
    void onlyADomainOfOurOwnIsMade() throws Exception {
        assertThat(resources("existing/TributaryLogging", "AWS::OpenSearchService::Domain"))
                .isEmpty();
        assertThat(resources("serverless/TributaryLogging", "AWS::OpenSearchService::Domain"))
                .isEmpty();
        assertThat(resources("serverless/TributaryLogging", "AWS::OpenSearchServerless::Collection"))
                .hasSize(1);
        JsonNode domain = resources("ingestion/TributaryLogging", "AWS::OpenSearchService::Domain")
                .values()
                .iterator()
                .next();
        assertThat(domain.at("/ClusterConfig/InstanceCount").asInt()).isEqualTo(3);
        assertThat(domain.at("/ClusterConfig/ZoneAwarenessConfig/AvailabilityZoneCount")
                        .asInt())
                .isEqualTo(3);
        assertThat(domain.at("/EBSOptions/VolumeSize").asInt()).isEqualTo(500);
    }

    @Test
    void aTokenOrPasswordIsNeverInATemplate() throws Exception {
        String streams = resources("serverless/TributaryLogging", "AWS::KinesisFirehose::DeliveryStream")
                .toString();
        assertThat(streams).contains("SecretARN").doesNotContain("HECToken", "\"Password\"");
    }

    /** A template is every account's: what is one account's stands under a condition. */
    @Test
    void whatIsNamedOneByOneIsThereInItsAccountAndRegionOnly() throws Exception {
        for (String type : List.of("AWS::EC2::FlowLog", "AWS::Logs::SubscriptionFilter", "AWS::Logs::LogGroup")) {
            List<JsonNode> found = new ArrayList<>();
            Templates.all().get("serverless/Member").path("Resources").forEach(resource -> {
                if (resource.path("Type").asText().equals(type)) {
                    found.add(resource);
                }
            });
            assertThat(found)
                    .as(type)
                    .singleElement()
                    .satisfies(resource ->
                            assertThat(resource.path("Condition").asText()).isEqualTo("In345678901234eucentral1"));
        }
        assertThat(resources("serverless/Member", "AWS::Logs::AccountPolicy")).isEmpty();
        assertThat(resources("serverless/TributaryOrganization", "AWS::ObservabilityAdmin::OrganizationTelemetryRule"))
                .isEmpty();
    }

    @Test
    void guardDutyIsEveryAccountsAndTheLoggingAccountItsAdministrator() throws Exception {
        assertThat(Templates.all()
                        .get("organization/TributaryManagement-us-west-2")
                        .toString())
                .contains("enableOrganizationAdminAccount")
                .contains("210987654321");
        assertThat(Templates.all()
                        .get("organization/TributaryGuardDuty-us-west-2")
                        .toString())
                .contains("AutoEnableOrganizationMembers");
        assertThat(Templates.all().get("organization/Member").toString())
                .doesNotContain("enableOrganizationAdminAccount");
        assertThat(Templates.all()
                        .get("s3-only/TributaryManagement-eu-central-1")
                        .toString())
                .doesNotContain("enableOrganizationAdminAccount");
    }

    @Test
    void centralizationTakesTheSubscriptionsPlace() throws Exception {
        assertThat(resources("centralized/Member", "AWS::Logs::AccountPolicy")).isEmpty();
        assertThat(Templates.all()).doesNotContainKey("centralized/TributaryRegion-us-east-1");
        assertThat(resources("centralized/TributaryLogging", "AWS::Logs::AccountPolicy")
                        .toString())
                .contains("Random", "LogGroupName NOT IN");
        assertThat(setting("centralized", "TRIBUTARY_CENTRALIZATION_ACCOUNT")).isEqualTo("210987654321");
        assertThat(setting("small", "TRIBUTARY_CENTRALIZATION_ACCOUNT")).isEmpty();
        assertThat(resources(
                                "centralized/TributaryOrganization",
                                "AWS::ObservabilityAdmin::OrganizationCentralizationRule")
                        .toString())
                .contains("/tributary-central/${source.accountId}/${source.region}/${source.logGroup}")
                .contains("\"Account\":\"210987654321\"");
    }

    @Test
    void everyAccountSendsEverythingButWhatThePipelineLogsItself() throws Exception {
        JsonNode policy = resources("organization/Member", "AWS::Logs::AccountPolicy")
                .values()
                .iterator()
                .next();
        assertThat(policy.path("PolicyDocument").toString())
                .contains("\\\\\\\"Distribution\\\\\\\":\\\\\\\"Random\\\\\\\"".replace("\\\\\\", "\\"))
                .contains("FilterPattern");
        for (String logs : List.of("transform", "alert", "archive")) {
            assertThat(policy.path("SelectionCriteria").asText()).contains("/tributary/" + logs);
        }
    }
}
