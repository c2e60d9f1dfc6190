package io.tributary.infra;

import static io.tributary.infra.Templates.resource;
import static io.tributary.infra.Templates.resources;
import static io.tributary.infra.Templates.text;
import static io.tributary.infra.Templates.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is believed: the origins that may speak for other accounts, and what may be put on the organization's bus. */
class TrustTest {
    static List<String> names() throws Exception {
        return Templates.names();
    }

    /** CloudTrail wants the log group in the account that makes the trail, whose it is. */
    @ParameterizedTest
    @CsvSource({
        "small, 123456789012:/tributary-cloudtrail",
        "serverless, 345678901234:/tributary-cloudtrail",
        "organization, '123456789012:/tributary-cloudtrail,345678901234:/security/findings*'",
        "s3-only, ''"
    })
    void theTransformFunctionKnowsWhoMaySpeakForOthers(String settings, String origins) throws Exception {
        assertThat(TemplatesTest.setting(settings, "TRIBUTARY_TRUSTED_ORIGINS")).isEqualTo(origins);
        if (!origins.isEmpty()) {
            assertThat(resource(settings + "/TributaryOrganization", "AWS::Logs::LogGroup")
                            .path("LogGroupName")
                            .asText())
                    .isEqualTo("/tributary-cloudtrail");
        }
    }

    @Test
    void aSubscriptionSaysWhoseLogsItSendsWhereCloudWatchLogsTakesThat() throws Exception {
        assertThat(texts(resource("serverless/Member", "AWS::Logs::SubscriptionFilter")
                        .path("EmitSystemFields")))
                .containsExactly("@aws.account", "@aws.region");
        // an account-level policy knows four members, and these are not among them
        assertThat(text(resource("small/Member", "AWS::Logs::AccountPolicy").path("PolicyDocument")))
                .doesNotContain("@aws");
        // so its name tells the Region, as the transform function reads it
        for (JsonNode name : List.of(
                resource("small/Member", "AWS::Logs::AccountPolicy").path("PolicyName"),
                resource("serverless/Member", "AWS::Logs::SubscriptionFilter").path("FilterName"))) {
            assertThat(name.toString()).isEqualTo("{\"Fn::Join\":[\"\",[\"tributary-\",{\"Ref\":\"AWS::Region\"}]]}");
        }
    }

    @ParameterizedTest
    @CsvSource({"organization/TributaryLogging", "organization/TributaryRegion-us-east-1"})
    void logsAreTakenFromTheOrganizationOnly(String name) throws Exception {
        assertThat(text(resource(name, "AWS::Logs::Destination").path("DestinationPolicy")))
                .contains("aws:PrincipalOrgID", "o-example1234");
    }

    /** Otherwise any principal of the organization raises an alert, by an event of a source of its own. */
    @ParameterizedTest
    @MethodSource("names")
    void whatAServiceDidNotSayIsNotTakenOnTheBus(String name) throws Exception {
        if (!name.endsWith("/TributaryLogging")) {
            return;
        }
        Map<String, JsonNode> statements = new TreeMap<>();
        resources(name, "AWS::Events::EventBusPolicy").values().forEach(policy -> {
            JsonNode statement = policy.path("Statement");
            assertThat(statement.path("Action").asText()).isEqualTo("events:PutEvents");
            statements.put(statement.path("Effect").asText(), statement.path("Condition"));
        });
        assertThat(statements).containsOnlyKeys("Allow", "Deny");
        JsonNode allow = statements.get("Allow");
        assertThat(allow.at("/StringEquals/aws:PrincipalOrgID").asText()).isEqualTo("o-example1234");
        assertThat(allow.at("/ForAllValues:StringLike/events:source").asText()).isEqualTo("aws.*");
        // of no values everything is true
        assertThat(allow.at("/Null/events:source").asText()).isEqualTo("false");
        // passed on by a rule, not put by a call
        assertThat(allow.at("/BoolIfExists/events:eventBusInvocation").asText()).isEqualTo("true");
        assertThat(statements.get("Deny").toString())
                .isEqualTo("{\"ForAnyValue:StringNotLike\":{\"events:source\":\"aws.*\"}}");
    }

    @Test
    void everyPatternHasASourceThatIsAnAwsService() throws Exception {
        for (String name : Templates.names()) {
            patterns(name)
                    .forEach((id, pattern) -> assertThat(pattern.path("source"))
                            .as(name + " " + id)
                            .isNotEmpty()
                            .allMatch(TrustTest::isOfService));
        }
    }

    private static boolean isOfService(JsonNode source) {
        String text = source.isObject() ? source.path("prefix").asText() : source.asText();
        return text.startsWith("aws.");
    }

    /** What others have put on an account's bus is not what happened in it. */
    @ParameterizedTest
    @MethodSource("names")
    void anAccountForwardsItsOwnEventsOnly(String name) throws Exception {
        resources(name, "AWS::Events::Rule").forEach((id, rule) -> {
            if (rule.at("/Targets/0/Id").asText().equals("bus")) {
                JsonNode pattern = rule.path("EventPattern");
                if (texts(pattern.path("source")).equals(List.of("aws.guardduty"))) {
                    // which says itself whose it is
                    return;
                }
                assertThat(texts(pattern.path("account"))).as(name + " " + id).containsExactly("<AWS::AccountId>");
            }
        });
    }

    /** Each call of each account would invoke the alert function. */
    @Test
    void noPatternMatchesEveryCall() throws Exception {
        for (String name : Templates.names()) {
            patterns(name).forEach((id, pattern) -> {
                if (texts(pattern.path("detail-type")).stream().anyMatch(type -> type.contains("CloudTrail"))
                        || !pattern.has("detail-type")) {
                    assertThat(pattern.path("detail")).as(name + " " + id).isNotEmpty();
                }
            });
        }
    }

    /**
     * EventBridge's quotas, as they are before anybody asks for more.
     *
     * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html">Quotas</a>
     */
    @ParameterizedTest
    @MethodSource("names")
    void patternsAreWithinEventBridgesQuotas(String name) throws Exception {
        Map<String, JsonNode> patterns = patterns(name);
        patterns.forEach((id, pattern) ->
                assertThat(text(pattern).length()).as(name + " " + id).isLessThanOrEqualTo(2_048));
        assertThat(patterns.size()).as(name).isLessThanOrEqualTo(300);
        assertThat(patterns.values().stream()
                        .filter(pattern -> pattern.toString().contains("\"wildcard\"")))
                .as(name)
                .hasSizeLessThanOrEqualTo(30);
    }

    private static Map<String, JsonNode> patterns(String name) throws Exception {
        Map<String, JsonNode> patterns = new TreeMap<>();
        resources(name, "AWS::Events::Rule").forEach((id, rule) -> {
            if (rule.has("EventPattern")) {
                patterns.put(id, rule.path("EventPattern"));
            }
        });
        return patterns;
    }

    /** The collection reads the archive, which keeps values whole: one that is no term would be refused, and its document with it. */
    @Test
    void aCollectionIsGivenValuesThatItTakes() throws Exception {
        String pipeline = text(
                resource("serverless/TributaryLogging", "AWS::OSIS::Pipeline").path("PipelineConfigurationBody"));
        assertThat(pipeline).contains("{\"length\":8000,\"recursive\":true}");
    }
}
