package io.tributary.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.alert.rule.Detection;
import io.tributary.alert.rule.RuleCase;
import io.tributary.alert.rule.RuleFile;
import io.tributary.alert.rule.RuleFolder;
import io.tributary.alert.rule.RuleStatus;
import io.tributary.infra.EventPatterns.Deployed;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Ruler;

class EventPatternsTest {
    private static List<RuleFile> files;
    private static List<Deployed> deployed;

    /** Without the rules that have to see every call. */
    private static List<Deployed> narrow;

    @BeforeAll
    static void read() throws Exception {
        RuleFolder folder = RuleFolder.read(Path.of("../alert-fn/rules"));
        files = folder.files();
        deployed = EventPatterns.of(folder.rules());
        narrow = EventPatterns.of(folder.rules().stream()
                .filter(rule -> !(rule.detection() instanceof Detection.Sigma sigma)
                        || sigma.rule().eventNames().isPresent()
                        || sigma.rule().eventSources().isPresent())
                .toList());
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
                }
            }
        }
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
        assertThat(deployed.size()).isLessThan(5);
        assertThat(narrow.size()).isBetween(5, 20);
        assertThat(narrow)
                .allSatisfy(one -> assertThat(one.pattern().toString().length())
                        .isLessThanOrEqualTo(EventPatterns.MOST_CHARACTERS));
    }

    @Test
    void whatNoRuleMatchesIsNotDelivered() throws Exception {
        String event = new ObjectMapper().readTree("""
                        {"source": "aws.s3", "detail-type": "AWS API Call via CloudTrail", "account": "123456789012",
                         "region": "eu-central-1", "detail": {"eventSource": "s3.amazonaws.com",
                         "eventName": "CreateBucket", "awsRegion": "eu-central-1", "readOnly": false,
                         "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role/a/b"}}}
                        """).toString();
        assertThat(matching(narrow, event)).isEmpty();
    }

    private static Stream<Deployed> matching(List<Deployed> patterns, String event) throws Exception {
        Stream.Builder<Deployed> found = Stream.builder();
        for (Deployed one : patterns) {
            if (Ruler.matchesRule(event, one.pattern().toString())) {
                found.add(one);
            }
        }
        return found.build();
    }

    @Test
    void withoutThoseThatSeeEveryCallTheOthersStillGetTheirs() throws Exception {
        for (RuleFile file : files) {
            if (file.rule().status() == RuleStatus.DISABLED
                    || !(file.rule().detection() instanceof Detection.Pattern)) {
                continue;
            }
            for (RuleCase one : file.cases()) {
                if (one.alerts()) {
                    assertThat(matching(narrow, one.event().json().toString()))
                            .as(file.rule().id() + ": " + one.name())
                            .isNotEmpty();
                }
            }
        }
    }
}
