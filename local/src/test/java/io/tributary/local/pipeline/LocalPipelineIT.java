package io.tributary.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.alert.Event;
import io.tributary.local.pipeline.events.Topics;
import io.tributary.local.pipeline.traffic.Replay;
import io.tributary.local.pipeline.traffic.Story;
import io.tributary.opensearch.OpenSearch;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The whole pipeline: what goes in is counted, and found again. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalPipelineIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int GZIP_HEADER = 10;
    private static final int GZIP_TRAILER = 8;
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private static Path data;

    @TempDir
    private static Path files;

    private static LocalPipeline pipeline;
    private static Replay replay;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(files.resolve("flow.log"), """
                version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
                2 123456789012 eni-0123456789abcdef0 192.0.2.1 192.0.2.2 40000 443 6 10 840 1760000000 1760000060 ACCEPT OK
                2 123456789012 eni-0123456789abcdef0 192.0.2.3 192.0.2.2 40001 443 6 10 840 1760000000 1760000060 REJECT OK
                """);
        replay = new Replay(List.of(files.toString()));
        pipeline = new LocalPipeline(
                new LocalPipeline.Plan(
                        ROOT,
                        data,
                        3,
                        0,
                        42,
                        URI.create("http://localhost:8080/"),
                        Duration.ofSeconds(2),
                        Duration.ofDays(1),
                        replay.logGroups(),
                        Map.of()),
                part -> {});
    }

    @AfterAll
    static void end() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
    @Order(1)
    void everyEventArrivesOnceInTheSearchEngineAndInTheArchive() throws Exception {
        pipeline.traffic().send(1_000, Instant.now());
        pipeline.traffic().probed(pipeline.accounts().get(0), Instant.now());

        settle();

        assertThat(sources(indexed()))
                .containsOnlyKeys(
                        "application",
                        "cloudtrail",
                        "guardduty",
                        "route53-resolver",
                        "tributary-alerts",
                        "vpc-flow-logs",
                        "waf");
        assertThat(archived()).hasSize(indexed().size());
        assertThat(count("transform.EventsIn")).as("what the page calls even").isEqualTo(count("transform.EventsOut"));
        assertThat(rawUids()).isEqualTo(archivedUids());
    }

    @Test
    @Order(2)
    void everythingListensForThisMachineOnly() throws Exception {
        assumeThat(ListeningSockets.areKnown()).isTrue();

        assertThat(ListeningSockets.all())
                .as("OpenSearch, S3, DynamoDB, the inbox, the stand-ins, the functions' runtimes")
                .hasSizeGreaterThanOrEqualTo(8)
                .allMatch(ListeningSockets.Listening::isLoopback);
    }

    @Test
    @Order(2)
    void filesArriveToo() throws Exception {
        pipeline.replay(replay);

        settle();

        assertThat(indexed().stream()
                        .filter(event -> event.at("/cloud/account/uid").asText().equals("123456789012"))
                        .map(event -> event.path("action_id").asInt()))
                .containsExactlyInAnyOrder(1, 2);
    }

    /** A fault may delay, and deliver twice to the archive; nothing may be lost, and the search engine has each event once. */
    @ParameterizedTest
    @EnumSource
    @Order(3)
    void nothingIsLostWhile(Fault fault) throws Exception {
        int told = pipeline.topics().told(0).size();
        pipeline.faults().set(fault, true);
        pipeline.traffic().send(300, Instant.now());
        pipeline.traffic().stopTrail(pipeline.accounts().get(1), fault.toString());
        TimeUnit.SECONDS.sleep(2);
        pipeline.faults().set(fault, false);

        settle();

        assertThat(archivedUids()).isEqualTo(indexedUids());
        assertThat(pipeline.counts().of("archive.records-failed")).isZero();
        assertThat(pipeline.counts().of("alert.dead")).isZero();
        assertThat(pipeline.topics().told(told))
                .extracting(Topics.Told::channel)
                .as("each channel is told once")
                .containsExactlyInAnyOrder("chat", "email");
    }

    @ParameterizedTest
    @EnumSource
    @Order(4)
    void anAttackIsToldOnce(Story story) throws Exception {
        int told = pipeline.topics().told(0).size();
        long began = System.currentTimeMillis();

        story.play(pipeline.traffic(), 7);
        settle();

        List<Topics.Told> messages = pipeline.topics().told(told);
        assertThat(messages.get(0).time() - began)
                .as("milliseconds to the first alert")
                .isLessThan(30_000);
        Set<String> expected = switch (story) {
            case STOLEN_PASSWORD ->
                Set.of(
                        "cloudtrail/sign-ins-failed",
                        "cloudtrail/admin-policy-attached",
                        "cloudtrail/iam-policy-changed",
                        "cloudtrail/trail-stopped",
                        "cloudtrail/flow-logs-deleted",
                        "guardduty/high");
            case EXTORTION ->
                Set.of(
                        "cloudtrail/ebs-snapshot-shared",
                        "cloudtrail/databases-mass-deleted",
                        "cloudtrail/kms-key-disabled-or-deleted");
            case MINING ->
                Set.of(
                        "cloudtrail/admin-port-opened-to-world",
                        "cloudtrail/security-group-changed",
                        "cloudtrail/accelerated-instances-started",
                        "guardduty/crypto-mining");
        };
        for (String channel : List.of("email", "chat")) {
            List<String> alerts = messages.stream()
                    .filter(message -> message.channel().equals(channel))
                    .map(message -> message.attributes().get("rule") + " in "
                            + message.attributes().get("account"))
                    .toList();
            assertThat(alerts).doesNotHaveDuplicates();
            assertThat(alerts.stream().map(alert -> alert.split(" ")[0]).collect(Collectors.toSet()))
                    .isEqualTo(expected);
        }
        assertThat(pipeline.topics().emails()).as("every email is in the inbox").isEqualTo((int)
                pipeline.topics().told(0).stream()
                        .filter(message -> !message.channel().equals("chat"))
                        .count());
    }

    @Test
    @Order(5)
    void aDayIsCompactedVerifiedRestoredAndReplayed() throws Exception {
        LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(3);
        pipeline.traffic().history(3, 400, Duration.ZERO);
        settle();
        Set<String> before = uidsOf(day, indexed());
        assertThat(before).hasSize(400);

        pipeline.archive("{\"action\":\"plan\"}");
        await("the day is compacted", () -> manifests(day).size() == 5);

        List<String> parts = new ArrayList<>();
        for (JsonNode manifest : manifests(day)) {
            assertThat(manifest.at("/part/storage_class").asText()).isEqualTo("GLACIER");
            parts.add(manifest.at("/part/key").asText());
        }
        assertThat(keys("events/").stream().filter(key -> key.contains(day.toString())))
                .as("what was compacted is gone")
                .isEmpty();
        assertThatThrownBy(() -> pipeline.s3()
                        .getObjectAsBytes(
                                request -> request.bucket(LocalPipeline.BUCKET).key(parts.get(0))))
                .isInstanceOf(InvalidObjectStateException.class);

        JsonNode verified =
                pipeline.archive("{\"action\":\"verify\",\"from\":\"" + day + "\",\"to\":\"" + day.plusDays(1) + "\"}");
        assertThat(verified.path("parts").asInt()).isEqualTo(5);
        assertThat(verified.path("problems").asInt()).isZero();

        OpenSearch.Answer deleted = pipeline.openSearch()
                .call(
                        "POST",
                        "/tributary-*/_delete_by_query?refresh=true",
                        "{\"query\":{\"range\":{\"time\":{\"gte\":" + millis(day) + ",\"lt\":" + millis(day.plusDays(1))
                                + "}}}}");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(uidsOf(day, indexed())).isEmpty();

        JsonNode restored = pipeline.archive("{\"action\":\"restore\",\"from\":\"" + day + "T00:00:00Z\",\"to\":\""
                + day.plusDays(1) + "T00:00:00Z\",\"days\":1,\"replay\":true}");
        assertThat(restored.path("asleep").asInt()).isEqualTo(5);
        await("the events are back", () -> uidsOf(day, indexed()).equals(before));
        await(
                "people are told",
                () -> pipeline.topics().told(0).stream()
                        .anyMatch(message -> message.channel().equals("notices")
                                && message.title().startsWith("Restored: 5 parts")));
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime())
                    .as(what + " in time; counted: " + pipeline.counts().all())
                    .isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** Waits until everything that was sent is where it belongs, and nothing is on its way any more. */
    private static void settle() throws IOException, InterruptedException {
        await("the alert function has handled its events", () -> count("bus.matched") == count("alert.invocations"));
        await("all of it is indexed", () -> indexedUids().size() == sent());
        await("all of it is archived", () -> archivedUids().size() == sent());
        assertThat(indexed()).as("each once").hasSize((int) sent());
    }

    private static long count(String name) {
        return pipeline.counts().of(name);
    }

    /** What was sent, and the alerts about it, which are events themselves. */
    private static long sent() {
        return count("traffic.events") + count("traffic.findings") + count("alert.Sent") + count("alert.HeldBack");
    }

    private static List<JsonNode> indexed() throws IOException {
        pipeline.openSearch().call("POST", "/tributary-*/_refresh", "");
        OpenSearch.Answer answer = pipeline.openSearch().call("POST", "/tributary-*/_search", "{\"size\":10000}");
        List<JsonNode> events = new ArrayList<>();
        JSON.readTree(answer.body()).at("/hits/hits").forEach(hit -> events.add(hit.path("_source")));
        return events;
    }

    private static Set<String> indexedUids() throws IOException {
        return indexed().stream().map(LocalPipelineIT::uid).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String uid(JsonNode event) {
        return event.at("/metadata/uid").asText();
    }

    private static Map<String, Integer> sources(List<JsonNode> events) {
        Map<String, Integer> sources = new TreeMap<>();
        events.forEach(event -> sources.merge(event.at("/metadata/source").asText(), 1, Integer::sum));
        return sources;
    }

    private static List<String> keys(String prefix) {
        return pipeline
                .s3()
                .listObjectsV2Paginator(
                        request -> request.bucket(LocalPipeline.BUCKET).prefix(prefix))
                .contents()
                .stream()
                .map(S3Object::key)
                .toList();
    }

    private static List<JsonNode> manifests(LocalDate day) throws IOException {
        List<JsonNode> manifests = new ArrayList<>();
        for (String key : keys("manifests/")) {
            if (key.matches(".*/date=" + day + "/manifest-\\d+\\.json")) {
                manifests.add(JSON.readTree(object(key)));
            }
        }
        return manifests;
    }

    private static byte[] object(String key) {
        return pipeline.s3()
                .getObjectAsBytes(
                        request -> request.bucket(LocalPipeline.BUCKET).key(key))
                .asByteArray();
    }

    /** Every event under {@code events/}: twice if it is there twice. */
    private static List<JsonNode> archived() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String key : keys("events/")) {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(
                    new GZIPInputStream(new ByteArrayInputStream(object(key))), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    events.add(JSON.readTree(line));
                }
            }
        }
        return events;
    }

    /** The ids in what was kept untouched: gzip members and JSON objects, with nothing between them. */
    private static Set<String> rawUids() throws Exception {
        Set<String> uids = new TreeSet<>();
        for (String key : keys("raw/")) {
            byte[] records = object(key);
            int at = 0;
            while (at < records.length) {
                JsonNode json;
                if (records[at] == '{') {
                    try (JsonParser parser = JSON.createParser(records, at, records.length - at)) {
                        json = parser.readValueAsTree();
                        at += (int) parser.currentLocation().getByteOffset();
                    }
                } else {
                    Inflater inflater = new Inflater(true);
                    inflater.setInput(records, at + GZIP_HEADER, records.length - at - GZIP_HEADER);
                    byte[] text = new byte[1 << 22];
                    json = JSON.readTree(text, 0, inflater.inflate(text));
                    at += GZIP_HEADER + (int) inflater.getBytesRead() + GZIP_TRAILER;
                    inflater.end();
                }
                if (json.has("detail-type")) {
                    uids.add(new Event(json).uid());
                }
                for (JsonNode event : json.path("logEvents")) {
                    String message = event.path("message").asText();
                    JsonNode call = message.startsWith("{") ? JSON.readTree(message) : JSON.missingNode();
                    String own =
                            json.path("owner").asText() + "/" + event.path("id").asText();
                    uids.add(call.path("eventID").asText(own));
                }
            }
        }
        return uids;
    }

    private static Set<String> archivedUids() throws IOException {
        return archived().stream().map(LocalPipelineIT::uid).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> uidsOf(LocalDate day, List<JsonNode> events) {
        return events.stream()
                .filter(event -> event.path("time").asLong() >= millis(day)
                        && event.path("time").asLong() < millis(day.plusDays(1)))
                .map(LocalPipelineIT::uid)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static long millis(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
