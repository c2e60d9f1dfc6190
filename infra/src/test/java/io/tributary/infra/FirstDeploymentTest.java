package io.tributary.infra;

import static io.tributary.infra.Templates.resource;
import static io.tributary.infra.Templates.resources;
import static io.tributary.infra.Templates.text;
import static io.tributary.infra.Templates.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What AWS would refuse, or would not do, at the first deployment or the next. */
class FirstDeploymentTest {
    /** Properties that give a resource its name, of the types whose names are looked for before a deployment. */
    private static final Map<String, FixedName.Kind> NAMES = Map.of(
            "AWS::S3::Bucket/BucketName", FixedName.Kind.BUCKET,
            "AWS::KMS::Alias/AliasName", FixedName.Kind.KEY_ALIAS,
            "AWS::Kinesis::Stream/Name", FixedName.Kind.STREAM,
            "AWS::Logs::LogGroup/LogGroupName", FixedName.Kind.LOG_GROUP,
            "AWS::CloudTrail::Trail/TrailName", FixedName.Kind.TRAIL);

    static List<String> names() throws Exception {
        return Templates.names();
    }

    /** Without it OpenSearch Service refuses the domain, and the whole stack is rolled back. */
    @ParameterizedTest
    @CsvSource({"organization", "ingestion"})
    void theSearchDomainMayWriteItsLogsBeforeItIsMade(String settings) throws Exception {
        String name = settings + "/TributaryLogging";
        JsonNode policy = resource(name, "AWS::Logs::ResourcePolicy");
        assertThat(text(policy.path("PolicyDocument")))
                .contains("\"es.amazonaws.com\"", "logs:PutLogEvents", "logs:CreateLogStream")
                .containsPattern("\"Resource\":\"<SearchDomainDomainLogs\\w+\\.Arn>\"")
                .contains("\"StringEquals\":{\"aws:SourceAccount\":\"<AWS::AccountId>\"}")
                .contains(
                        "\"ArnLike\":{\"aws:SourceArn\":\"arn:<AWS::Partition>:es:<AWS::Region>:<AWS::AccountId>:domain/*\"}");
        String id =
                resources(name, "AWS::Logs::ResourcePolicy").keySet().iterator().next();
        Templates.all().get(name).path("Resources").forEach(resource -> {
            if (resource.path("Type").asText().equals("AWS::OpenSearchService::Domain")) {
                assertThat(texts(resource.path("DependsOn"))).contains(id);
                assertThat(resource.at("/Properties/EBSOptions/VolumeType").asText())
                        .isEqualTo("gp3");
            }
        });
    }

    /** What a failed deployment has made goes with it; what a destroyed one leaves is found before the next. */
    @ParameterizedTest
    @MethodSource("names")
    void nothingThatIsKeptIsInTheWayOfTheNextDeployment(String name) throws Exception {
        Set<String> wanted = new TreeSet<>();
        for (FixedName fixed : FixedName.of(Templates.settings(name), stack(name))) {
            wanted.add(fixed.kind() + " " + fixed.name());
        }
        Set<String> named = new TreeSet<>();
        Templates.all().get(name).path("Resources").properties().forEach(resource -> {
            JsonNode value = resource.getValue();
            String type = value.path("Type").asText();
            String policy = value.path("DeletionPolicy").asText("Delete");
            assertThat(policy).as(name + " " + resource.getKey()).isIn("Delete", "RetainExceptOnCreate");
            if (type.equals("AWS::Kinesis::Stream")) {
                assertThat(policy).isEqualTo("Delete");
            }
            value.path("Properties").properties().forEach(property -> {
                FixedName.Kind kind = NAMES.get(type + "/" + property.getKey());
                if (kind != null && value.has("Condition")) {
                    // another account's, of a template that all have
                    assertThat(value.path("Condition").asText()).isEqualTo("In345678901234eucentral1");
                } else if (kind != null) {
                    named.add(kind + " " + property.getValue().asText());
                } else if (property.getKey().matches(".*Name")
                        && property.getValue().isTextual()) {
                    assertThat(policy).as(name + " " + resource.getKey()).isEqualTo("Delete");
                }
            });
        });
        if (!name.endsWith("/Member")) {
            assertThat(wanted).as(name).isEqualTo(named);
        }
    }

    private static String stack(String name) {
        return name.substring(name.indexOf('/') + 1);
    }

