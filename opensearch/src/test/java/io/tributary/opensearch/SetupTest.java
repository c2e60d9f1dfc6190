package io.tributary.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A real OpenSearch, as Firehose writes to it. */
class SetupTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static boolean isFilled;
    private static OpenSearch openSearch;

    @BeforeAll
    static void start() throws IOException {
        openSearch = RealOpenSearch.start();
        new Setup(openSearch).apply(false);
    }

    @Test
    void aSecondTimeNothingIsWritten() throws IOException {
        assertThat(new Setup(openSearch).apply(false)).isEmpty();
        openSearch.call("DELETE", "/_index_template/tributary-events", "");
        assertThat(new Setup(openSearch).apply(true)).containsExactly("/_index_template/tributary-events");
        assertThat(new Setup(openSearch).apply(false)).containsExactly("/_index_template/tributary-events");
        assertThat(new Setup(openSearch).apply(false)).isEmpty();
    }

    @Test
    void aRepeatedDocumentUpdatesAndNoSecondOneAppears() throws IOException {
        String document = document("once", 6003, 1_772_352_000_000L, "{\"a\":1}");
        bulk(document, document);
        bulk(document);
        assertThat(hits("tributary-6003-2026-03-01", "metadata.uid", "once")).hasSize(1);
        JsonNode got = JSON.readTree(openSearch
                .call("GET", "/tributary-6003-2026-03-01/_doc/once", "")
                .body());
        assertThat(got.path("_version").asInt()).isEqualTo(3);
    }

    @Test
    void documentsGoToTheIndexOfTheirClassAndDay() throws IOException {
        bulk(
                document("one", 4001, 1_772_352_000_000L, "{}"),
                document("other", 4001, 1_772_438_400_000L, "{}"),
                document("dns", 4003, 1_772_352_000_000L, "{}"));
        assertThat(hits("tributary-4001-2026-03-01", "metadata.uid", "one")).hasSize(1);
        assertThat(hits("tributary-4001-2026-03-02", "metadata.uid", "other")).hasSize(1);
        assertThat(hits("tributary-4003-2026-03-01", "metadata.uid", "dns")).hasSize(1);
        assertThat(openSearch.call("HEAD", "/tributary-events/_doc/one", "").status())
                .isEqualTo(404);
    }

    /** One that is replayed after a long time goes where it was; none goes where no document of its time would be. */
    @Test
    void aTimeThatIsFarFromTheDocumentsOwnOpensNoIndex() throws IOException {
        List<String> documents = new ArrayList<>();
        for (int day = 0; day < 1_100; day++) {
            String date =
                    Instant.EPOCH.plusSeconds(day * 5 * 86_400L).toString().replace("Z", ".000Z");
            documents.add(document("dated-" + day, 4001, 1_772_352_000_000L, "{}")
                    .replaceFirst("\"@timestamp\":\"[^\"]*\"", "\"@timestamp\":\"" + date + '"'));
        }
        documents.add(document("replayed", 4001, 1_614_556_800_000L, "{}"));
        documents.add(document("put back", 4001, 1_772_352_000_000L, "{}")
                .replace("\"@timestamp\":\"2026-03-01T08:00:00Z\"", "\"@timestamp\":\"2025-11-30T08:00:00.000Z\"")
                .replace("\"processed_time\"", "\"transmit_time\":1764489600000,\"processed_time\""));
        bulk(documents.toArray(String[]::new));
        JsonNode indices = JSON.readTree(openSearch
                .call("GET", "/_cat/indices/tributary-4001-*?format=json", "")
                .body());
        assertThat(indices.size()).isLessThanOrEqualTo(10);
        assertThat(hits("tributary-4001-2026-03-01", "metadata.uid", "dated-7")).hasSize(1);
        assertThat(hits("tributary-4001-2021-03-01", "metadata.uid", "replayed"))
                .hasSize(1);
        assertThat(hits("tributary-4001-2025-11-30", "metadata.uid", "put back"))
                .hasSize(1);
    }

    @Test
    void requestParametersThatDifferInTypeDoNotConflict() throws IOException {
        bulk(
                document("number", 6003, 1_772_611_200_000L, "{\"value\":1}"),
                document("text", 6003, 1_772_611_200_000L, "{\"value\":\"one\"}"),
                document("object", 6003, 1_772_611_200_000L, "{\"value\":{\"deep\":[1,\"x\",{}]}}"),
                document("array", 6003, 1_772_611_200_000L, "{\"value\":[1,2]}"));
        assertThat(hits("tributary-6003-2026-03-04", "api.request.data.value", "one"))
                .containsExactly("text");
        assertThat(hits("tributary-6003-2026-03-04", "cloud.region", "eu-central-1"))
                .hasSize(4);
    }

    @Test
    void aWordOfAMessageIsFoundAndDataOfAnyTypeIsAccepted() throws IOException {
        String[] documents = new String[2];
        for (int i = 0; i < documents.length; i++) {
            documents[i] = """
                    {"@timestamp": "2026-03-05T08:00:00.000Z", "time": 1772697600000, "class_uid": 2004,
                     "metadata": {"uid": "words-%d", "processed_time": 1772697605000}, "message": "Order %d was Accepted",
                     "finding_info": {"title": "A title", "desc": "Somebody knocks on a port"},
                     "resources": [{"uid": "r", "data": {"value": %s}}], "evidences": [{"data": {"value": %s}}]}
                    """.formatted(i, i, i == 0 ? "1" : "{\"deep\": true}", i == 0 ? "[1]" : "\"text\"")
                    .replace("\n", "");
        }
        bulk(documents);
        assertThat(hits("tributary-2004-2026-03-05", "message", "accepted"))
                .containsExactlyInAnyOrder("words-0", "words-1");
        assertThat(hits("tributary-2004-2026-03-05", "finding_info.desc", "knocks"))
                .hasSize(2);
        assertThat(hits("tributary-2004-2026-03-05", "finding_info.title", "A title"))
                .hasSize(2);
        assertThat(hits("tributary-2004-2026-03-05", "resources.data.value.deep", "true"))
                .containsExactly("words-1");
    }

    @Test
    void whatCannotBeRoutedIsKeptWithItsReason() throws IOException {
        bulk("{\"metadata\":{\"uid\":\"lost\"}}");
        JsonNode got = JSON.readTree(
                openSearch.call("GET", "/tributary-unrouted/_doc/lost", "").body());
        assertThat(got.path("found").asBoolean()).isTrue();
        assertThat(got.at("/_source/tributary_error").asText()).isNotEmpty();
    }

    /** The documents that the transform function makes of every log type. */
    @Test
    void documentsOfEveryLogTypeAreAccepted() throws IOException {
        List<String> documents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("../transform-fn/src/test/resources/logtype"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".expected.json"))
                    .toList()) {
                ObjectNode document = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
                // each stands for an event of its own
                document.withObject("/metadata").put("uid", file.toString());
                documents.add(document.toString());
            }
        }
        assertThat(documents).hasSizeGreaterThan(100);
        bulk(documents.toArray(String[]::new));
        openSearch.call("POST", "/_refresh", "");
        JsonNode unrouted = JSON.readTree(openSearch
                .call("GET", "/tributary-unrouted/_count?ignore_unavailable=true&q=class_uid:*", "")
                .body());
        assertThat(unrouted.path("count").asInt()).isZero();
    }

    static List<Arguments> panels() throws IOException {
        List<Arguments> panels = new ArrayList<>();
        for (ObjectNode object : Dashboards.savedObjects()) {
            if (object.at("/attributes").has("kibanaSavedObjectMeta")
                    && !object.path("type").asText().equals("dashboard")) {
                panels.add(Arguments.of(object.at("/attributes/title").asText(), object));
            }
        }
        return panels;
    }

    /** What OpenSearch Dashboards asks OpenSearch for a panel: its query, and its aggregations one within the other. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("panels")
    void everyPanelOfADashboardShowsSomething(String title, ObjectNode panel) throws IOException {
        if (!isFilled) {
            documentsOfEveryLogTypeAreAccepted();
            isFilled = true;
        }
        bulk(
                "{\"metadata\":{\"uid\":\"unrouted\"},\"@timestamp\":\"2026-03-01T00:00:00Z\"}",
                "{\"metadata\":{\"uid\":\"cut\",\"is_truncated\":true,\"source\":\"waf\",\"processed_time\":1772352005000},\"class_uid\":4002,"
                        + "\"time\":1772352000000,\"@timestamp\":\"2026-03-01T00:00:00Z\"}");
        openSearch.call("POST", "/_refresh", "");
        ObjectNode search = JSON.createObjectNode().put("size", 1);
        String query = JSON.readTree(panel.at("/attributes/kibanaSavedObjectMeta/searchSourceJSON")
                        .asText())
                .at("/query/query")
                .asText();
        search.putObject("query").putObject("query_string").put("query", query.isEmpty() ? "*" : query);
        List<JsonNode> aggregations = new ArrayList<>();
        JSON.readTree(panel.at("/attributes/visState").asText("{}"))
                .path("aggs")
                .forEach(aggregations::add);
        ObjectNode within = search;
        for (JsonNode aggregation : aggregations) {
            String type = aggregation.path("type").asText();
            if (aggregation.path("schema").asText().equals("metric")) {
                if (!type.equals("count")) {
                    search.withObject("/aggs/measure" + aggregation.path("id").asText() + "/" + type)
                            .put("field", aggregation.at("/params/field").asText());
                }
                continue;
            }
            within = within.withObject("/aggs/buckets");
            ObjectNode parameters = within.withObject("/" + type)
                    .put("field", aggregation.at("/params/field").asText());
            if (type.equals("date_histogram")) {
                parameters.put("fixed_interval", "30d").put("min_doc_count", 1);
            }
        }
        JsonNode answer = JSON.readTree(openSearch
                .call("POST", "/tributary-*/_search", search.toString())
                .body());
        assertThat(answer.at("/hits/total/value").asInt())
                .as(search + " " + answer)
                .isPositive();
        for (JsonNode each = answer.path("aggregations"); !each.isMissingNode(); each = each.at("/buckets/buckets/0")) {
            if (each.has("buckets")) {
                assertThat(each.at("/buckets/buckets").size())
                        .as(search.toString())
                        .isPositive();
            }
        }
        answer.path("aggregations").fields().forEachRemaining(each -> {
            if (each.getKey().startsWith("measure")) {
                assertThat(each.getValue().path("value").asDouble())
                        .as(search.toString())
                        .isPositive();
            }
        });
    }

    /** This OpenSearch comes without the plugin. */
    @Test
    void anOpenSearchWithoutIndexStateManagementIsTold() {
        assertThatThrownBy(() -> new Setup(openSearch, Map.of("waf", 90)).apply(false))
                .isInstanceOf(IOException.class)
                .hasMessage("this OpenSearch has no index state management: its indices cannot be kept by a policy");
    }

    @Test
    void whoDoesNotAnswerAndWhoRefusesAreTold() {
        assertThatThrownBy(() -> new Setup(
                                new OpenSearch(URI.create("http://localhost:1"), new OpenSearch.Credentials.None()))
                        .apply(false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("http://localhost:1 does not answer");
    }

    /** This OpenSearch asks nobody for a name; that it is given one does no harm. */
    @Test
    void requestsWithAPasswordOrASignatureAreWellFormed() throws IOException {
        for (OpenSearch.Credentials credentials : List.of(
                new OpenSearch.Credentials.Basic("admin", "secret"),
                new OpenSearch.Credentials.Signed(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")),
                        "eu-central-1",
                        "es"))) {
            assertThat(credentials.toString()).doesNotContain("secret");
            OpenSearch named = new OpenSearch(RealOpenSearch.endpoint(), credentials);
            assertThat(new Setup(named).apply(true)).isEmpty();
        }
    }

    private static String document(String uid, int classUid, long time, String data) {
        return ("{\"@timestamp\":\"%s\",\"time\":%d,\"class_uid\":%d,\"metadata\":{\"uid\":\"%s\",\"processed_time\":%d},"
                        + "\"cloud\":{\"region\":\"eu-central-1\"},\"api\":{\"request\":{\"data\":%s}},\"unmapped\":{\"x\":%s}}")
                .formatted(Instant.ofEpochMilli(time), time, classUid, uid, time + 5_000, data, data);
    }

    private static void bulk(String... documents) throws IOException {
        assertThat(RealOpenSearch.bulk(List.of(documents)).path("errors").asBoolean(true))
                .isFalse();
    }

    private static List<String> hits(String index, String field, String value) throws IOException {
        return RealOpenSearch.hits(index, field, value);
    }
}
