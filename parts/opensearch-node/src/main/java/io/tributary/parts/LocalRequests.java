package io.tributary.parts;

import java.util.List;
import java.util.function.UnaryOperator;
import org.opensearch.client.node.NodeClient;
import org.opensearch.common.util.concurrent.ThreadContext;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.rest.BytesRestResponse;
import org.opensearch.rest.RestChannel;
import org.opensearch.rest.RestHandler;
import org.opensearch.rest.RestRequest;

/** Has a node take requests of this machine's programs: neither those of a browser nor those to a name that leads here from elsewhere. */
public final class LocalRequests extends Plugin implements ActionPlugin {
    @Override
    public UnaryOperator<RestHandler> getRestHandlerWrapper(ThreadContext threadContext) {
        return Local::new;
    }

    private static boolean isLocal(RestRequest request) {
        String host = String.valueOf(request.header("Host"));
        return host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?")
                && List.of("Origin", "Sec-Fetch-Site").stream().allMatch(name -> request.header(name) == null);
    }

    private static final class Local extends RestHandler.Wrapper {
        Local(RestHandler handler) {
            super(handler);
        }

        @Override
        public void handleRequest(RestRequest request, RestChannel channel, NodeClient client) throws Exception {
            if (isLocal(request)) {
                super.handleRequest(request, channel, client);
            } else {
                channel.sendResponse(new BytesRestResponse(RestStatus.FORBIDDEN, "this search engine is localhost's"));
            }
        }
    }
}
