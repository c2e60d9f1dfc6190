package io.tributary.local.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = Loopback.bind(0);
        Loopback.serve(server, "/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    @Test
    void onlyTheLoopbackInterfaceIsListenedOn() {
        assertThat(server.getAddress().getAddress().isLoopbackAddress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost:PORT",
                "Host: localhost",
                "Host: 127.0.0.1:PORT",
                "Host: [::1]:PORT",
                "Host: localhost:PORT|Origin: http://localhost:PORT|Sec-Fetch-Site: same-origin",
                "Host: localhost:PORT|Sec-Fetch-Site: none"
            })
    void aProgramOfThisMachineAndAPageOfTheServersOwnAreAnswered(String headers) throws IOException {
        assertThat(status(headers)).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: rebound.example.com:PORT",
                "Host: localhost.example.com",
                "Host: 198.51.100.7:PORT",
                "Host: localhost:PORT@example.com",
                "Host: localhost:PORT|Origin: https://example.com|Content-Type: text/plain",
                "Host: localhost:PORT|Origin: null",
                "Host: localhost:PORT|Origin: http://localhost:1",
                "Host: localhost:PORT|Sec-Fetch-Site: cross-site",
                "Host: localhost:PORT|Sec-Fetch-Site: same-site"
            })
    void aPageOfAnotherSiteAndANameThatLeadsHereAreRefused(String headers) throws IOException {
        assertThat(status(headers)).isEqualTo(403);
    }

    /** By a socket: clients do not let callers choose the host. */
    private int status(String headers) throws IOException {
        int port = server.getAddress().getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "POST / HTTP/1.1\r\n"
                    + headers.replace("PORT", Integer.toString(port)).replace("|", "\r\n")
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }
}
