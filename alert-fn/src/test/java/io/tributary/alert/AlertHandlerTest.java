package io.tributary.alert;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.alert.aws.AwsServer.Message;
import io.tributary.alert.aws.DynamoDbStates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The function as Lambda runs it: real events, posted to Quarkus's event server; SNS, Kinesis and DynamoDB over HTTP. */
@QuarkusTest
@QuarkusTestResource(AwsResources.class)
class AlertHandlerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @BeforeEach
    void forget() {
        AwsResources.aws.reset();
    }

    @Test
    void anEventBecomesAnEmailAChatNotificationAndARecord() throws IOException {
        ObjectNode event = event("trail-stopped.json");
        post(event, 200);
        Message email = AwsResources.aws.messages(AwsResources.EMAIL_TOPIC).get(0);
        assertThat(email.subject()).isEqualTo("[High] CloudTrail stopped logging: production (123456789012)");
        assertThat(email.text())
                .startsWith("arn:aws:iam::123456789012:user/ana stopped the trail " + trail(event) + ".")
                .contains("https://search.example.com/?uid=" + eventId(event));
        assertThat(email.attributes())
                .containsEntry("severity", "High")
                .containsEntry("rule", "cloudtrail/trail-stopped")
                .containsEntry("account", "123456789012");
        JsonNode chat = JSON.readTree(
                AwsResources.aws.messages(AwsResources.CHAT_TOPIC).get(0).text());
        assertThat(chat.at("/content/title").asText()).contains("CloudTrail stopped logging");
        JsonNode record = AwsResources.aws.recorded().get(0);
        assertThat(record.path("source").asText()).isEqualTo("tributary.alert");
        assertThat(record.at("/detail/event_uid").asText()).isEqualTo(eventId(event));
        assertThat(record.at("/id")).isEqualTo(chat.at("/id"));
    }

    @Test
    void theSameEventAgainIsSilent() throws IOException {
        ObjectNode event = event("trail-stopped.json");
        post(event, 200);
        post(event, 200);
        assertThat(AwsResources.aws.messages()).hasSize(2);
        assertThat(AwsResources.aws.recorded()).hasSize(1);
    }

    @Test
    void aTopicThatFailsIsAnErrorAndIsRepeatedAlone() throws IOException {
        ObjectNode event = event("trail-stopped.json");
        AwsResources.aws.fail(AwsResources.CHAT_TOPIC, 403);
        String answer = post(event, 500);
        assertThat(answer)
                .contains("rule cloudtrail/trail-stopped: channel slack: topic " + AwsResources.CHAT_TOPIC
                        + ": InternalError");
        assertThat(AwsResources.aws.messages(AwsResources.EMAIL_TOPIC)).hasSize(1);
        AwsResources.aws.fail(AwsResources.CHAT_TOPIC, 0);
    }

    @Test
    void aStreamThatFailsDoesNotKeepPeopleFromKnowing() throws IOException {
        AwsResources.aws.fail("logs", 400);
        assertThat(post(event("trail-stopped.json"), 500)).contains("channel log stream: stream logs: InternalFailure");
        assertThat(AwsResources.aws.messages()).hasSize(2);
    }

    @Test
    void whatIsNoEventIsAnErrorWithItsReason() {
        assertThat(post("{\"hello\": 1}", 500))
                .contains("the event has no 'id'")
                .doesNotContain("hello");
        assertThat(post("{\"id\":\"1\",\"source\":\"a\",\"detail-type\":\"b\"}", 500))
                .contains("the event has no 'detail'");
    }

    @Test
    void anEventWithoutARuleIsNoError() throws IOException {
        ObjectNode event = event("trail-stopped.json");
        ((ObjectNode) event.path("detail")).put("eventName", "LookupEvents");
        post(event, 200);
        assertThat(AwsResources.aws.messages()).isEmpty();
    }

    @Test
    void aFloodIsHeldBackAndRecorded() throws IOException {
        String account = Long.toString(ThreadLocalRandom.current().nextLong(100_000_000_000L, 1_000_000_000_000L));
        for (int i = 0; i < 230; i++) {
            post(event("trail-stopped.json").put("account", account), 200);
        }
        assertThat(AwsResources.aws.messages(AwsResources.EMAIL_TOPIC))
                .as("in one hour or two")
                .hasSizeBetween(100, 200);
        assertThat(AwsResources.aws.recorded())
                .hasSize(230)
                .last()
                .satisfies(alert ->
                        assertThat(alert.at("/detail/is_sent").asBoolean()).isFalse());
    }

    @Test
    void theScheduleHasRepeatsToldOnce() {
        AlertState state = DynamoDbStates.of(AwsResources.dynamoDb.client(), AwsResources.table);
        Instant before = Instant.now().minusSeconds(7200);
        Subject subject = new Subject("cloudtrail/trail-stopped", "123456789012", "organization");
        for (String uid : List.of("e1", "e2", "e3")) {
            state.claim(new AlertState.Candidate("repeated", subject, uid, 4, "a", before, Duration.ofSeconds(20)));
            state.finish("repeated", "a", before.plusSeconds(3600));
        }
        String summarise = "{\"action\":\"summarise\"}";
        assertThat(post(summarise, 200)).contains("\"summarised\":1");
        assertThat(post(summarise, 200)).contains("\"summarised\":0");
        assertThat(AwsResources.aws.messages(AwsResources.EMAIL_TOPIC))
                .singleElement()
                .satisfies(email -> {
                    assertThat(email.subject())
                            .isEqualTo("[High] Repeated: CloudTrail stopped logging: production (123456789012)");
                    assertThat(email.text()).startsWith("2 more events of this kind");
                    assertThat(email.attributes()).containsEntry("account", "123456789012");
                });
        assertThat(AwsResources.aws.messages(AwsResources.CHAT_TOPIC)).hasSize(1);
        assertThat(AwsResources.aws.recorded()).isEmpty();
    }

    @Test
    void nothingButTheSchedulesOwnWordsAsksForSummaries() {
        assertThat(post("{\"action\":\"forget\"}", 500)).contains("the event has no 'id'");
    }

    /** An event like the one in the file, of its own. */
    private static ObjectNode event(String file) throws IOException {
        ObjectNode event = (ObjectNode) JSON.readTree(Files.readAllBytes(Path.of("events", file)));
        ObjectNode detail = (ObjectNode) event.path("detail");
        detail.put("eventID", UUID.randomUUID().toString());
        ((ObjectNode) detail.path("requestParameters")).put("name", "trail-" + UUID.randomUUID());
        return event;
    }

    private static String eventId(JsonNode event) {
        return event.at("/detail/eventID").asText();
    }

    private static String trail(JsonNode event) {
        return event.at("/detail/requestParameters/name").asText();
    }

    private static String post(Object event, int status) {
        return given().contentType("application/json")
                .body(event.toString())
                .post()
                .then()
                .statusCode(status)
                .extract()
                .asString();
    }
}
