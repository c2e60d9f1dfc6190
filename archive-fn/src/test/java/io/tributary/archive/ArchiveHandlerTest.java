package io.tributary.archive;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The function as Lambda runs it: events posted to Quarkus's event server; S3, SQS, SNS and Kinesis over HTTP. */
@QuarkusTest
@QuarkusTestResource(AwsResources.class)
class ArchiveHandlerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WAF = "events/source=waf/date=2026-03-01/";
    private static final String ACCOUNT = "123456789012";

    @BeforeEach
    void empty() {
        AwsResources.aws.reset();
        for (String bucket : List.of(AwsResources.bucket, AwsResources.trailBucket, AwsResources.headsBucket)) {
            for (String key : keys(bucket, "")) {
                AwsResources.s3
                        .client()
                        .deleteObject(delete -> delete.bucket(bucket).key(key));
            }
        }
    }

    @Test
    void aSchedulePlansWhatIsClosedAndMessagesCompactIt() throws IOException {
        deliver(WAF, 3);
        deliver("events/source=waf/date=2999-01-01/", 1);
        JsonNode planned = post("{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\",\"detail\":{}}", 200);
        assertThat(planned.path("items").asInt()).isEqualTo(1);
        List<String> tasks = AwsResources.aws.takeTasks();
        assertThat(tasks).hasSize(1);
        // at least once is what SQS promises
        assertThat(post(messages(tasks.get(0), tasks.get(0)), 200).path("batchItemFailures"))
                .isEmpty();
        assertThat(keys(AwsResources.bucket, WAF)).isEmpty();
        assertThat(keys(AwsResources.bucket, "events/")).hasSize(1);
        assertThat(keys(AwsResources.bucket, "archive/source=waf/date=2026-03-01/"))
                .as("events only")
                .hasSize(1);
        assertThat(keys(AwsResources.bucket, "manifests/source=waf/date=2026-03-01/"))
                .hasSize(2)
                .anyMatch(key -> key.endsWith("/manifest-00000000.json"));
    }

    @Test
    void aMessageThatFailsIsNamedAndItsNeighbourIsDone() throws IOException {
        deliver(WAF, 2);
        post("{\"action\":\"plan\"}", 200);
        String task = AwsResources.aws.takeTasks().get(0);
        JsonNode answer = post(messages("{\"task\":\"make coffee\"}", task), 200);
        assertThat(answer.path("batchItemFailures")).hasSize(1);
        assertThat(answer.at("/batchItemFailures/0/itemIdentifier").asText()).isEqualTo("m0");
        assertThat(keys(AwsResources.bucket, WAF)).isEmpty();
    }

    @Test
    void aQueueThatFailsIsAnError() {
        deliver(WAF, 1);
        AwsResources.aws.failQueue(true);
        assertThat(post("{\"action\":\"plan\"}", 500).toString()).contains("archive-tasks");
        assertThat(keys(AwsResources.bucket, WAF)).hasSize(1);
    }

    @Test
    void cloudTrailsOwnFilesAreCompactedInTheirBucket() throws IOException {
        String key = "cloudtrail/AWSLogs/o-example123/123456789012/CloudTrail/eu-central-1/2026/03/01/"
                + "123456789012_CloudTrail_eu-central-1_20260301T0020Z_0123456789abcdef.json.gz";
        put(AwsResources.trailBucket, key, EventObjects.gzip("{\"Records\":[{}]}".getBytes(StandardCharsets.UTF_8)));
        compactAll();
        assertThat(keys(AwsResources.trailBucket, "cloudtrail/")).isEmpty();
        assertThat(keys(AwsResources.trailBucket, "archive/cloudtrail/")).hasSize(1);
        assertThat(keys(AwsResources.trailBucket, "manifests/cloudtrail/")).hasSize(2);
        JsonNode verified = post("{\"action\":\"verify\"}", 200);
        assertThat(verified.path("parts").asInt()).isEqualTo(1);
        assertThat(verified.path("problems").asInt()).isZero();
        JsonNode trail = post("{\"action\":\"verify trail\",\"from\":\"2026-03-01\",\"to\":\"2026-03-02\"}", 200);
        assertThat(trail.path("problems").asInt())
                .as("no digest vouches for it")
                .isEqualTo(1);
        assertThat(trail.at("/findings/0/problem").asText()).isEqualTo("GAP");
        assertThat(keys(AwsResources.headsBucket, "heads/" + AwsResources.trailBucket + "/cloudtrail/"))
                .hasSize(1);
    }

    @Test
    void anArchiveThatWasTamperedWithIsTold() throws IOException {
        deliver(WAF, 2);
        compactAll();
        assertThat(post("{\"action\":\"verify\"}", 200).path("problems").asInt())
                .isZero();
        String part = keys(AwsResources.bucket, "archive/").stream()
                .filter(key -> key.contains("/part-"))
                .findFirst()
                .orElseThrow();
        put(AwsResources.bucket, part, "other".getBytes(StandardCharsets.UTF_8));
        assertThat(post("{\"action\":\"verify\"}", 200).path("problems").asInt())
                .isEqualTo(1);
        assertThat(AwsResources.aws.notices())
                .singleElement()
                .asString()
                .startsWith("The log archive is not intact: 1 problems")
                .contains("PART_REPLACED " + part);
    }

    /** With all of it goes what could tell of it; its heads are elsewhere. */
    @Test
    void anArchiveOfWhichNothingIsLeftIsTold() throws IOException {
        deliver(WAF, 2);
        compactAll();
        assertThat(keys(AwsResources.headsBucket, ""))
                .hasSize(2)
                .contains("heads/" + AwsResources.bucket + "/source=waf/date=2026-03-01/00000000.json");
        for (String key : keys(AwsResources.bucket, "")) {
            AwsResources.s3
                    .client()
                    .deleteObject(delete -> delete.bucket(AwsResources.bucket).key(key));
        }
        assertThat(post("{\"action\":\"verify\"}", 200).path("problems").asInt())
                .isEqualTo(1);
        assertThat(AwsResources.aws.notices())
                .singleElement()
                .asString()
                .contains("PARTITION_GONE archive/source=waf/date=2026-03-01/: there were 1 parts with 2 events");
    }

    @Test
    void whatIsLostIsNamedInTheAnswer() throws IOException {
        deliver(WAF, 2);
        compactAll();
        AwsResources.s3
                .client()
                .deleteObject(delete -> delete.bucket(AwsResources.bucket)
                        .key("manifests/source=waf/date=2026-03-01/manifest-00000000.json"));
        JsonNode estimate = post(
                "{\"action\":\"restore\",\"dry run\":true,\"from\":\"2026-03-01T00:00:00Z\",\"to\":\"2026-03-02T00:00:00Z\"}",
                200);
        assertThat(estimate.path("without_manifest").asInt()).isEqualTo(1);
        assertThat(estimate.path("problems").asInt()).isEqualTo(1);
        assertThat(estimate.at("/findings/0/problem").asText()).isEqualTo("MANIFEST_MISSING");
        JsonNode report = post("{\"action\":\"report\"}", 200);
        assertThat(report.path("problems").asInt()).isEqualTo(1);
    }

    @Test
    void eventsAreRestoredToldAndReplayed() throws IOException {
        deliver(WAF, 2);
        compactAll();
        String request = "\"from\":\"2026-03-01T00:00:00Z\",\"to\":\"2026-03-02T00:00:00Z\",\"accounts\":[\"" + ACCOUNT
                + "\"],\"tier\":\"bulk\",\"days\":3,\"replay\":true";
        JsonNode estimate = post("{\"action\":\"restore\",\"dry run\":true," + request + "}", 200);
        assertThat(estimate.path("asleep").asInt()).isEqualTo(1);
        assertThat(estimate.path("minutes").asInt()).isEqualTo(48 * 60);
        assertThat(estimate.has("job")).isFalse();
        String job = post("{\"action\":\"restore\"," + request + "}", 200)
                .path("job")
                .asText();
        assertThat(post("{\"action\":\"restore\",\"job\":\"" + job + "\"}", 200)
                        .path("waking")
                        .asInt())
                .isEqualTo(1);
        String part = keys(AwsResources.bucket, "archive/").stream()
                .filter(key -> key.contains("/part-"))
                .findFirst()
                .orElseThrow();
        assertThat(post(completed(part), 200).path("ended").asInt()).isZero();
        AwsResources.front.wake(AwsResources.bucket, part);
        assertThat(post(completed(part), 200).path("ended").asInt()).isEqualTo(1);
        assertThat(AwsResources.aws.notices()).singleElement().asString().contains("Job " + job);
        assertThat(post(messages(AwsResources.aws.takeTasks().get(0)), 200).path("batchItemFailures"))
                .isEmpty();
        assertThat(AwsResources.aws.replayed()).containsExactly("e0", "e1");

        // asking how far it is, and the event that comes again, start nothing
        JsonNode progress = post("{\"action\":\"restore\",\"job\":\"" + job + "\"}", 200);
        assertThat(progress.path("awake").asInt()).isEqualTo(1);
        assertThat(progress.path("gone").asInt()).isZero();
        assertThat(post(completed(part), 200).path("ended").asInt()).isZero();
        post("{\"action\":\"plan\"}", 200);
        assertThat(AwsResources.aws.notices()).hasSize(1);
        assertThat(AwsResources.aws.takeTasks()).isEmpty();
    }

    @Test
    void rawRecordsAreReplayed() throws IOException {
        put(
                AwsResources.bucket,
                "raw/2026/03/01/08/r",
                EventObjects.member(EventObjects.document("raw", ACCOUNT, Instant.EPOCH)));
        post(
                "{\"action\":\"replay\",\"what\":\"raw\",\"from\":\"2026-03-01T00:00:00Z\",\"to\":\"2026-03-02T00:00:00Z\"}",
                200);
        post(messages(AwsResources.aws.takeTasks().get(0)), 200);
        assertThat(AwsResources.aws.replayed()).containsExactly("raw");
    }

    @Test
    void aReportIsWrittenToTheBucket() throws IOException {
        deliver(WAF, 1);
        String report = post("{\"action\":\"report\"}", 200).path("report").asText();
        assertThat(keys(AwsResources.bucket, "reports/")).hasSize(3).contains(report);
    }

    @Test
    void lifecycleRulesAreWrittenOnce() throws IOException {
        assertThat(post("{\"action\":\"lifecycle\"}", 200).path("differences")).hasSizeGreaterThan(20);
        assertThat(post("{\"action\":\"lifecycle\"}", 200).path("differences")).isEmpty();
    }

    @Test
    void wrongRequestsAreToldWhatIsWrong() {
        assertThat(post("{\"hello\":1}", 500).toString()).contains("nor a request with an action");
        assertThat(post("{\"action\":\"delete\"}", 500).toString()).contains("'delete' is none of plan, verify");
        assertThat(post("{\"action\":\"restore\"}", 500).toString()).contains("from: a time such as");
        assertThat(post("{\"action\":\"restore\",\"job\":\"x\"}", 500).toString())
                .contains("there is no job x");
        assertThat(post("{\"action\":\"verify\",\"from\":\"yesterday\"}", 500).toString())
                .contains("from: a day such as 2026-03-01 is expected");
    }

    private static void compactAll() {
        post("{\"action\":\"plan\"}", 200);
        AwsResources.aws
                .takeTasks()
                .forEach(task -> assertThat(post(messages(task), 200).path("batchItemFailures"))
                        .isEmpty());
    }

    private static void deliver(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            put(
                    AwsResources.bucket,
                    prefix + "o-" + i,
                    EventObjects.member(
                            EventObjects.document("e" + i, ACCOUNT, Instant.parse("2026-03-01T08:00:00Z"))));
        }
    }

    private static void put(String bucket, String key, byte[] content) {
        AwsResources.s3.client().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(content));
    }

    private static List<String> keys(String bucket, String prefix) {
        return new ArrayList<>(
                AwsResources.s3
                        .client()
                        .listObjectsV2(list -> list.bucket(bucket).prefix(prefix))
                        .contents()
                        .stream()
                        .map(S3Object::key)
                        .toList());
    }

    private static String completed(String key) {
        return "{\"source\":\"aws.s3\",\"detail-type\":\"Object Restore Completed\",\"detail\":{\"bucket\":{\"name\":\""
                + AwsResources.bucket + "\"},\"object\":{\"key\":\"" + key + "\"}}}";
    }

    private static String messages(String... tasks) {
        ObjectNode event = JSON.createObjectNode();
        var records = event.putArray("Records");
        for (int i = 0; i < tasks.length; i++) {
            records.addObject()
                    .put("messageId", "m" + i)
                    .put("eventSource", "aws:sqs")
                    .put("body", tasks[i]);
        }
        return event.toString();
    }

    private static JsonNode post(String event, int status) {
        String answer = given().contentType("application/json")
                .body(event)
                .post()
                .then()
                .statusCode(status)
                .extract()
                .asString();
        try {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new IllegalStateException(answer, e);
        }
    }
}