    @Test
    void whatHoldsDataIsKept() throws Exception {
        Map<String, Integer> kept = new TreeMap<>();
        Templates.all().get("organization/TributaryLogging").path("Resources").forEach(resource -> {
            if (resource.path("DeletionPolicy").asText().equals("RetainExceptOnCreate")) {
                kept.merge(resource.path("Type").asText(), 1, Integer::sum);
                assertThat(resource.path("UpdateReplacePolicy").asText()).isEqualTo("Retain");
            }
        });
        assertThat(kept)
                .isEqualTo(Map.of(
                        "AWS::S3::Bucket", 5,
                        "AWS::KMS::Key", 1,
                        "AWS::KMS::Alias", 1,
                        "AWS::OpenSearchService::Domain", 1));
    }

    /** What is imported into a new stack is all that its template has: it may refer to nothing else. */
    @ParameterizedTest
    @CsvSource({"small", "organization", "serverless"})
    void bucketsAndTheirKeyCanBeImportedByThemselves(String settings) throws Exception {
        JsonNode template = Templates.all().get(settings + "/TributaryLogging").path("Resources");
        Set<String> imported = new HashSet<>();
        template.properties().forEach(resource -> {
            if (Set.of("AWS::S3::Bucket", "AWS::KMS::Key", "AWS::KMS::Alias")
                    .contains(resource.getValue().path("Type").asText())) {
                imported.add(resource.getKey());
            }
        });
        assertThat(imported).hasSize(7);
        Pattern reference = Pattern.compile("\"(?:Ref\":\"|Fn::GetAtt\":\\[\"|DependsOn\":\\[?\")([^\"]+)");
        for (String id : imported) {
            Matcher matcher = reference.matcher(template.path(id).toString());
            while (matcher.find()) {
                assertThat(matcher.group(1))
                        .as(id)
                        .satisfiesAnyOf(
                                other -> assertThat(imported).contains(other),
                                other -> assertThat(other).startsWith("AWS::"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            small        |
            centralized  | us-east-1
            organization | us-east-1,us-west-2
            """)
    void flowLogsAreSwitchedOnInEveryRegion(String settings, String others) throws Exception {
        JsonNode rule = resource(
                        settings + "/TributaryOrganization", "AWS::ObservabilityAdmin::OrganizationTelemetryRule")
                .path("Rule");
        // the stack's own Region is the rule's home; an empty list is refused
        assertThat(rule.has("Regions")).isEqualTo(others != null);
        assertThat(String.join(",", texts(rule.path("Regions")))).isEqualTo(others == null ? "" : others);
        assertThat(rule.has("AllRegions")).isFalse();
    }

    /** CloudWatch would copy copies of copies, and what transform-fn prints about its copies. */
    @Test
    void centralizationDoesNotFeedOnItself() throws Exception {
        String criteria = resource(
                        "centralized/TributaryOrganization", "AWS::ObservabilityAdmin::OrganizationCentralizationRule")
                .at("/Rule/Source/SourceLogsConfiguration/LogGroupSelectionCriteria")
                .asText();
        List<String> own = new ArrayList<>(OwnLogs.groups());
        own.add("/tributary-central/345678901234/us-east-1/shop/orders");
        own.add("/tributary-central/210987654321/eu-central-1/tributary-central/345678901234/us-east-1/shop/orders");
        own.add("/tributary-central/210987654321/eu-central-1/tributary/transform");
        assertThat(own).noneMatch(logGroup -> isSelected(criteria, logGroup));
        assertThat(List.of("/tributary-cloudtrail", "/vpc-flow-logs/vpc-0123456789abcdef0", "/aws/lambda/tributary"))
                .allMatch(logGroup -> isSelected(criteria, logGroup));
    }

    /** As CloudWatch has it: all of the terms, {@code %} at the end only. */
    private static boolean isSelected(String criteria, String logGroup) {
        for (String term : criteria.split(" AND ")) {
            Matcher matcher =
                    Pattern.compile("LogGroupName (NOT LIKE|!=) '([^'%]+)(%?)'").matcher(term);
            assertThat(matcher.matches()).as(term).isTrue();
            String value = matcher.group(2);
            boolean isBeginning = matcher.group(1).equals("NOT LIKE");
            assertThat(matcher.group(3).isEmpty()).as(term).isNotEqualTo(isBeginning);
            if (isBeginning ? logGroup.startsWith(value) : logGroup.equals(value)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aDelegatedAdministratorSaysThatItIsOne() throws Exception {
        assertThat(resource("serverless/TributaryOrganization", "AWS::CloudFormation::StackSet")
                        .path("CallAs")
                        .asText())
                .isEqualTo("DELEGATED_ADMIN");
        assertThat(resource("small/TributaryOrganization", "AWS::CloudFormation::StackSet")
                        .path("CallAs")
                        .asText())
                .isEqualTo("SELF");
    }

    @Test
    void aWorkgroupThatHasRunAQueryCanBeDeleted() throws Exception {
        assertThat(resource("small/TributaryLogging", "AWS::Athena::WorkGroup")
                        .path("RecursiveDeleteOption")
                        .asBoolean())
                .isTrue();
    }

    /**
     * What each service may do on somebody's behalf, and what it has to say for it: only what AWS documents that it does say. What it
     * may say, and need not, is conditioned on with {@code IfExists}.
     */
    @ParameterizedTest
    @MethodSource("names")
    void aServiceIsAskedForNothingThatItDoesNotSay(String name) throws Exception {
        Map<String, List<String>> said = new HashMap<>();
        // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html,
        // …/create-s3-bucket-policy-for-cloudtrail.html
        said.put(
                "cloudtrail.amazonaws.com",
                List.of("StringEquals aws:SourceArn", "StringEqualsIfExists aws:SourceArn"));
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html and
        // …/cross-service-confused-deputy-prevention.html; for keys
        // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        said.put(
                "events.amazonaws.com",
                List.of(
                        "ArnEquals aws:SourceArn",
                        "ArnLike aws:SourceArn",
                        "role StringEquals aws:SourceAccount",
                        "StringEqualsIfExists aws:SourceAccount"));
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
        said.put(
                "cloudwatch.amazonaws.com",
                List.of("topic StringEquals aws:SourceAccount", "StringEqualsIfExists aws:SourceAccount"));
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-confused-deputy.html,
        // …/encrypt-log-data-kms.html
        List<String> logs = List.of(
                "StringEqualsIfExists aws:SourceOrgID",
                "StringEqualsIfExists aws:SourceAccount",
                "ArnLike kms:EncryptionContext:aws:logs:arn");
        said.put("logs.amazonaws.com", logs);
        said.put("logs.<AWS::Region>.amazonaws.com", logs);
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
        said.put("logging.s3.amazonaws.com", List.of("ArnLike aws:SourceArn", "StringEquals aws:SourceAccount"));
        // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
        said.put("vpc-flow-logs.amazonaws.com", List.of("StringEquals aws:SourceAccount"));
        // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-domain-access.html
        said.put("osis-pipelines.amazonaws.com", List.of("StringEquals aws:SourceAccount"));
        said.put("firehose.amazonaws.com", List.of("StringEqualsIfExists aws:SourceAccount"));
        said.put("chatbot.amazonaws.com", List.of("StringEqualsIfExists aws:SourceAccount"));
        said.put("lambda.amazonaws.com", List.of(""));
        statements(name).forEach((place, statement) -> {
            if (statement.path("Effect").asText().equals("Allow")) {
                for (String service : texts(statement.at("/Principal/Service"))) {
                    assertThat(said).as(name + " " + place).containsKey(service);
                    List<String> conditions = new ArrayList<>();
                    statement
                            .path("Condition")
                            .properties()
                            .forEach(operator -> operator.getValue()
                                    .properties()
                                    .forEach(key -> conditions.add(operator.getKey() + " " + key.getKey())));
                    if (conditions.isEmpty()) {
                        conditions.add("");
                    }
                    assertThat(conditions)
                            .as(name + " " + place + " " + service)
                            .allMatch(condition -> said.get(service).stream()
                                    .anyMatch(known -> known.equals(condition)
                                            || known.equals(place.split(" ")[0] + " " + condition)));
                }
            }
        });
    }

    /** Where a bucket has a key of its own, CloudTrail makes no trail without decrypting. */
    @Test
    void cloudTrailMayUseTheKeyOfABucketWithAKeyOfItsOwn() throws Exception {
        List<String> actions = new ArrayList<>();
        statements("small/TributaryLogging").forEach((place, statement) -> {
            if (place.startsWith("key ")
                    && texts(statement.at("/Principal/Service")).contains("cloudtrail.amazonaws.com")) {
                actions.addAll(texts(statement.path("Action")));
            }
        });
        assertThat(actions).containsExactlyInAnyOrder("kms:GenerateDataKey*", "kms:Decrypt", "kms:DescribeKey");
    }

    /** A queue's policy lets rules of this account in, and of no other. */
    @ParameterizedTest
    @MethodSource("names")
    void aQueueIsForRulesOfItsOwnAccount(String name) throws Exception {
        statements(name).forEach((place, statement) -> {
            if (place.startsWith("queue ") && statement.path("Effect").asText().equals("Allow")) {
                List<String> sources = new ArrayList<>();
                statement.path("Condition").forEach(keys -> sources.addAll(texts(keys.path("aws:SourceArn"))));
                assertThat(sources)
                        .as(name + " " + place)
                        .isNotEmpty()
                        .allMatch(source -> source.startsWith("<")
                                || source.startsWith(
                                        "arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/"));
            }
        });
    }

    /** Statements of policies of resources, by what they are of, and where. */
    private static Map<String, JsonNode> statements(String name) throws Exception {
        Map<String, JsonNode> statements = new TreeMap<>();
        Map<String, String> types = Map.of(
                "AWS::KMS::Key", "key /KeyPolicy/Statement",
                "AWS::S3::BucketPolicy", "bucket /PolicyDocument/Statement",
                "AWS::SQS::QueuePolicy", "queue /PolicyDocument/Statement",
                "AWS::SNS::TopicPolicy", "topic /PolicyDocument/Statement",
                "AWS::IAM::Role", "role /AssumeRolePolicyDocument/Statement");
        for (Map.Entry<String, String> type : types.entrySet()) {
            String[] kindAndPath = type.getValue().split(" ");
            resources(name, type.getKey()).forEach((id, resource) -> {
                int number = 0;
                for (JsonNode statement : resource.at(kindAndPath[1])) {
                    statements.put(kindAndPath[0] + " " + id + " " + number++, statement);
                }
            });
        }
        return statements;
    }

    /** Quotas of policies, in bytes or characters of which none is another's. */
    @ParameterizedTest
    @MethodSource("names")
    void policiesAreNoLongerThanServicesTake(String name) throws Exception {
        Map<String, Integer> most = Map.of(
                "AWS::KMS::Key", 32_768,
                "AWS::S3::BucketPolicy", 20_480,
                "AWS::SQS::QueuePolicy", 8_192,
                "AWS::SNS::TopicPolicy", 30_720,
                "AWS::IAM::Policy", 10_240,
                "AWS::Events::EventBusPolicy", 5_000,
                "AWS::Logs::Destination", 5_120,
                "AWS::Logs::ResourcePolicy", 5_120,
                "AWS::Logs::AccountPolicy", 30_720);
        for (Map.Entry<String, Integer> type : most.entrySet()) {
            resources(name, type.getKey())
                    .forEach((id, resource) -> assertThat(resource.toString().length())
                            .as(name + " " + id)
                            .isLessThan(type.getValue()));
        }
        // Lambda takes 20 KB for a function, some 400 a permission
        assertThat(resources(name, "AWS::Lambda::Permission")).hasSizeLessThan(40);
        assertThat(resources(name, "AWS::SQS::QueuePolicy").values())
                .as("statements of a queue's policy")
                .allMatch(policy -> policy.at("/PolicyDocument/Statement").size() <= 20);
    }

    /** References stand for ARNs of some length. */
    @ParameterizedTest
    @MethodSource("names")
    void environmentsFitInAFunction(String name) throws Exception {
        resources(name, "AWS::Lambda::Function").forEach((id, function) -> {
            StringBuilder environment = new StringBuilder();
            function.at("/Environment/Variables")
                    .properties()
                    .forEach(variable -> environment
                            .append(variable.getKey())
                            .append(text(variable.getValue()).replaceAll("<[^>]+>", "r".repeat(100))));
            assertThat(environment.toString().getBytes(StandardCharsets.UTF_8).length)
                    .as(name + " " + id)
                    .isLessThan(4_096);
        });
    }

    /** A function that cannot put aside what it failed at has lost it. */
    @ParameterizedTest
    @CsvSource({"small", "organization"})
    void functionsMayWriteToEncryptedQueues(String settings) throws Exception {
        resources(settings + "/TributaryLogging", "AWS::IAM::Policy").forEach((id, policy) -> {
            String statements = policy.path("PolicyDocument").toString();
            if (statements.contains("\"sqs:SendMessage\"")) {
                assertThat(statements).as(id).contains("\"kms:Decrypt\"", "\"kms:GenerateDataKey*\"");
            }
        });
    }
}
