package io.tributary.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One real OpenSearch for all tests of the process, and the requests that Firehose makes of it. */
final class RealOpenSearch {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static OpenSearch openSearch;
    private static URI endpoint;

    private RealOpenSearch() {}

    static synchronized OpenSearch start() throws IOException {
        if (openSearch == null) {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Path folder = Files.createTempDirectory("opensearch");
            OpenSearchRunner runner = new OpenSearchRunner();
            runner.setMaxHttpPort(port);
            runner.onBuild((number, settings) -> {
                settings.put("discovery.type", "single-node");
                settings.putList("node.roles", "cluster_manager", "data", "ingest");
                settings.remove("cluster.initial_cluster_manager_nodes");
                settings.put("network.host", "127.0.0.1");
            });
            runner.build(OpenSearchRunner.newConfigs()
                    .basePath(folder.toString())
                    .numOfNode(1)
                    .baseHttpPort(port - 1)
                    .clusterName("tributary")
                    .disableESLogger());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    runner.close();
                    runner.clean();
                } catch (IOException e) {
                    e.printStackTrace();
                }
            }));
            endpoint = URI.create("http://localhost:" + port);
            openSearch = new OpenSearch(endpoint, new OpenSearch.Credentials.None());
        }
        return openSearch;
    }

    static URI endpoint() {
        return endpoint;
    }

    /** One request, as Firehose makes it: each document has an id of Firehose's own. */
    static JsonNode bulk(List<String> documents) throws IOException {
        StringBuilder body = new StringBuilder();
        for (String document : documents) {
            body.append("{\"index\":{\"_index\":\"tributary-events\",\"_id\":\"")
                    .append(UUID.randomUUID())
                    .append("\"}}\n")
                    .append(document)
                    .append('\n');
        }
        return JSON.readTree(
                openSearch.call("POST", "/_bulk?refresh=true", body.toString()).body());
    }

    /** The ids of documents that have a value. */
    static List<String> hits(String index, String field, String value) throws IOException {
        JsonNode query = JSON.createObjectNode()
                .set(
                        "query",
                        JSON.createObjectNode()
                                .set("term", JSON.createObjectNode().put(field, value)));
        JsonNode answer = JSON.readTree(openSearch
                .call("POST", "/" + index + "/_search", query.toString())
                .body());
        List<String> ids = new ArrayList<>();
        answer.at("/hits/hits").forEach(hit -> ids.add(hit.path("_id").asText()));
        return ids;
    }
}
