package io.tributary.alert;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tributary.alert.aws.AwsServer.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
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
    void theScheduleHasRepeatsTold() {
        assertThat(post("{\"action\":\"summarise\"}", 200)).contains("\"summarised\":0");
        assertThat(AwsResources.aws.messages()).isEmpty();
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
