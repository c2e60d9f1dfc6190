package io.tributary.local.pipeline.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.local.pipeline.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

class GlacierTest {
    private static final String ASLEEP = "archive/part";
    private static final String AWAKE = "events/object";

    private final CountDownLatch restored = new CountDownLatch(1);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private HttpServer store;
    private Glacier glacier;
    private S3Client s3;

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", GlacierTest::object);
        store.start();
        LifecycleClock lifecycle =
                new LifecycleClock(new RuledBucket(), "bucket", Duration.ofDays(1), InstantSource.system());
        lifecycle.tick();
        glacier = new Glacier(
                URI.create("http://localhost:" + store.getAddress().getPort()),
                lifecycle,
                Duration.ofMillis(300),
                new Fault.Switches(),
                (bucket, key) -> {
                    told.add(bucket + " " + key);
                    restored.countDown();
                });
        s3 = S3Client.builder()
                .endpointOverride(glacier.address())
                .forcePathStyle(true)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @AfterEach
    void end() {
        s3.close();
        glacier.close();
        store.stop(0);
    }

    /** Every object reads the same; those of the archive are in Glacier. */
    private static void object(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = "content".getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders()
                    .set(
                            "Last-Modified",
                            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                    ZonedDateTime.now(ZoneOffset.UTC).minusDays(60)));
            String query = exchange.getRequestURI().getQuery();
            if (query != null && query.contains("list-type=2")) {
                body = """
                        <ListBucketResult><Name>bucket</Name><KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>
                        <Contents><Key>events/a=1</Key><LastModified>%1$s</LastModified><StorageClass>STANDARD</StorageClass></Contents>
                        <Contents><Key>raw/b+c</Key><LastModified>%1$s</LastModified><StorageClass>STANDARD</StorageClass></Contents>
                        </ListBucketResult>
                        """.formatted(Instant.now().minus(Duration.ofDays(60))).getBytes(StandardCharsets.US_ASCII);
            }
            if (exchange.getRequestURI().getPath().contains("archive/")) {
                exchange.getResponseHeaders().set("x-amz-storage-class", "GLACIER");
            }
            exchange.getResponseHeaders().set("ETag", "\"e\"");
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, isHead ? -1 : body.length);
            if (!isHead) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Test
    void whatSleepsIsReadOnlyAfterItWasRestored() throws Exception {
        assertThat(read(AWAKE)).isEqualTo("content");
        assertThatThrownBy(() -> read(ASLEEP)).isInstanceOf(InvalidObjectStateException.class);
        assertThat(glacier.isAwake("bucket", ASLEEP)).isEmpty();

        restore(ASLEEP);
        assertThat(head().restore()).isEqualTo("ongoing-request=\"true\"");
        assertThatThrownBy(() -> restore(ASLEEP))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("RestoreAlreadyInProgress");
        assertThatThrownBy(() -> read(ASLEEP)).isInstanceOf(InvalidObjectStateException.class);

        assertThat(restored.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(told).containsExactly("bucket " + ASLEEP);
        assertThat(read(ASLEEP)).isEqualTo("content");
        assertThat(head().restore()).startsWith("ongoing-request=\"false\"");
        assertThat(glacier.isAwake("bucket", ASLEEP)).contains(true);
    }

    @Test
    void classesAreThoseThatTheRulesHavePutObjectsIn() {
        assertThat(s3.headObject(request -> request.bucket("bucket").key("raw/x"))
                        .storageClassAsString())
                .isEqualTo("STANDARD_IA");
        assertThat(s3.listObjectsV2(request -> request.bucket("bucket")).contents())
                .extracting(S3Object::key, S3Object::storageClassAsString)
                .containsExactly(tuple("events/a=1", "STANDARD"), tuple("raw/b+c", "STANDARD_IA"));
    }

    @Test
    void whatIsAwakeCannotBeRestored() {
        assertThatThrownBy(() -> restore(AWAKE)).hasMessageContaining("InvalidObjectState");
    }

    private String read(String key) {
        return s3.getObjectAsBytes(request -> request.bucket("bucket").key(key)).asUtf8String();
    }

    private HeadObjectResponse head() {
        return s3.headObject(request -> request.bucket("bucket").key(ASLEEP));
    }

    private void restore(String key) {
        s3.restoreObject(request -> request.bucket("bucket").key(key).restoreRequest(wanted -> wanted.days(1)));
    }
}
