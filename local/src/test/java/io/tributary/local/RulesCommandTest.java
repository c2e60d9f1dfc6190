package io.tributary.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RulesCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String EXAMPLES = ROOT.resolve("examples").toString();

    private static final String RULE = """
            title: A bucket was made
            severity: low
            why: It matters.
            runbook: [Look.]
            match: {source: [{prefix: aws.}], detail: {eventName: [CreateBucket]}}
            message: {what: "a bucket was made"}
            tests:
              - {name: made, alerts: true, event: {eventName: CreateBucket}}
              - {name: not made, alerts: false, event: {eventName: ListBuckets}}
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void inACheckout() {
        System.setProperty("tributary.root", ROOT.toString());
    }

    @AfterEach
    void elsewhere() {
        System.clearProperty("tributary.root");
    }

    @Test
    void theProjectsOwnRulesAreRight() {
        assertThat(run("rules", "test")).isZero();
        assertThat(out.toString()).containsPattern("1[0-9][0-9] rules with \\d+ tests: all right");
    }

    @Test
    void aFolderThatIsWrongIsToldByFileAndLine() throws IOException {
        Files.writeString(folder.resolve("good.yaml"), RULE);
        Files.writeString(folder.resolve("untrue.yaml"), RULE.replace("ListBuckets", "CreateBucket"));
        assertThat(run("rules", "test", folder.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains(folder.resolve("untrue.yaml") + ":9: 'not made': the rule matches, and should not")
                .contains("2 rules with 4 tests: 1 problems");
        assertThat(run("rules", "test", "--json", folder.toString())).isEqualTo(1);
        assertThat(run("rules", "test", folder.resolve("nowhere").toString())).isEqualTo(3);
        assertThat(err.toString()).contains("nowhere: no such folder");
    }

    @Test
    void runningRulesCountsEventsAndAlerts() {
        assertThat(run("rules", "run", EXAMPLES)).isZero();
        assertThat(out.toString())
                .contains("cloudtrail/trail-stopped")
                .contains("rule", "severity", "events", "alerts", "first", "last")
                .containsPattern("\\d+ events \\(and \\d+ of other kinds, left out\\), \\d+ of 1\\d\\d rules broken");
    }

    @Test
    void jsonHasALineForEveryRule() throws IOException {
        Files.writeString(folder.resolve("made.yaml"), RULE);
        Files.writeString(folder.resolve("other.yaml"), RULE.replace("CreateBucket", "DeleteBucket"));
        Path events = folder.resolve("events.json");
        Files.writeString(
                events,
                "{\"Records\":[" + record("2026-03-01T08:00:00Z", "1") + "," + record("2026-03-01T07:30:00Z", "2") + ","
                        + record("2026-03-01T09:30:00Z", "3") + "]}");
        assertThat(run("rules", "run", "--json", "--rules", folder.toString(), events.toString()))
                .isZero();
        assertThat(lines())
                .containsExactly(
                        "{\"rule\":\"made\",\"events\":3,\"alerts\":2}",
                        "{\"rule\":\"other\",\"events\":0,\"alerts\":0}");
    }

    @Test
    void sigmaRulesRunFromAnyFolderAndTheRefusedAreNamed() throws IOException {
        Files.writeString(
                folder.resolve("Made.yml"),
                "title: x\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {eventName: createbucket}\n"
                        + "  condition: s\n");
        Files.writeString(
                folder.resolve("windows.yml"), "title: x\nlogsource: {product: windows}\ndetection: {condition: s}\n");
        Files.writeString(
                folder.resolve("counted.yml"),
                "title: x\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {a: b}\n"
                        + "  condition: s | count() > 5\n");
        Path events = folder.resolve("events.json");
        Files.writeString(events, "{\"Records\":[" + record("2026-03-01T08:00:00Z", "1") + "]}");
        assertThat(run("rules", "run", "--json", "--rules", folder.toString(), events.toString()))
                .isEqualTo(1);
        assertThat(lines()).containsExactly("{\"rule\":\"made\",\"events\":1,\"alerts\":1}");
        assertThat(err.toString()).contains("counted.yml:5: aggregations");
    }

    @Test
    void archivedDocumentsBreakTheSameRulesAsTheirEvents() throws IOException {
        Path cloudTrail = Files.list(Path.of(EXAMPLES))
                .filter(file -> file.toString().contains("CloudTrail"))
                .findFirst()
                .orElseThrow();
        run("rules", "run", "--json", cloudTrail.toString());
        Map<String, Long> before = counts();
        Path archive = folder.resolve("archive");
        assertThat(run("transform", "--out", archive.toString(), cloudTrail.toString()))
                .isZero();
        out.getBuffer().setLength(0);
        run("rules", "run", "--json", archive.resolve("events").toString());
        assertThat(counts()).isEqualTo(before);
        assertThat(before.values()).anyMatch(count -> count > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudtrail/trail-stopped", "guardduty/attack-sequence", "sigma/key-made-for-another-user"})
    void aRuleShowsItsMessages(String id) throws IOException {
        assertThat(run("rules", "show", id)).isZero();
        assertThat(out.toString()).contains("--- email", "Subject: [", "What to do", "--- chat", "\"textType\"");
        out.getBuffer().setLength(0);
        assertThat(run("rules", "show", "--json", id)).isZero();
        assertThat(JSON.readTree(out.toString()).at("/metadata/eventType").asText())
                .isEqualTo(id);
    }

    @Test
    void aRuleThatIsNotThereIsToldWithOneThatMayBeMeant() {
        assertThat(run("rules", "show", "trail-stopped")).isEqualTo(2);
        assertThat(err.toString()).contains("There is no rule 'trail-stopped'; do you mean cloudtrail/trail-stopped?");
    }

    @Test
    void aCommandIsAskedFor() {
        assertThat(run("rules")).isEqualTo(2);
        assertThat(err.toString()).contains("Which of test, run and show?");
        assertThat(run("rules", "run", folder.resolve("none.json").toString())).isEqualTo(3);
    }

    private int run(String... arguments) {
        CommandLine commandLine = Tributary.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    private Map<String, Long> counts() throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        for (String line : new ArrayList<>(lines())) {
            JsonNode rule = JSON.readTree(line);
            counts.put(rule.path("rule").asText(), rule.path("events").asLong());
        }
        return counts;
    }

    private static String record(String time, String id) {
        return "{\"eventVersion\":\"1.11\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"CreateBucket\",\"eventTime\":\""
                + time + "\",\"eventID\":\"" + id
                + "\",\"awsRegion\":\"eu-central-1\",\"recipientAccountId\":\"123456789012\"}";
    }
}
