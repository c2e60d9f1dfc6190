package io.tributary.local.pipeline.process;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A function that somebody runs in Quarkus's dev mode, which takes events by HTTP.
 *
 * @param address of its event server
 * @see <a href="https://quarkus.io/guides/aws-lambda">Quarkus and Lambda: live coding</a>
 */
public record DevFunction(URI address, Duration timeout, HttpClient http) implements Function {
    /** Waits while nobody listens: dev mode starts, or starts again. */
    @Override
    public byte[] invoke(byte[] event) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(event))
                .build();
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() / 100 != 2) {
                    throw new FunctionException(address + " answers " + response.statusCode() + ": "
                            + new String(response.body(), StandardCharsets.UTF_8));
                }
                return response.body();
            } catch (ConnectException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    @Override
    public void close() {
        // it is somebody else's
    }
}
