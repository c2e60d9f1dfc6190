package io.tributary.alert.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Alert;
import io.tributary.alert.Event;
import io.tributary.alert.Subject;
import io.tributary.alert.Summary;
import io.tributary.alert.TestRules;
import io.tributary.alert.Untold;
import io.tributary.alert.rule.Rule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever an event says, a message is of its form, and links lead where we say. */
class MessagePropertyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final MessageSettings SETTINGS =
            new MessageSettings(Map.of(), Optional.of("https://search.example.com/?uid={uid}"));

    /** In every value, and nowhere else. */
    private static final String MARK = "\u0416";

    private static final Rule RULE = TestRules.rule("cloudtrail/any", "high", "{source: [aws.s3]}", "");

    /** What a mail program or a chat makes a link or a mention of. */
    private static final Pattern LINK = Pattern.compile(
            "https?:|://|mailto:|(?<![a-z])tel:|www\\.\\w|(?<!\\[)@|@(?!])|[\\p{L}\\p{N}_-]\\.\\p{L}|[\\p{L}_-]\\.[\\p{L}\\p{N}]"
                    + "|[\u3002\uff0e\uff61\uff20]",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private static final Pattern OUR_LINK = Pattern.compile("(?:https://search\\.example\\.com/\\?uid=[A-Za-z0-9%._-]*"
            + "|https://[a-z0-9-]+\\.console\\.aws\\.amazon\\.com/[A-Za-z0-9/?=#&-]*)");

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\n]]");

    private static final List<String> PIECES = List.of(
            "https://evil.example.net/x",
            "HTTP://EVIL.example.net",
            "http:\\\\evil.example.net",
            "ftp://evil.example.net",
            "www.evil.example.net",
            "www.1evil.net",
            "evil.example.net/login",
            "evil\u3002example\uff0enet",
            "ana@example.net",
            "mailto:ana@example.net",
            "tel:+15550100",
            "@channel",
            "@here",
            "<!channel>",
            "<@U123>",
            "<https://evil.net|click>",
            "[click](https://evil.net)",
            "`",
            "``",
            "```",
            "*bold*",
            "_it_",
            "~no~",
            "&",
            "&amp;",
            "&lt;!here&gt;",
            "\r\n",
            "\n> ",
            "\u2028",
            "\u202e",
            "\u200b",
            "\ufeff",
            "\u0000",
            "\u001b[31m",
            "\ud83d\ude00",
            "\ud83d",
            "\udc00",
            "\u0301",
            "\ufe0f",
            "192.0.2.44",
            "aws-cli/2.27.0",
            "198.51.100.0/24",
            "arn:aws:iam::123456789012:user/",
            "path/",
            "$1",
            "\\",
            "{detail.x}",
            "\"",
            "'",
            " ",
            "a",
            "ma",
            "il",
            "to:",
            "ht",
            "tp",
            "s:",
            "//",
            ".",
            "com",
            "xn--p1ai");

    @Property(tries = 1_000)
    void anAlertIsOfItsFormWhateverTheEventSays(@ForAll("values") List<String> values) throws JsonProcessingException {
        Alert alert = alert(values);
        checkChat(ChatNotification.of(alert, SETTINGS));
        checkEmail(EmailMessage.of(alert, SETTINGS));
    }

    @Property(tries = 500)
    void aSummaryIsOfItsFormWhateverItsEventsSaid(@ForAll("values") List<String> values)
            throws JsonProcessingException {
        for (Untold untold : List.of(
                new Untold.Repeats(
                        "key", new Subject("r", values.get(0), values.get(1)), "id", 4, 7, NOON, NOON, Set.of()),
                new Untold.HeldBack(
                        "key", "r", values.get(0), 9, 99, 5, values.subList(0, 5), NOON, NOON, NOON, Set.of()))) {
            Summary summary = new Summary(RULE, untold);
            checkChat(ChatNotification.of(summary, SETTINGS));
            checkEmail(EmailMessage.of(summary, SETTINGS));
        }
    }

    @Example
    void aPathOfFourHundredCharactersStaysInItsQuotes() throws JsonProcessingException {
        String path = "arn:aws:iam::123456789012:user/" + "aaaaaaaaa/".repeat(40) + "https://evil.example.net/" + MARK;
        List<String> values = new ArrayList<>(Collections.nCopies(9, MARK + path));
        Alert alert = alert(values);
        ObjectNode chat = ChatNotification.of(alert, SETTINGS);
        checkChat(chat);
        assertThat(chat.at("/content/nextSteps/0").asText())
                .contains("aaaaaaaaa/")
                .endsWith("`.");
    }

    private static void checkChat(ObjectNode chat) throws JsonProcessingException {
        assertThat(JSON.readTree(chat.toString())).isEqualTo(chat);
        JsonNode content = chat.path("content");
        List<String> quoted =
                new ArrayList<>(List.of(content.path("description").asText()));
        content.path("nextSteps").forEach(step -> quoted.add(step.asText()));
        for (String text : quoted) {
            assertThat(text.replaceAll("[^`]", "").length() % 2).as(text).isZero();
            assertThat(text).doesNotContain("``", "<", ">");
            assertThat(text.replaceAll("`[^`\n]*`", "")).doesNotContain(MARK, "`", "$1", "{detail");
            assertThat(text.replaceAll("&(amp|lt|gt);", ""))
                    .satisfies(rest ->
                            assertThat(OUR_LINK.matcher(rest).replaceAll("")).doesNotContain("&"));
            checkText(text);
        }
        String title = content.path("title").asText();
        assertThat(title.replace(":red_circle:", "")).doesNotContainPattern("[`*_~<>|&@\n]");
        checkText(title);
        checkText(chat.at("/metadata/summary").asText());
        checkText(chat.at("/metadata/additionalContext/account").asText());
        assertThat(title).hasSizeLessThanOrEqualTo(250);
        assertThat(content.path("description").asText()).hasSizeLessThanOrEqualTo(8_000);
        assertThat(content.path("nextSteps")).allMatch(step -> step.asText().length() <= 350);
        assertThat(chat.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(256 * 1024);
    }

    private static void checkEmail(EmailMessage email) {
        assertThat(email.subject()).hasSizeLessThan(100).matches("[ -~]+");
        checkText(email.subject());
        assertThat(email.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(EmailMessage.MOST_BYTES);
        checkText(email.body());
        assertThat(email.body().lines().filter(line -> line.strip().startsWith(MARK)))
                .as("no value but the one of the first sentence begins a line")
                .hasSizeLessThanOrEqualTo(1);
    }

    private static void checkText(String text) {
        String rest = OUR_LINK.matcher(text).replaceAll("");
        assertThat(LINK.matcher(rest).results().map(link -> rest.substring(Math.max(0, link.start() - 9), link.end())))
                .as("links")
                .isEmpty();
        assertThat(text).doesNotContainPattern(UNSEEN);
    }

    private static Alert alert(List<String> values) {
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("eventSource", "s3.amazonaws.com")
                .put("eventName", values.get(0))
                .put("eventID", values.get(1))
                .put("sourceIPAddress", values.get(2))
                .put("userAgent", values.get(3))
                .put("awsRegion", values.get(4));
        detail.putObject("userIdentity").put("type", values.get(5)).put("arn", values.get(6));
        detail.putObject("requestParameters").put("name", values.get(7));
        Event event = Event.ofCloudTrail(detail);
        ((ObjectNode) event.json()).put("account", values.get(8)).put("region", values.get(4));
        return new Alert("id", "key", RULE, event, 3, true, 1, false, NOON);
    }

    @Provide
    Arbitrary<List<String>> values() {
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(PIECES)),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(5).map(text -> text.replace(MARK, ""))),
                Tuple.of(1, Arbitraries.integers().between(100, 600).map("x"::repeat)),
                Tuple.of(1, Arbitraries.integers().between(100, 600).map(".&"::repeat)));
        return piece.list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(pieces -> MARK + String.join("", pieces) + MARK)
                .list()
                .ofSize(9);
    }
}
