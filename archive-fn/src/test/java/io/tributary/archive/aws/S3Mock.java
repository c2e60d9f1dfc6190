package io.tributary.archive.aws;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Adobe S3Mock in a process of its own. */
public final class S3Mock implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final URI endpoint;
    private final S3Client client;
    private final ExecutorService executor = Executors.newCachedThreadPool();

    public S3Mock() throws IOException, InterruptedException {
        int port;
        int securePort;
        try (ServerSocket free = new ServerSocket(0);
                ServerSocket other = new ServerSocket(0)) {
            port = free.getLocalPort();
            securePort = other.getLocalPort();
        }
        endpoint = URI.create("http://localhost:" + port);
        Path log = Path.of("target", "s3mock.log");
        Files.createDirectories(log.getParent());
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        Path.of("target", "s3mock.jar").toString(),
                        "--http.port=" + port,
                        "--server.port=" + securePort)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await(log);
        client = build(configuration -> {});
    }

    private S3Client build(Consumer<ClientOverrideConfiguration.Builder> configuration) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(configuration)
                .build();
    }

    /** A client whose requests are listened to; the caller closes it. */
    S3Client client(ExecutionInterceptor interceptor) {
        return build(configuration -> configuration.addExecutionInterceptor(interceptor));
    }

    private void await(Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                HttpURLConnection connection =
                        (HttpURLConnection) endpoint.toURL().openConnection();
                if (connection.getResponseCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        process.destroy();
        throw new IOException("S3Mock does not start; its output is in " + log);
    }

    public S3Client client() {
        return client;
    }

    public URI endpoint() {
        return endpoint;
    }

    public ExecutorService executor() {
        return executor;
    }

    /** A new bucket. */
    public String bucket() {
        String name = "archive-" + UUID.randomUUID();
        client.createBucket(create -> create.bucket(name));
        return name;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        client.close();
        process.destroy();
    }
}
