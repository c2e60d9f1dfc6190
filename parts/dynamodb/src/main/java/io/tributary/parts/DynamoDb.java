package io.tributary.parts;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local, for this machine only: its arguments are a folder for its data and a port. Its own main class listens on all interfaces, and
 * answers pages of other sites.
 */
public final class DynamoDb {
    private DynamoDb() {}

    public static void main(String[] arguments) throws Exception {
        String folder = arguments[0];
        int port = Integer.parseInt(arguments[1]);
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        LocalDynamoDBRequestHandler tables = new LocalDynamoDBRequestHandler(0, false, folder, true, false);
        server.setHandler(new LocalRequests(new LocalDynamoDBServerHandler(tables, null)));
        server.start();
        server.join();
    }

    /** Takes requests of this machine's programs: neither those of a browser nor those to a name that leads here from elsewhere. */
    private static final class LocalRequests extends Handler.Wrapper {
        private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

        LocalRequests(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (HOSTS.contains(Request.getServerName(request))
                    && !request.getHeaders().contains(HttpHeader.ORIGIN)
                    && !request.getHeaders().contains("Sec-Fetch-Site")) {
                return super.handle(request, response, callback);
            }
            Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
            return true;
        }
    }
}
