package io.tributary.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Saved objects and policies of index state management, which only OpenSearch Dashboards and a plugin know, neither of which can be
 * run here: a server that answers as their documentation says.
 */
class SavedContentTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> stored = new TreeMap<>();
    private HttpServer server;
    private boolean isRefusing;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/_dashboards/api/saved_objects/", this::savedObjects);
        server.createContext("/_plugins/_ism/policies/", this::policies);
        server.createContext("/_ingest/", this::missing);
        server.createContext("/_index_template/", this::missing);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI at(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + path);
    }

    private DashboardsSetup dashboards() {
        return new DashboardsSetup(new OpenSearch(at("/_dashboards/"), new OpenSearch.Credentials.None()));
    }

    private Setup setup(Map<String, Integer> days) {
        return new Setup(new OpenSearch(at("/"), new OpenSearch.Credentials.None()), days);
    }

    @Test
    void whatASavedObjectRefersToIsThereAndBeforeIt() throws IOException {
        Set<String> known = new HashSet<>();
        for (ObjectNode object : Dashboards.savedObjects()) {
            object.path("references")
                    .forEach(reference -> assertThat(known)
                            .contains(reference.path("type").asText() + "/"
                                    + reference.path("id").asText()));
            assertThat(known.add(object.path("type").asText() + "/"
                            + object.path("id").asText()))
                    .as("an id is one object's")
                    .isTrue();
            for (String text : List.of("panelsJSON", "visState", "optionsJSON", "uiStateJSON")) {
                if (object.path("attributes").has(text)) {
                    JSON.readTree(object.at("/attributes/" + text).asText());
                }
            }
        }
        assertThat(known.stream().filter(id -> id.startsWith("dashboard/")))
                .containsExactlyInAnyOrder(
                        "dashboard/tributary-overview",
                        "dashboard/tributary-network",
                        "dashboard/tributary-api",
                        "dashboard/tributary-sign-in",
                        "dashboard/tributary-findings",
                        "dashboard/tributary-pipeline");
    }

    @Test
    void panelsDoNotLieOnEachOther() throws IOException {
        for (ObjectNode object : Dashboards.savedObjects()) {
            Set<String> places = new HashSet<>();
            for (JsonNode panel :
                    JSON.readTree(object.at("/attributes/panelsJSON").asText("[]"))) {
                assertThat(places.add(panel.at("/gridData/x") + " " + panel.at("/gridData/y")))
                        .isTrue();
                assertThat(panel.at("/gridData/x").asInt()
                                + panel.at("/gridData/w").asInt())
                        .isLessThanOrEqualTo(48);
                assertThat(panel.path("panelIndex").asText())
                        .isEqualTo(panel.at("/gridData/i").asText());
            }
        }
    }

    @Test
    void dashboardsAreWrittenOnceAndSetRightAgain() throws IOException {
        int all = Dashboards.savedObjects().size();
        assertThat(dashboards().apply(true)).hasSize(all);
        assertThat(stored).isEmpty();
        assertThat(dashboards().apply(false)).hasSize(all);
        assertThat(stored).hasSize(all);
        assertThat(dashboards().apply(false)).isEmpty();
        ((ObjectNode) stored.get("dashboard/tributary-api").path("attributes")).put("title", "mine");
        assertThat(dashboards().apply(false)).containsExactly("dashboard tributary-api");
    }

    @Test
    void anObjectThatIsRefusedIsNamed() {
        isRefusing = true;
        assertThatThrownBy(() -> dashboards().apply(false))
                .isInstanceOf(IOException.class)
                .hasMessage("index-pattern tributary-events: no space");
    }

    @Test
    void anIndexIsKeptAsLongAsTheSourceOfItThatIsSearchableLongest() throws IOException {
        Map<String, Integer> days =
                Map.of("cloudtrail", 365, "rds", 30, "vpc-flow-logs", 14, "tgw-flow-logs", 7, "waf", 30);
        setup(days).apply(false);
        assertThat(age("tributary-4001")).isEqualTo("15d");
        assertThat(age("tributary-3002")).isEqualTo("366d");
        assertThat(age("tributary-4002")).isEqualTo("31d");
        // base events may be of any source
        assertThat(age("tributary")).isEqualTo("366d");
        assertThat(stored.get("policy/tributary").at("/policy/ism_template/0").toString())
                .isEqualTo("{\"index_patterns\":[\"tributary-*\"],\"priority\":1}");
    }

    @Test
    void aPolicyIsWrittenAgainOnlyWhenItsDaysDiffer() throws IOException {
        assertThat(policies(setup(Map.of("waf", 30)).apply(false))).hasSize(8);
        assertThat(policies(setup(Map.of("waf", 30)).apply(false))).isEmpty();
        assertThat(policies(setup(Map.of("waf", 30, "cloudtrail", 30, "rds", 30, "vpc-flow-logs", 31))
                        .apply(false)))
                .contains("/_plugins/_ism/policies/tributary-4001")
                .doesNotContain("/_plugins/_ism/policies/tributary-4002");
        assertThat(age("tributary-4001")).isEqualTo("32d");
    }

    private static List<String> policies(List<String> written) {
        return written.stream().filter(path -> path.contains("_ism")).toList();
    }

    private String age(String policy) {
        return stored.get("policy/" + policy)
                .at("/policy/states/0/transitions/0/conditions/min_index_age")
                .asText();
    }

    private void savedObjects(HttpExchange exchange) throws IOException {
        JsonNode asked = JSON.readTree(exchange.getRequestBody());
        ArrayNode answer = JSON.createArrayNode();
        boolean isWriting = exchange.getRequestURI().getPath().endsWith("_bulk_create");
        for (JsonNode each : asked) {
            String id = each.path("type").asText() + "/" + each.path("id").asText();
            ObjectNode one = answer.addObject();
            one.setAll((ObjectNode) (isWriting ? each : stored.getOrDefault(id, each)));
            if (isWriting && isRefusing) {
                one.putObject("error").put("message", "no space");
            } else if (isWriting) {
                stored.put(id, each);
            } else if (!stored.containsKey(id)) {
                one.putObject("error").put("statusCode", 404);
            }
        }
        // as OpenSearch Dashboards does with whoever might be another site's script
        int status = exchange.getRequestHeaders().containsKey("osd-xsrf") ? 200 : 400;
        answer(exchange, status, JSON.createObjectNode().set("saved_objects", answer));
    }

    private void policies(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String id = "policy/" + path.substring(path.lastIndexOf('/') + 1);
        JsonNode there = stored.get(id);
        if (exchange.getRequestMethod().equals("GET")) {
            answer(exchange, there == null ? 404 : 200, there == null ? JSON.createObjectNode() : there);
            return;
        }
        String seen =
                there == null ? null : "if_seq_no=" + there.path("_seq_no").asLong() + "&if_primary_term=1";
        if (!String.valueOf(seen).equals(String.valueOf(exchange.getRequestURI().getQuery()))) {
            answer(exchange, 409, JSON.createObjectNode().put("error", "version conflict"));
            return;
        }
        ObjectNode policy = (ObjectNode) JSON.readTree(exchange.getRequestBody());
        policy.put("_seq_no", there == null ? 0 : there.path("_seq_no").asLong() + 1)
                .put("_primary_term", 1);
        stored.put(id, policy);
        answer(exchange, 201, policy);
    }

    private void missing(HttpExchange exchange) throws IOException {
        answer(exchange, exchange.getRequestMethod().equals("GET") ? 404 : 200, JSON.createObjectNode());
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
