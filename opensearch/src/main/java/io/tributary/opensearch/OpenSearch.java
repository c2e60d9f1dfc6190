package io.tributary.opensearch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** An OpenSearch over HTTP: without a name, with user and password, or with AWS's signatures. */
public final class OpenSearch {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final URI endpoint;
    private final Credentials credentials;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /** Who asks. */
    public sealed interface Credentials {
        /** Nobody: for an OpenSearch of one's own machine. */
        record None() implements Credentials {}

        /** The internal user database. */
        record Basic(String user, String password) implements Credentials {
            @Override
            public String toString() {
                return "Basic[" + user + "]";
            }
        }

        /** An identity of AWS, for a domain ({@code es}) or a serverless collection ({@code aoss}). */
        record Signed(AwsCredentialsProvider provider, String region, String service) implements Credentials {}
    }

    /**
     * An answer.
     *
     * @param status of HTTP
     */
    public record Answer(int status, String body) {}

    public OpenSearch(URI endpoint, Credentials credentials) {
        this.endpoint = endpoint;
        this.credentials = credentials;
    }

    /**
     * Calls.
     *
     * @param path of OpenSearch, from its root; of OpenSearch Dashboards, whose address ends with a path of its own, relative
     * @param body JSON; empty for none
     * @throws IOException if there is no answer
     */
    public Answer call(String method, String path, String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(path))
                .timeout(TIMEOUT)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        headers(method, path, body).forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            throw new IOException(endpoint + " does not answer: " + e, e);
        }
    }

    private Map<String, String> headers(String method, String path, String body) {
        Map<String, String> headers = new HashMap<>();
        if (!body.isEmpty()) {
            headers.put("Content-Type", "application/json");
        }
        // OpenSearch Dashboards wants it of whoever is no browser; OpenSearch does not mind
        headers.put("osd-xsrf", "tributary");
        if (credentials instanceof Credentials.Basic basic) {
            headers.put(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(
                                            (basic.user() + ":" + basic.password()).getBytes(StandardCharsets.UTF_8)));
        } else if (credentials instanceof Credentials.Signed signed) {
            headers.putAll(signature(signed, method, path, body));
        }
        return headers;
    }

    private Map<String, String> signature(Credentials.Signed signed, String method, String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(endpoint.resolve(path))
                .build();
        Map<String, List<String>> headers = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(signed.provider().resolveCredentials())
                        .request(request)
                        .payload(() -> new ByteArrayInputStream(bytes))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, signed.service())
                        .putProperty(AwsV4HttpSigner.REGION_NAME, signed.region()))
                .request()
                .headers();
        Map<String, String> wanted = new HashMap<>();
        headers.forEach((name, values) -> {
            // the client sets the host itself
            if (!name.equalsIgnoreCase("host")) {
                wanted.put(name, values.get(0));
            }
        });
        return wanted;
    }
}
