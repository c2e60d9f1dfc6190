package io.tributary.local.pipeline.process;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * HTTP servers that only this machine reaches. That is not enough where a browser runs: a page of any site can have it send requests here, and a
 * name of that site's can lead here. So a request is answered with 403 unless it names this machine as its host and, if a browser says where it is
 * from, is from a page of the server itself.
 */
public final class Loopback {
    private static final Pattern HOST = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");

    /** What a browser says of requests of the server's own pages, and of addresses that somebody typed. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private static final int FORBIDDEN = 403;

    static {
        // has to be set before the first server: an answer of headers and body would wait 40 ms for an acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private Loopback() {}

    /**
     * Binds a port.
     *
     * @param port 0 for any
     * @throws java.net.BindException if it is taken
     */
    public static HttpServer bind(int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    }

    /** Has a server answer what comes from this machine. */
    public static void serve(HttpServer server, String path, HttpHandler handler) {
        server.createContext(path, handler).getFilters().add(new Gate());
    }

    private static final class Gate extends Filter {
        @Override
        public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            if (isLocal(exchange.getRequestHeaders())) {
                chain.doFilter(exchange);
                return;
            }
            try (exchange) {
                byte[] answer = "this server is localhost's".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(FORBIDDEN, answer.length);
                exchange.getResponseBody().write(answer);
            }
        }

        private static boolean isLocal(Headers headers) {
            String host = headers.getFirst("Host");
            String origin = headers.getFirst("Origin");
            String site = headers.getFirst("Sec-Fetch-Site");
            return host != null
                    && HOST.matcher(host).matches()
                    && (origin == null || origin.equals("http://" + host))
                    && (site == null || OWN_SITES.contains(site));
        }

        @Override
        public String description() {
            return "local requests only";
        }
    }
}
