package io.tributary.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.stream.RecordStream;
import io.tributary.transform.DocumentStream;
import io.tributary.transform.Outcome;
import io.tributary.transform.SourceRecord;
import io.tributary.transform.TransformSettings;
import io.tributary.transform.Transformer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Log lines that are written to make a search engine refuse them, and all that it is sent with them: through the function that makes documents, to a real
 * OpenSearch with the project's pipeline and templates, in one request with their neighbours.
 */
class HostileBulkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant DELIVERED = Instant.parse("2026-03-10T08:00:00Z");
    private static final String OWNER = "123456789012";

    /** What an attacker may put where a log has free-form JSON. */
    private static final Map<String, String> PAYLOADS = payloads();

    private static Map<String, String> payloads() {
        Map<String, String> payloads = new LinkedHashMap<>();
        payloads.put("digits", "{\"a\":" + "1".repeat(1_100) + "}");
        payloads.put("fraction", "{\"a\":0." + "1".repeat(1_100) + "}");
        payloads.put("exponent", "{\"a\":1e999999999,\"b\":-1E-400}");
        payloads.put("integer", "{\"a\":9223372036854775808,\"b\":-9223372036854775809}");
        payloads.put("repeated", "{\"a\":1,\"a\":2,\"b\":{\"c\":1,\"\\u0063\":2}}");
        payloads.put("value", "{\"comment\":\"" + "x".repeat(33_000) + "\"}");
        payloads.put("almost", "{\"comment\":\"" + "x".repeat(32_750) + "\"}");
        payloads.put("multibyte", "{\"body\":\"" + "\u20ac".repeat(11_000) + "\"}");
        payloads.put("escaped", "{\"body\":\"" + "\\u20ac".repeat(11_000) + "\"}");
        payloads.put("name", "{\"" + "k".repeat(33_000) + "\":1,\"" + "k".repeat(33_000) + "l\":2}");
        payloads.put("name and value", "{\"" + "k".repeat(20_000) + "\":\"" + "v".repeat(20_000) + "\"}");
        payloads.put("huge name", "{\"" + "k".repeat(60_000) + "\":{\"a\":1}}");
        payloads.put("path", "{\"pppppppppp\":".repeat(80).replace("p", "pppp") + "\"x\"" + "}".repeat(80));
        payloads.put("deep objects", "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000));
        payloads.put("deep lists", "{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}");
        payloads.put("many members", object(20_000));
        payloads.put("many elements", "{\"a\":[" + "{},".repeat(50_000) + "1]}");
        payloads.put("empty names", "{\"\":1,\" \":{\"\":2},\".\":3,\"..\":{\"a.\":4,\".b\":5},\"a.b\":6}");
        payloads.put(
                "odd names", "{\"a\\u0000b\":1,\"a=b\":2,\"\\ud83d\\ude00\":3,\"_id\":4,\"_source\":5,\"\\\"\":6}");
        payloads.put("surrogates", "{\"a\":\"x\\ud800y\",\"\\udc00\":1}");
        payloads.put("mixed", "{\"a\":[1,\"x\",null,true,{\"b\":[]},[[]],1.5],\"c\":null,\"d\":{},\"e\":\"\"}");
        return payloads;
    }

    private static String object(int members) {
        return "{"
                + String.join(
                        ",",
                        IntStream.range(0, members)
                                .mapToObj(i -> "\"m%d\":\"v%d\"".formatted(i, i))
                                .toList())
                + "}";
    }

    static List<String> kinds() {
        return List.copyOf(PAYLOADS.keySet());
    }

    @BeforeAll
    static void start() throws IOException {
        new Setup(RealOpenSearch.start()).apply(false);
    }

    /** A log type that copies JSON, with the payload in each place where it does. */
    private static Map<String, String> messages(String payload) {
        Map<String, String> messages = new LinkedHashMap<>();
        messages.put("/tributary-cloudtrail", """
                {"eventVersion":"1.11","eventTime":"2026-03-10T07:59:00Z","eventSource":"ssm.amazonaws.com","eventName":"SendCommand",\
                "eventID":"E","requestParameters":<P>,"responseElements":<P>,"serviceEventDetails":<P>,"tlsDetails":<P>}""".replace("<P>", payload));
        messages.put("/shop/orders", "{\"level\":\"info\",\"message\":\"m\",\"extra\":%s}".formatted(payload));
        messages.put("/aws/eks/prod/cluster", """
                {"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"A","stage":"ResponseComplete","verb":"create",\
                "requestObject":<P>,"responseObject":<P>,"annotations":<P>}""".replace("<P>", payload));
        messages.put("aws-waf-logs-shop", """
                {"timestamp":1773129540000,"action":"ALLOW","httpRequest":{"clientIp":"192.0.2.1","httpMethod":"GET",\
                "uri":"/","headers":[{"name":"x","value":"y"}],"extra":<P>},"ruleGroupList":[<P>]}""".replace("<P>", payload));
        messages.put("/aws/events/guardduty", """
                {"id":"f","type":"Recon:EC2/Portscan","severity":5,"updatedAt":"2026-03-10T07:59:00Z",\
                "resource":{"instanceDetails":{"instanceId":"i-1","extra":<P>}},"service":{"additionalInfo":<P>}}""".replace("<P>", payload));
        messages.put("/aws/route53resolver", """
                {"query_timestamp":"2026-03-10T07:59:00Z","query_name":"example.com.","query_type":"A","rcode":"NOERROR","extra":<P>}""".replace("<P>", payload));
        messages.put(
                "/aws/lambda/shop",
                "{\"time\":\"2026-03-10T07:59:00Z\",\"type\":\"platform.report\",\"record\":%s}".formatted(payload));
        return messages;
    }

    // ---- by the index stream

    @ParameterizedTest
    @MethodSource("kinds")
    void aHostileDocumentHarmsNoneOfItsNeighboursAndIsFoundItself(String kind) throws IOException {
        List<String> envelopes = new ArrayList<>();
        messages(PAYLOADS.get(kind)).forEach((logGroup, message) -> {
            envelopes.add(envelope("/shop/before", "%s-before%s".formatted(kind, envelopes.size()), "good"));
            envelopes.add(envelope(logGroup, "%s-%s".formatted(kind, envelopes.size()), message));
        });
        envelopes.add(envelope("/shop/after", kind + "-after", "good"));
        List<String> indexed = transform(envelopes).index();
        // none of them is a text that its type rejected
        assertThat(indexed).noneMatch(document -> document.contains("\"status_detail\""));
        assertAllAreAcceptedAndFound(indexed);
    }

    /** As an ingestion pipeline reads them from the archive, whole. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aHostileDocumentOfTheArchiveDoesNoneEither(String kind) throws IOException {
        List<String> envelopes = new ArrayList<>();
        messages(PAYLOADS.get(kind)).forEach((logGroup, message) -> {
            envelopes.add(envelope("/shop/before", "%s+before%s".formatted(kind, envelopes.size()), "good"));
            envelopes.add(envelope(logGroup, "%s+%s".formatted(kind, envelopes.size()), message));
        });
        assertAllAreAcceptedAndFound(transform(envelopes).archive());
    }

    /** Documents of before the function knew what a search engine refuses. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aHostileDocumentThatIsReplayedDoesNoneEither(String kind) throws IOException {
        String document = """
                {"@timestamp":"1970-01-05T00:00:00.000Z","time":345600000,"class_uid":6003,"metadata":{"uid":"replayed %s",\
                "processed_time":1773129600000},"cloud":{"provider":"AWS"},"api":{"operation":"x","request":{"uid":"1","data":%s}},\
                "unmapped":%s}""".formatted(kind, PAYLOADS.get(kind), PAYLOADS.get(kind));
        List<String> indexed = transform(List.of(
                        envelope("/shop/before", kind + "_before", "good"),
                        ofOwner("tributary.replay", "", "r", document),
                        envelope("/shop/after", kind + "_after", "good")))
                .index();
        assertThat(indexed).hasSize(3);
        assertAllAreAcceptedAndFound(indexed);
    }

    // ---- texts

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/shop/orders",
                "/aws/lambda/shop",
                "/aws/rds/instance/orders/audit",
                "/aws/rds/instance/orders/slowquery",
                "/aws/rds/instance/orders/postgresql",
                "/vpc-flow-logs/vpc-1",
                "/aws/route53/example.com",
                "/aws/eks/prod/cluster",
                "tgw-flow-logs"
            })
    void aHostileLineHarmsNoneOfItsNeighboursAndIsFoundItself(String logGroup) throws IOException {
        String digits = "9".repeat(1_100);
        String words = "word ".repeat(20_000);
        List<String> lines = List.of(
                "x".repeat(100_000),
                words,
                "java.lang.IllegalStateException\n" + "\tat com.example.Shop.order(Shop.java:1)\n".repeat(1_000),
                "REPORT RequestId: 11111111-2222-3333-4444-555555555555\tDuration: 1." + digits
                        + " ms\tBilled Duration: " + digits + " ms\t",
                "2 123456789012 eni-1 192.0.2.1 192.0.2.2 1 2 6 " + digits + " " + digits + " 1 2 ACCEPT OK",
                "1.0 2026-03-10T07:59:00." + digits + "Z Z1 " + "a.".repeat(20_000) + " A NOERROR UDP FRA6 192.0.2.1 -",
                "20260310 07:59:00,h,u,c,1,2,QUERY,d,'" + words + "'," + digits,
                "# User@Host: a[a] @ h [192.0.2.1]\n# Query_time: 1." + digits + "  Rows_sent: " + digits
                        + "\nSELECT 1;",
                "2026-03-10 07:59:00 UTC:192.0.2.1(1):u@d:[1]:ERROR:  " + words,
                "\u0000\u0001\u001f\ufffd\u2028");
        List<String> envelopes = new ArrayList<>();
        for (String line : lines) {
            envelopes.add(envelope("/shop/before", logGroup + envelopes.size(), "good"));
            envelopes.add(envelope(logGroup, logGroup + envelopes.size(), line));
        }
        assertAllAreAcceptedAndFound(transform(envelopes).index());
    }

    // ---- what is found

    @Test
    void whatWasCutIsFoundByWhatIsLeft() throws IOException {
        String call =
                messages(PAYLOADS.get("value")).get("/tributary-cloudtrail").replace("SendCommand", "PutParameter");
        List<String> indexed = transform(List.of(envelope("/tributary-cloudtrail", "cut", call)))
                .index();
        assertAllAreAcceptedAndFound(indexed);
        assertThat(RealOpenSearch.hits("tributary-6003-*", "api.operation", "PutParameter"))
                .contains(OWNER + "/cut0");
        assertThat(JSON.readTree(indexed.get(0)).at("/metadata/is_truncated").asBoolean())
                .isTrue();
    }

    @Test
    void datesOfThousandDaysMakeNoThousandIndices() throws IOException {
        List<String> messages = IntStream.range(0, 1_100)
                .mapToObj(day -> "{\"eventName\":\"x\",\"eventID\":\"%d\",\"eventTime\":\"%s\"}"
                        .formatted(day, Instant.EPOCH.plus(Duration.ofDays(day * 18L))))
                .toList();
        Documents documents =
                transform(List.of(envelope("/tributary-cloudtrail", "dates", messages.toArray(String[]::new))));
        assertThat(documents.partitions()).containsExactly(Map.of("source", "cloudtrail", "date", "2026-03-10"));
        assertAllAreAcceptedAndFound(documents.index());
        JsonNode indices = JSON.readTree(RealOpenSearch.start()
                .call("GET", "/_cat/indices/tributary-*?format=json", "")
                .body());
        assertThat(indices.size()).isLessThan(40);
    }

    // ---- the apparatus

    private static void assertAllAreAcceptedAndFound(List<String> documents) throws IOException {
        JsonNode answer = RealOpenSearch.bulk(documents);
        assertThat(answer.path("items")).hasSize(documents.size());
        for (JsonNode item : answer.path("items")) {
            assertThat(item.at("/index/status").asInt()).as("%s", item).isBetween(200, 201);
            assertThat(item.at("/index/_index").asText()).matches("tributary-\\d+-2026-(02|03)-\\d\\d");
        }
        for (String document : documents) {
            String uid = JSON.readTree(document).at("/metadata/uid").asText();
            assertThat(RealOpenSearch.hits("tributary-*", "metadata.uid", uid))
                    .as(uid)
                    .containsExactly(uid);
        }
    }

    private static String envelope(String logGroup, String id, String... messages) {
        return ofOwner(OWNER, logGroup, id, messages);
    }

    private static String ofOwner(String owner, String logGroup, String id, String... messages) {
        ObjectNode envelope = JSON.createObjectNode()
                .put("messageType", "DATA_MESSAGE")
                .put("owner", owner)
                .put("logGroup", logGroup)
                .put("logStream", "s");
        ArrayNode events = envelope.putArray("logEvents");
        for (int i = 0; i < messages.length; i++) {
            events.addObject()
                    .put("id", id + i)
                    .put("timestamp", DELIVERED.toEpochMilli())
                    .put("message", messages[i]);
        }
        return envelope.toString();
    }

    /** What becomes of envelopes: documents for the index stream, those of the archive, and where these are stored. */
    private record Documents(List<String> index, List<String> archive, List<Map<String, String>> partitions) {}

    private static Documents transform(List<String> envelopes) throws IOException {
        List<String> index = new ArrayList<>();
        RecordStream stream = new RecordStream() {
            @Override
            public Limits limits() {
                return new Limits(500, 4 << 20, 1_024_000);
            }

            @Override
            public synchronized Map<Integer, String> put(List<Entry> batch, Duration timeout) {
                batch.forEach(entry -> index.add(new String(entry.data(), StandardCharsets.UTF_8)));
                return Map.of();
            }
        };
        List<SourceRecord> records = new ArrayList<>();
        for (String envelope : envelopes) {
            records.add(new SourceRecord(
                    "r" + records.size(),
                    envelope.getBytes(StandardCharsets.UTF_8),
                    DELIVERED.toEpochMilli(),
                    "k" + records.size()));
        }
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Transformer transformer = new Transformer(
                TransformSettings.DEFAULTS,
                InstantSource.fixed(DELIVERED.plusSeconds(60)),
                List.of(DocumentStream.index(stream)),
                executor)) {
            List<Outcome> outcomes = transformer
                    .transform("eu-central-1", records, stream, () -> 60_000)
                    .outcomes();
            List<String> archive = new ArrayList<>();
            List<Map<String, String>> partitions = new ArrayList<>();
            for (Outcome outcome : outcomes) {
                Outcome.Ok ok = (Outcome.Ok) outcome;
                partitions.add(ok.partitionKeys());
                try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(ok.data()))) {
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .forEach(archive::add);
                }
            }
            return new Documents(index, archive, partitions);
        } finally {
            executor.shutdownNow();
        }
    }
}
