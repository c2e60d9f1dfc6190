package io.tributary.alert.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.alert.TestRules;
import io.tributary.alert.pattern.EventPatterns.Deployed;
import io.tributary.alert.rule.Detection;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleCase;
import io.tributary.alert.rule.RuleFile;
import io.tributary.alert.rule.RuleFolder;
import io.tributary.alert.rule.RuleStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Machine;

class EventPatternsTest {
    private static final Map<Deployed, Machine> MACHINES = new HashMap<>();

    private static List<RuleFile> files;
    private static List<Deployed> deployed;
    private static List<Deployed> forwarded;

    @BeforeAll
    static void read() throws Exception {
        RuleFolder folder = RuleFolder.read(Path.of("rules"));
        files = folder.files();
        deployed = EventPatterns.of(folder.rules());
        forwarded = EventPatterns.forwarded(folder.rules());
    }

    /** What a rule's own tests say that it matches reaches the function. */
    @Test
    void everyEventThatARuleMatchesIsMatchedByAPattern() throws Exception {
        for (RuleFile file : files) {
            if (file.rule().status() == RuleStatus.DISABLED) {
                continue;
            }
            for (RuleCase one : file.cases()) {
                if (one.alerts()) {
                    String event = one.event().json().toString();
                    assertThat(matching(deployed, event))
                            .as(file.rule().id() + ": " + one.name())
                            .isNotEmpty();
                    assertThat(matching(forwarded, event))
                            .as(file.rule().id() + ": " + one.name())
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void aFindingIsForwardedOnceEvenWhereNoRuleIsAboutIt() throws Exception {
        String finding = """
                {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {"type": "Other:Kind/Of", "severity": 0.5}}
                """;
        assertThat(matching(forwarded, finding)).containsExactly(EventPatterns.findings());
        assertThat(matching(forwarded, finding.replace("0.5", "8"))).hasSize(1);
        assertThat(EventPatterns.forwarded(List.of())).containsExactly(EventPatterns.findings());
    }

    @Test
    void callsThatOnlyReadAreDeliveredWhereARuleWantsThem() throws Exception {
        for (RuleFile file : files) {
            for (RuleCase one : file.cases()) {
                if (one.alerts() && one.event().json().at("/detail/readOnly").asBoolean()) {
                    assertThat(matching(deployed, one.event().json().toString()))
                            .as(file.rule().id() + ": " + one.name())
                            .anyMatch(Deployed::isReading);
                }
            }
        }
    }

    @Test
    void patternsAreFewAndWithinEventBridgesLimit() {
        assertThat(deployed)
                .allSatisfy(one -> assertThat(one.pattern().toString().length())
                        .isLessThanOrEqualTo(EventPatterns.MOST_CHARACTERS));
        // of the 300 that a bus may have
        assertThat(deployed.size()).isBetween(50, 150);
    }

    @Test
    void whatNoRuleMatchesIsNotDelivered() throws Exception {
        String event = new ObjectMapper().readTree("""
                        {"source": "aws.s3", "detail-type": "AWS API Call via CloudTrail", "account": "123456789012",
                         "region": "eu-central-1", "detail": {"eventSource": "s3.amazonaws.com",
                         "eventName": "CreateBucket", "awsRegion": "eu-central-1", "readOnly": false,
                         "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role/a/b"}}}
                        """).toString();
        assertThat(matching(deployed, event)).isEmpty();
    }

    /** By the machine that EventBridge itself runs. */
    private static Stream<Deployed> matching(List<Deployed> patterns, String event) throws Exception {
        Stream.Builder<Deployed> found = Stream.builder();
        for (Deployed one : patterns) {
            Machine machine = MACHINES.computeIfAbsent(one, EventPatternsTest::machine);
            if (!machine.rulesForJSONEvent(event).isEmpty()) {
                found.add(one);
            }
        }
        return found.build();
    }

    private static Machine machine(Deployed one) {
        try {
            Machine machine = new Machine();
            machine.addRule("pattern", one.pattern().toString());
            return machine;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Which rules share a pattern must not matter. */
    @Test
    void anyChoiceOfRulesGetsItsEvents() throws Exception {
        Random random = new Random(42);
        for (int round = 0; round < 20; round++) {
            List<RuleFile> some = files.stream()
                    .filter(file -> file.rule().status() != RuleStatus.DISABLED
                            && file.rule().detection() instanceof Detection.Pattern
                            && random.nextInt(3) > 0)
                    .toList();
            List<Deployed> patterns =
                    EventPatterns.of(some.stream().map(RuleFile::rule).toList());
            for (RuleFile file : some) {
                for (RuleCase one : file.cases()) {
                    if (one.alerts()) {
                        assertThat(matching(patterns, one.event().json().toString()))
                                .as(file.rule().id() + ": " + one.name())
                                .isNotEmpty();
                    }
                }
            }
        }
    }

    /** The folder's order must not matter. */
    @Test
    void anyOrderOfRulesMakesTheSamePatterns() {
        assertThat(EventPatterns.of(files.stream()
                        .map(RuleFile::rule)
                        .sorted(Comparator.comparing(
                                rule -> new StringBuilder(rule.id()).reverse().toString()))
                        .toList()))
                .isEqualTo(deployed);
    }

    @Test
    void whatIsKnownBesideAnEventIsNotInAPattern() throws Exception {
        Rule rule = TestRules.rule(
                "cloudtrail/x",
                "high",
                "{source: [aws.cloudtrail], detail: {eventName: [StopLogging]}, $or: [{tributary: {actor_type: [x]}}, {detail: {readOnly: [false]}}]}",
                "");
        assertThat(EventPatterns.of(List.of(rule)).get(0).pattern())
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"source\":[\"aws.cloudtrail\"],\"detail\":{\"eventName\":[\"StopLogging\"]}}"));
        Rule both = TestRules.rule(
                "cloudtrail/x",
                "high",
                "{source: [aws.cloudtrail], detail: {eventName: [StopLogging]}, $or: [{tributary: {actor_type: [x]}, account: [a]}, {account: [b]}]}",
                "");
        assertThat(EventPatterns.of(List.of(both)).get(0).pattern().path("$or").toString())
                .isEqualTo("[{\"account\":[\"a\"]},{\"account\":[\"b\"]}]");
    }
}
