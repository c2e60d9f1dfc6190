package io.tributary.local.pipeline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.local.pipeline.Counts;
import io.tributary.local.pipeline.Fault;
import io.tributary.opensearch.OpenSearch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexStreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Counts counts = new Counts();
    private final MemoryBucket s3 = new MemoryBucket();
    private final List<String> accepted = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private HttpServer server;
    private int requests;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/_bulk", this::bulk);
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    /** Refuses the first request, is too busy for some documents in the second, and never takes what is bad. */
    private void bulk(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests++;
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode items = answer.putArray("items");
            String[] lines = body.split("\n");
            for (int i = 0; i < lines.length; i += 2) {
                JsonNode action = JSON.readTree(lines[i]).path("index");
                int status =
                        lines[i + 1].contains("bad") ? 400 : requests == 2 && lines[i + 1].contains("late") ? 429 : 201;
                items.addObject()
                        .putObject("index")
                        .put("status", status)
                        .putObject("error")
                        .put("reason", "because");
                if (status == 201 && requests > 1) {
                    accepted.add(lines[i + 1]);
                    ids.add(action.path("_id").asText());
                }
            }
            byte[] bytes = JSON.writeValueAsBytes(answer);
            exchange.sendResponseHeaders(requests == 1 ? 503 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void whatIsRefusedForGoodIsKeptAndAllElseTriedUntilItIsTaken() throws IOException {
        try (IndexStream stream = stream()) {
            for (String document : List.of("{\"n\":1}", "{\"n\":\"bad\"}", "{\"n\":\"late\"}")) {
                assertThat(stream.offer(document.getBytes(StandardCharsets.UTF_8)))
                        .isTrue();
            }
        }
        assertThat(accepted).containsExactly("{\"n\":1}", "{\"n\":\"late\"}");
        assertThat(ids).as("Firehose makes up an id each time").doesNotHaveDuplicates();
        JsonNode failed = JSON.readTree(s3.texts("failed/index/").get(0));
        assertThat(failed.path("rawData").binaryValue())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"n\":\"bad\"}");
        assertThat(failed.path("errorMessage").asText()).isEqualTo("because");
        assertThat(counts.of("index.refused")).isOne();
        assertThat(counts.of("index.documents")).isEqualTo(2);
    }

    private IndexStream stream() {
        return new IndexStream(
                new OpenSearch(
                        URI.create("http://localhost:" + server.getAddress().getPort()),
                        new OpenSearch.Credentials.None()),
                new Bucket(s3, "bucket", counts),
                counts,
                new Fault.Switches());
    }
}
