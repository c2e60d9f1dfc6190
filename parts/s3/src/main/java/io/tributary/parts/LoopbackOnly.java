package io.tributary.parts;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * Keeps S3Mock for this machine: on all interfaces, which it listens on by itself, it would answer anybody's DELETE. It is put on the class path of
 * S3Mock's own jar, which finds it as Spring Boot does.
 */
@AutoConfiguration
public class LoopbackOnly {
    /** The last of all, so that it knows every connector. */
    @Bean
    @Order
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> loopbackOnly() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return factory -> {
            factory.setAddress(loopback);
            factory.getAdditionalConnectors()
                    .forEach(connector -> connector.setProperty("address", loopback.getHostAddress()));
            factory.addEngineValves(new LocalRequests());
        };
    }

    /** Takes requests of this machine's programs: neither those of a browser nor those to a name that leads here from elsewhere. */
    private static final class LocalRequests extends ValveBase {
        private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");
        private static final int FORBIDDEN = 403;

        LocalRequests() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            if (HOSTS.contains(request.getServerName())
                    && request.getHeader("Origin") == null
                    && request.getHeader("Sec-Fetch-Site") == null) {
                getNext().invoke(request, response);
            } else {
                response.sendError(FORBIDDEN);
            }
        }
    }
}
