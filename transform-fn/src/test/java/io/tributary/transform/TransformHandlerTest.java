package io.tributary.transform;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The function as Lambda runs it: real requests, posted to Quarkus's event server. */
@QuarkusTest
class TransformHandlerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void dataControlAndDataAreOkDroppedAndOk() throws IOException {
        JsonNode answer = post("data-control-data.json");
        assertThat(results(answer)).containsExactly("Ok", "Dropped", "Ok");
        assertThat(documents(answer.at("/records/0")))
                .extracting(
                        document -> document.at("/class_uid").asInt(),
                        document -> document.at("/activity_id").asInt())
                .containsExactly(tuple(4001, 6), tuple(4001, 5));
        assertThat(documents(answer.at("/records/2")))
                .extracting(document -> document.at("/api/operation").asText())
                .containsExactly("StopLogging");
    }

    @Test
    void recordsComeBackByTheirIdsWithTheirPartition() throws IOException {
        JsonNode request = JSON.readTree(event("data-control-data.json"));
        JsonNode answer = post("data-control-data.json");
        assertThat(answer.at("/records").findValuesAsText("recordId"))
                .isEqualTo(request.at("/records").findValuesAsText("recordId"));
        JsonNode keys = answer.at("/records/0/metadata/partitionKeys");
        assertThat(keys.at("/source").asText()).isEqualTo("vpc-flow-logs");
        assertThat(keys.at("/date").asText()).isEqualTo("2026-03-01");
        assertThat(answer.at("/records/1").has("data")).isFalse();
    }

    @Test
    void corruptAndUnknownRecordsFailAndTheirNeighbourDoesNot() throws IOException {
        assertThat(results(post("with-bad-records.json")))
                .containsExactly("Ok", "ProcessingFailed", "ProcessingFailed");
    }

    @Test
    void eventBridgeEventsArriveWithoutAnEnvelope() throws IOException {
        JsonNode answer = post("guardduty-finding.json");
        assertThat(results(answer)).containsExactly("Ok");
        JsonNode document = documents(answer.at("/records/0")).get(0);
        assertThat(document.at("/cloud/account/uid").asText()).isEqualTo("123456789012");
        assertThat(document.toString()).contains("16afba5c5c43e07c9e3e5e2e544e95df");
    }

    @Test
    void anEmptyRequestIsAnsweredEmpty() throws IOException {
        assertThat(JSON.readTree(
                                post(new byte[] {'{', '"', 'r', 'e', 'c', 'o', 'r', 'd', 's', '"', ':', '[', ']', '}'}))
                        .at("/records"))
                .isEmpty();
    }

    @Test
    void whatIsNoFirehoseRequestIsAnError() {
        given().contentType("application/json")
                .body("{\"hello\":1}")
                .post()
                .then()
                .statusCode(500);
    }

    private static JsonNode post(String event) throws IOException {
        return JSON.readTree(post(event(event)));
    }

    private static byte[] post(byte[] request) {
        return given().contentType("application/json")
                .body(request)
                .post()
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    private static byte[] event(String name) throws IOException {
        return Files.readAllBytes(Path.of("events", name));
    }

    private static List<String> results(JsonNode answer) {
        return answer.at("/records").findValuesAsText("result");
    }

    private static List<JsonNode> documents(JsonNode record) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        byte[] data = record.at("/data").binaryValue();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(data))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                documents.add(JSON.readTree(line));
            }
        }
        return documents;
    }
}
