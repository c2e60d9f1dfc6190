package io.tributary.parts;

import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One node of OpenSearch, for this machine only: its arguments are a folder for its data and a port. It runs until it is ended. */
public final class OpenSearchNode {
    private OpenSearchNode() {}

    public static void main(String[] arguments) throws InterruptedException {
        String folder = arguments[0];
        int port = Integer.parseInt(arguments[1]);
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.setMaxHttpPort(port);
        runner.onBuild((number, settings) -> {
            settings.put("discovery.type", "single-node");
            settings.putList("node.roles", "cluster_manager", "data", "ingest");
            settings.remove("cluster.initial_cluster_manager_nodes");
            settings.put("network.host", "127.0.0.1");
            // a desk's disk may be full, as far as OpenSearch is concerned
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            settings.put("action.destructive_requires_name", true);
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.close();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
        runner.build(OpenSearchRunner.newConfigs()
                .basePath(folder)
                .numOfNode(1)
                .baseHttpPort(port - 1)
                .clusterName("tributary")
                .pluginTypes(LocalRequests.class.getName())
                .disableESLogger());
        new CountDownLatch(1).await();
    }
}
