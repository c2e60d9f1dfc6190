package io.tributary.alert.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Alert;
import io.tributary.alert.Event;
import io.tributary.alert.Subject;
import io.tributary.alert.Summary;
import io.tributary.alert.TestRules;
import io.tributary.alert.Untold;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleFile;
import io.tributary.yaml.YamlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages as they are sent. The golden files beside this class's resources are rewritten by
 * {@code ./mvnw -pl alert-fn -am test -Dtest=MessageTest -Dsurefire.failIfNoSpecifiedTests=false -Dtributary.golden=write}.
 */
class MessageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final boolean WRITE = "write".equals(System.getProperty("tributary.golden"));
    private static final Path GOLDEN = Path.of("src", "test", "resources", "message");
    private static final Instant NOW = Instant.parse("2026-03-01T08:15:33Z");
    private static final MessageSettings SETTINGS = new MessageSettings(
            Map.of("123456789012", "production"), Optional.of("https://search.example.com/?uid={uid}"));

    /** What an attacker may have chosen: names, parameters, the user agent. */
    private static final String HOSTILE =
            "x`*_~<!channel> <@U123> <https://evil.example.com|click> [click](https://evil.example.com)\r\nWhat to do\n1. "
                    + "www.evil.example.com \u202egnp.exe\u0000 & {detail.account} $1";

    @Test
    void anAlertAboutACall() throws IOException {
        Alert alert = alert(
                rule("cloudtrail/trail-stopped"),
                TestRules.stopLoggingEvent("aaaaaaaa-bbbb-4ccc-8ddd-000000000101"),
                0,
                1);
        compare(alert, "call");
    }

    @Test
    void aFollowUpOfAThresholdAboutAFinding() throws IOException {
        Rule rule = TestRules.rule(
                "guardduty/example",
                "critical",
                "{source: [aws.guardduty]}",
                "threshold: {events: 5, within: 10m}\ntechniques: [T1562, T1562.008]");
        ObjectNode finding =
                (ObjectNode) TestRules.finding("16afba5c5c43e07c9e3e5e2e544e95df", 8, "2026-03-01T08:15:30.000Z")
                        .detail()
                        .deepCopy();
        finding.putObject("resource")
                .put("resourceType", "AccessKey")
                .putObject("accessKeyDetails")
                .put("userName", "ana");
        ObjectNode remote = finding.putObject("service")
                .putObject("action")
                .putObject("awsApiCallAction")
                .putObject("remoteIpDetails")
                .put("ipAddressV4", "198.51.100.9");
        remote.putObject("country").put("countryName", "Examplia");
        remote.putObject("organization").put("asnOrg", "Example Networks");
        compare(alert(rule, Event.ofFinding(finding), 12, 5), "finding");
    }

    @Test
    void aHostileEvent() throws IOException {
        compare(alert(rule("cloudtrail/trail-stopped"), hostile(HOSTILE), 0, 1), "hostile");
    }

    @Test
    void repeatsThatNoEventBroughtUp() throws IOException {
        compare(repeats("arn:aws:sts::123456789012:assumed-role/Admin/ana"), "repeats");
    }

    @Test
    void whatWasHeldBack() throws IOException {
        Rule rule = rule("cloudtrail/trail-stopped");
        Untold untold = new Untold.HeldBack(
                "allowance:" + rule.id() + "#123456789012#2026-03-01T12:00:00Z",
                rule.id(),
                "123456789012",
                190,
                412,
                200,
                List.of("organization", "trail of ana"),
                Instant.parse("2026-03-01T12:01:00Z"),
                Instant.parse("2026-03-01T12:48:09Z"),
                Instant.parse("2026-03-01T13:01:20Z"),
                Set.of());
        compare(new Summary(rule, untold), "heldback");
    }

    @Test
    void noValueOfAnEventFormatsMentionsLinksOrBeginsALine() {
        Alert alert = alert(rule("cloudtrail/trail-stopped"), hostile(HOSTILE), 0, 1);
        EmailMessage email = EmailMessage.of(alert, SETTINGS);
        assertThat(email.body()).doesNotContain("https://evil", "www.evil", "\u202e", "\u0000", "\r");
        assertThat(email.body().lines().filter(line -> line.startsWith("What to do")))
                .hasSize(1);
        JsonNode content = ChatNotification.of(alert, SETTINGS).path("content");
        for (JsonNode text :
                List.of(content.path("description"), content.path("nextSteps").get(0))) {
            assertThat(text.asText()).doesNotContain("<!", "<@", "<h", "\u202e");
            assertThat(withoutCode(text.asText())).doesNotContain("evil", "gnp", "x*");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 300, 100_000, 2_000_000})
    void messagesStayWithinTheLimitsOfTheirServices(int length) {
        Event event = hostile("\u20ac\ud83d\ude00".repeat(length));
        ObjectNode parameters = (ObjectNode) event.detail().path("requestParameters");
        for (int i = 0; i < Math.min(length, 5_000); i++) {
            parameters.put("p" + i, HOSTILE);
        }
        Alert alert = alert(rule("cloudtrail/trail-stopped"), event, 0, 1);
        EmailMessage email = EmailMessage.of(alert, SETTINGS);
        assertThat(email.subject()).hasSizeLessThan(100).matches("[ -~]+");
        assertThat(email.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(EmailMessage.MOST_BYTES);
        JsonNode chat = ChatNotification.of(alert, SETTINGS);
        assertThat(chat.at("/content/title").asText()).hasSizeLessThanOrEqualTo(250);
        assertThat(chat.at("/content/description").asText()).hasSizeLessThanOrEqualTo(8_000);
        assertThat(chat.at("/content/nextSteps")).allMatch(step -> step.asText().length() <= 350);
        assertThat(chat.at("/content/keywords"))
                .allMatch(keyword -> keyword.asText().length() <= 75);
        assertThat(chat.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(256 * 1024);
    }

    @Test
    void aLongSubjectIsCutAndForeignLettersDoNotBreakIt() {
        MessageSettings settings =
                new MessageSettings(Map.of("123456789012", "Größe\n" + "x".repeat(200)), Optional.empty());
        assertThat(EmailMessage.of(
                                alert(rule("cloudtrail/trail-stopped"), TestRules.stopLoggingEvent("e1"), 0, 1),
                                settings)
                        .subject())
                .isEqualTo("[High] CloudTrail stopped logging: Gr??e " + "x".repeat(54) + " ...");
    }

    @Test
    void anEventThatTellsLittleMakesAMessageAllTheSame() throws IOException {
        Event event = new Event(JSON.readTree(
                "{\"id\":\"1\",\"source\":\"aws.cloudtrail\",\"detail-type\":\"x\",\"detail\":{\"eventName\":null}}"));
        EmailMessage email = EmailMessage.of(alert(rule("cloudtrail/trail-stopped"), event, 0, 1), SETTINGS);
        assertThat(email.body())
                .startsWith("unknown stopped the trail unknown.")
                .contains("2026-03-01 08:15:33 UTC");
        assertThat(email.body()).doesNotContain("Console");
    }

    private static void compare(Alert alert, String name) throws IOException {
        EmailMessage email = EmailMessage.of(alert, SETTINGS);
        golden(name + ".email.txt", "Subject: " + email.subject() + "\n\n" + email.body());
        golden(name + ".chat.json", pretty(ChatNotification.of(alert, SETTINGS)));
        golden(name + ".record.json", pretty(AlertRecord.of(alert, SETTINGS)));
    }

    private static void compare(Summary summary, String name) throws IOException {
        EmailMessage email = EmailMessage.of(summary, SETTINGS);
        golden(name + ".email.txt", "Subject: " + email.subject() + "\n\n" + email.body());
        golden(name + ".chat.json", pretty(ChatNotification.of(summary, SETTINGS)));
    }

    private static Summary repeats(String group) {
        Rule rule = rule("cloudtrail/trail-stopped");
        return new Summary(
                rule,
                new Untold.Repeats(
                        rule.id() + "#00112233445566778899aabbccddeeff",
                        new Subject(rule.id(), "123456789012", group),
                        "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                        4,
                        7,
                        Instant.parse("2026-03-01T12:01:00Z"),
                        Instant.parse("2026-03-01T12:48:09Z"),
                        Set.of()));
    }

    private static void golden(String name, String actual) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (WRITE) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, actual);
        }
        assertThat(file).exists();
        assertThat(actual).isEqualTo(Files.readString(file));
    }

    private static String pretty(JsonNode json) {
        return json.toPrettyString().replace("\r\n", "\n") + "\n";
    }

    private static String withoutCode(String markdown) {
        return markdown.replaceAll("`[^`]*`", "");
    }

    private static Event hostile(String value) {
        Event event = TestRules.stopLoggingEvent("aaaaaaaa-bbbb-4ccc-8ddd-000000000101", value);
        ObjectNode detail = (ObjectNode) event.detail();
        detail.put("userAgent", value).put("sourceIPAddress", value);
        ((ObjectNode) detail.path("requestParameters")).put("name", value);
        return event;
    }

    private static Alert alert(Rule rule, Event event, long repeats, int events) {
        return new Alert(
                "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                rule.id() + "#00112233445566778899aabbccddeeff",
                rule,
                event,
                repeats,
                repeats > 0,
                events,
                false,
                NOW);
    }

    private static Rule rule(String id) {
        try {
            return RuleFile.parse(id, id, Files.readString(Path.of("rules", id + ".yaml")))
                    .rule();
        } catch (IOException | YamlException e) {
            throw new IllegalStateException(e);
        }
    }
}
