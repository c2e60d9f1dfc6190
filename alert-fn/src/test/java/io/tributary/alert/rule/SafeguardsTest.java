package io.tributary.alert.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.AlertKey;
import io.tributary.alert.Event;
import io.tributary.alert.TestRules;
import io.tributary.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is watched cannot decide whether anybody is told. */
class SafeguardsTest {
    private static final String RULE = """
            title: Something happened
            severity: high
            why: It matters.
            runbook: [Do something.]
            match: %s
            unless: %s
            group by: %s
            message: {what: "{detail.eventName}"}
            tests:
              - {name: it is, alerts: true, event: {eventSource: iam.amazonaws.com, eventName: CreateUser}}
              - {name: it is not, alerts: false, event: {eventSource: iam.amazonaws.com, eventName: DeleteUser}}
            """;

    private static final String MATCH = "{source: [aws.iam], detail: {eventName: [CreateUser]}}";

    @TempDir
    private Path folder;

    private static RuleFile parse(String match, String unless, String group) throws YamlException {
        return RuleFile.parse("f.yaml", "cloudtrail/x", RULE.formatted(match, unless, group));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{detail: {userIdentity: {type: [Root]}}}",
                "{source: [com.example], detail: {eventName: [CreateUser]}}",
                "{source: [aws.iam, example], detail: {eventName: [CreateUser]}}",
                "{source: [{prefix: a}], detail: {eventName: [CreateUser]}}",
                "{source: [{anything-but: aws.s3}], detail: {eventName: [CreateUser]}}",
                "{source: [{wildcard: '*aws.iam'}], detail: {eventName: [CreateUser]}}"
            })
    void aRuleIsAboutWhatAwsServicesSay(String match) {
        assertThatThrownBy(() -> parse(match, "[]", "[account]"))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("f.yaml:5: ")
                .hasMessageContaining("source");
    }

    @Test
    void whatNoServiceHasSaidBreaksNoRule() {
        RuleSet rules = RuleSet.of(List.of(TestRules.rule(
                "cloudtrail/root", "high", "{source: [{prefix: aws.}], detail: {userIdentity: {type: [Root]}}}", "")));
        Event event = SampleEvents.of("cloudtrail", json("{\"userIdentity\": {\"type\": \"Root\"}}"));
        assertThat(rules.matching(event)).hasSize(1);

        ((ObjectNode) event.json()).put("source", "com.example");
        assertThat(rules.matching(event)).isEmpty();
        assertThat(RuleSet.of(RuleJson.readResource()).matching(event)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{detail: {userAgent: [{wildcard: '*terraform*'}]}}]",
                "[{detail: {userIdentity: {arn: [{wildcard: '*:assumed-role/AWSServiceRoleFor*'}]}}}]",
                "[{detail: {userIdentity: {principalId: [{suffix: ':deploy'}]}}}]",
                "[{detail: {userIdentity: {userName: [terraform]}}}]",
                "[{detail: {userIdentity: {sessionContext: {sessionIssuer: {userName: [{prefix: AWSServiceRole}]}}}}}]",
                "[{detail: {userIdentity: {sessionContext: {sessionIssuer: {arn: [{wildcard: '*role/aws-service-role/*'}]}}}}}]",
                "[{tributary: {actor: [{wildcard: 'arn:aws:iam::*:role/build'}]}}]",
                "[{detail: {sourceIPAddress: [{cidr: 10.0.0.0/8}]}}]",
                "[{detail: {requestParameters: {policy: [{wildcard: '*aws:PrincipalOrgID*'}]}}}]",
                "[{detail: {requestParameters: {bucketPolicy: {Statement: {Condition: {StringEquals: {'aws:PrincipalOrgID': [{exists: true}]}}}}}}}]",
                "[{detail: {$or: [{eventName: [x]}, {requestParameters: {description: [harmless]}}]}}]"
            })
    void nothingThatTheCallerWritesExcusesHim(String unless) {
        assertThatThrownBy(() -> parse(MATCH, unless, "[account]"))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("f.yaml:6: ")
                .hasMessageContaining("excuses nobody: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{detail: {userIdentity: {invokedBy: [{suffix: .amazonaws.com}]}}}]",
                "[{tributary: {actor_type: [service-linked-role]}}]",
                "[{tributary: {actor: ['arn:aws:iam::123456789012:role/build']}}]",
                "[{account: ['123456789012']}]",
                "[{detail: {sourceIPAddress: [{cidr: 192.0.2.0/24}, AWS Internal]}}]",
                "[{detail: {requestParameters: {dryRun: [true]}}}]"
            })
    void whatAwsSaysMayExcuse(String unless) {
        assertThatCode(() -> parse(MATCH, unless, "[account]")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{source: [aws.iam], detail: {eventName: [CreateUser], userAgent: [{anything-but: {wildcard: '*terraform*'}}]}}",
                "{source: [aws.iam], detail: {eventName: [CreateUser], userAgent: [{exists: false}]}}",
                "{source: [aws.iam], detail: {eventName: [CreateUser], userIdentity: {arn: [{anything-but: {suffix: /deploy}}]}}}"
            })
    void aNegationIsAnExcuseToo(String match) {
        assertThatThrownBy(() -> parse(match, "[]", "[account]"))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("excuses nobody: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "detail.userIdentity.arn",
                "detail.userIdentity.principalId",
                "detail.userIdentity.sessionContext.sessionIssuer.arn",
                "detail.userAgent",
                "detail.eventID",
                "id"
            })
    void aGroupIsOfValuesThatStayTheSame(String path) {
        assertThatThrownBy(() -> parse(MATCH, "[]", "[account, " + path + "]"))
                .isInstanceOf(YamlException.class)
                .hasMessage("f.yaml:7: '" + path
                        + "' may differ with each call of the same caller; group by tributary.actor");
    }

    /** 120 secrets, read under session names that change every eight: they are one group for every rule that is about them. */
    @Test
    void sessionsOfARoleAreOneGroup() {
        RuleSet rules = RuleSet.of(RuleJson.readResource());
        Set<String> keys = new HashSet<>();
        Set<String> broken = new HashSet<>();
        for (int i = 0; i < 120; i++) {
            Event event = SampleEvents.of("cloudtrail", json("""
                            {"eventSource": "secretsmanager.amazonaws.com", "eventName": "GetSecretValue", "readOnly": true,
                             "eventID": "e-%d", "userAgent": "Boto3/1.40.0", "requestParameters": {"secretId": "s-%d"},
                             "userIdentity": {"type": "AssumedRole", "principalId": "AROAEXAMPLE:s-%3$d", "userName": null,
                              "arn": "arn:aws:sts::123456789012:assumed-role/deploy/s-%3$d",
                              "sessionContext": {"sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::123456789012:role/deploy"}}}}
                            """.formatted(i, i, i / 8)));
            for (Rule rule : rules.matching(event)) {
                broken.add(rule.id());
                keys.add(AlertKey.of(rule, event));
                assertThat(rule.threshold().orElseThrow().events()).isLessThanOrEqualTo(120);
            }
        }
        assertThat(broken).containsExactly("cloudtrail/secrets-read-in-bulk-by-a-role");
        assertThat(keys).hasSize(1);
    }

    @Test
    void noRuleOfTheProjectsGroupsBySessions() {
        assertThat(RuleJson.readResource())
                .allSatisfy(rule -> assertThat(rule.groupBy()).doesNotContain("detail.userIdentity.arn"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{s: {eventName: CreateUser}, f: {userAgent|contains: terraform}, condition: s and not f}",
                "{s: {eventName: CreateUser}, f: {userIdentity.arn|endswith: /deploy}, condition: s and not f}",
                "{s: {eventName: CreateUser, userAgent|neq: x}, condition: s}",
                "{s: {eventName: CreateUser, userAgent: null}, condition: s}",
                "{s: {eventName: CreateUser}, f: [terraform], condition: s and not f}",
                "{s: {eventName: CreateUser}, f: {requestParameters.policyDocument|contains: Deny}, condition: s and not 1 of f*}",
                "{s: {userAgent|contains: kali}, condition: s}"
            })
    void theBuildRefusesSigmaRulesThatAreExcusedOrAboutEverything(String detection) throws IOException {
        write(detection);
        assertThat(RuleFolder.read(folder).problems()).isEmpty();
        assertThat(RuleFolder.read(folder).undeployable())
                .hasSize(1)
                .allMatch(problem -> problem.contains("x.yml:1: "));
        assertThatThrownBy(() -> RuleCompiler.main(new String[] {
                    folder.toString(), folder.resolve("out.json").toString()
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("x.yml:1: ");
    }

    @Test
    void aNegationOfANegationIsNone() throws IOException {
        write("{s: {eventName: CreateUser}, f: {userAgent|contains: kali}, condition: s and not (not f)}");
        assertThat(RuleFolder.read(folder).undeployable()).isEmpty();
    }

    private void write(String detection) throws IOException {
        Files.writeString(folder.resolve("x.yml"), """
                title: x
                logsource: {product: aws, service: cloudtrail}
                detection: %s
                """.formatted(detection));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
