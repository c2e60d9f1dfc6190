package io.tributary.alert.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleFileTest {
    private static final String GOOD = """
            title: Something happened
            severity: high
            why: It matters.
            runbook:
              - Do something.
            references:
              - https://example.com/
            techniques: [T1562.008]
            match:
              source: [aws.cloudtrail]
              detail:
                eventName: [StopLogging]
            unless:
              - detail: {userIdentity: {invokedBy: [cloudformation.amazonaws.com]}}
            group by: [account]
            quiet for: 30m
            threshold: {events: 5, within: 10m}
            status: staging
            message:
              what: "{detail.userIdentity.arn} did it"
              details:
                Trail: "{detail.requestParameters.name}"
            tests:
              - name: it happened
                alerts: true
                event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}
              - name: it did not
                alerts: false
                event: {eventSource: cloudtrail.amazonaws.com, eventName: StartLogging}
            """;

    @TempDir
    private Path folder;

    @Test
    void aRuleIsReadWithAllItSays() throws YamlException {
        Rule rule = RuleFile.parse("f.yaml", "cloudtrail/x", GOOD).rule();
        assertThat(rule.quietFor()).isEqualTo(Duration.ofMinutes(30));
        assertThat(rule.threshold()).contains(new Threshold(5, Duration.ofMinutes(10)));
        assertThat(rule.status()).isEqualTo(RuleStatus.STAGING);
        assertThat(rule.groupBy()).containsExactly("account");
        assertThat(rule.source()).isEqualTo("cloudtrail");
        assertThat(rule.details().get("Trail")).hasToString("{detail.requestParameters.name}");
    }

    @Test
    void whatARuleDoesNotSayHasADefault() throws YamlException {
        Rule rule = RuleFile.parse(
                        "f.yaml",
                        "cloudtrail/x",
                        GOOD.replaceAll("(?m)^(group by|quiet for|threshold|status): .*\n", ""))
                .rule();
        assertThat(rule.quietFor()).isEqualTo(Duration.ofHours(1));
        assertThat(rule.threshold()).isEmpty();
        assertThat(rule.status()).isEqualTo(RuleStatus.ACTIVE);
        assertThat(rule.groupBy()).containsExactly("account", "tributary.actor");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("severity: high", "severity: bad", "f.yaml:2: 'bad' is none of unknown, informational"),
                Arguments.of("severity: high", "severity: unknown", "f.yaml:2: say how severe it is"),
                Arguments.of("severity: high\n", "", "f.yaml:1: 'severity' is missing"),
                Arguments.of("why: It", "reason: x\nwhy: It", "f.yaml:3: 'reason' is not known here"),
                Arguments.of("title: Something happened", "title: It.", "f.yaml:1: a title has at most 70"),
                Arguments.of("https://example.com/", "http://example.com/", "f.yaml:7: a reference is an https URL"),
                Arguments.of("T1562.008", "T1", "f.yaml:8: 'T1' is no MITRE ATT&CK technique"),
                Arguments.of("[StopLogging]", "StopLogging", "f.yaml:12: 'eventName': "),
                Arguments.of(
                        "[StopLogging]", "[{prefixx: a}]", "f.yaml:12: 'eventName': Unrecognized match type prefixx"),
                Arguments.of("[StopLogging]", "[{wildcard: 'a**'}]", "f.yaml:12: 'eventName': "),
                Arguments.of(
                        "[StopLogging]",
                        "[{wildcard: '*a*a*a*a*a*a*a*a*a*a*a*a*a*'}]",
                        "f.yaml:10: the pattern's wildcards are too complex"),
                Arguments.of("[StopLogging]", "[" + "StopLogging,".repeat(400) + "x]", "f.yaml:10: the pattern has 5"),
                Arguments.of("[cloudformation.amazonaws.com]", "x", "f.yaml:14: 'invokedBy': "),
                Arguments.of("[account]", "['{account}']", "f.yaml:15: '{account}' is no path into the event"),
                Arguments.of("30m", "soon", "f.yaml:16: 'soon' is no duration from 1m to 30d"),
                Arguments.of("30m", "40d", "f.yaml:16: '40d' is no duration from 1m to 30d"),
                Arguments.of("events: 5", "events: 1", "f.yaml:17: expected an integer from 2 to 1000"),
                Arguments.of("{detail.userIdentity.arn} did", "{detail did", "f.yaml:20: a brace without its other"),
                Arguments.of("{detail.userIdentity.arn} did", "{ } did", "f.yaml:20: { } is no path into the event"),
                Arguments.of(
                        "alerts: false",
                        "alerts: true",
                        "f.yaml:24: a rule has a test that alerts and one that does not"),
                Arguments.of("alerts: false", "alerts: maybe", "f.yaml:28: expected true or false"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsWrongIsToldWithItsLine(String good, String wrong, String problem) {
        assertThat(GOOD).contains(good);
        assertThatThrownBy(() -> RuleFile.parse("f.yaml", "cloudtrail/x", GOOD.replace(good, wrong)))
                .isInstanceOf(YamlException.class)
                .message()
                .startsWith(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cloudtrail/x", "cloud trail/x", "x.y", ""})
    void aPathThatIsNoIdIsRefused(String id) {
        assertThatThrownBy(() -> RuleFile.parse("f.yaml", id, GOOD))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("the file's path is the rule's id");
    }

    @Test
    void aFolderTellsEveryProblemAtOnce() throws IOException {
        write("cloudtrail/good.yaml", GOOD);
        write("cloudtrail/no-yaml.yaml", "a: [");
        write("cloudtrail/untrue.yml", GOOD.replace("StartLogging", "StopLogging"));
        write("cloudtrail/blind.yaml", GOOD.replace("[StopLogging]", "[DeleteTrail]"));
        write("cloudtrail/readme.md", "no rule");
        Files.write(folder.resolve("cloudtrail/latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe4});
        RuleFolder read = RuleFolder.read(folder);
        assertThat(read.rules()).extracting(Rule::id).contains("cloudtrail/good");
        assertThat(read.problems()).hasSize(4);
        assertThat(read.problems())
                .anySatisfy(problem -> assertThat(problem).contains("no-yaml.yaml:1: "))
                .anySatisfy(problem -> assertThat(problem).contains("latin.yaml:1: the file is not in UTF-8"))
                .anySatisfy(problem ->
                        assertThat(problem).endsWith("untrue.yml:27: 'it did not': the rule matches, and should not"))
                .anySatisfy(problem -> assertThat(problem)
                        .endsWith("blind.yaml:24: 'it happened': the rule does not match, and should"));
    }

    @Test
    void compiledRulesAreTheSameRules() throws IOException {
        write("cloudtrail/good.yaml", GOOD);
        Path compiled = folder.resolve("out/rules.json");
        RuleCompiler.main(new String[] {folder.toString(), compiled.toString()});
        List<Rule> rules = RuleJson.read(Files.readAllBytes(compiled));
        assertThat(rules.toString()).isEqualTo(RuleFolder.read(folder).rules().toString());
    }

    @Test
    void rulesThatAreWrongFailTheBuild() throws IOException {
        write("cloudtrail/bad.yaml", "title: x");
        assertThatThrownBy(() -> RuleCompiler.main(new String[] {
                    folder.toString(), folder.resolve("rules.json").toString()
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bad.yaml:1: 'match' is missing");
    }

    @Test
    void theProjectsOwnRulesAreInTheFunction() {
        assertThat(RuleJson.readResource()).extracting(Rule::id).contains("cloudtrail/trail-stopped");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
