package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.aws.KinesisRecordStream;
import io.tributary.transform.FaultyStreamServer.Fault;
import io.tributary.transform.aws.FirehoseRecordStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * What happens to events while Firehose and Kinesis fail, through the SDK's clients and HTTP: whatever the fault, an event is
 * in the answer, back on its stream, or in a failed record; and a record is Ok only if the index stream has all of it.
 */
class StreamFaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SOURCE_ARN = "arn:aws:kinesis:eu-central-1:123456789012:stream/logs";

    private static ExecutorService executor;

    @BeforeAll
    static void start() {
        // the Java SDK speaks CBOR to Kinesis; the server here speaks the JSON that every other SDK does
        System.setProperty("aws.cborEnabled", "false");
        executor = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        System.clearProperty("aws.cborEnabled");
        executor.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"THROTTLED", "UNAVAILABLE", "PARTLY_REFUSED", "CUT_OFF", "TOO_LATE", "ACCEPTED_TOO_LATE"})
    void aPassingFaultDelaysButLosesNothing(Fault fault) {
        try (FaultyStreamServer index = new FaultyStreamServer(first(2, fault));
                FaultyStreamServer source = new FaultyStreamServer(first(1, fault))) {
            List<SourceRecord> records = records(6, 40, 10);
            Transformer.Result result = transform(records, index.endpoint(), source.endpoint(), 6_000);
            assertThat(result.outcomes()).allMatch(Outcome.Ok.class::isInstance);
            assertThat(uids(index)).isEqualTo(uids(result));
            assertThat(uids(result)).hasSize(240);
            assertThat(result.metrics().balance()).isZero();
            assertThat(index.violations()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "THROTTLED",
                "UNAVAILABLE",
                "PARTLY_REFUSED",
                "CUT_OFF",
                "TOO_LATE",
                "ACCEPTED_TOO_LATE",
                "ACCESS_DENIED"
            })
    void aLastingFaultOfTheIndexStreamFailsItsRecords(Fault fault) {
        try (FaultyStreamServer index = new FaultyStreamServer(() -> fault);
                FaultyStreamServer source = new FaultyStreamServer(() -> Fault.NONE)) {
            List<SourceRecord> records = records(3, 20, 10);
            Transformer.Result result = transform(records, index.endpoint(), source.endpoint(), 3_000);
            for (int i = 0; i < records.size(); i++) {
                if (result.outcomes().get(i) instanceof Outcome.Ok ok) {
                    assertThat(uids(index)).containsAll(uids(ok.data()));
                }
            }
            if (fault != Fault.PARTLY_REFUSED) {
                assertThat(result.outcomes()).allMatch(Outcome.Failed.class::isInstance);
            }
            assertThat(result.metrics().balance()).isZero();
        }
    }

    @Test
    void anIndexStreamThatIsDownFailsItsRecords() {
        URI nobody;
        try (FaultyStreamServer closed = new FaultyStreamServer(() -> Fault.NONE)) {
            nobody = closed.endpoint();
        }
        try (FaultyStreamServer source = new FaultyStreamServer(() -> Fault.NONE)) {
            Transformer.Result result = transform(records(3, 20, 10), nobody, source.endpoint(), 3_000);
            assertThat(result.outcomes()).allMatch(Outcome.Failed.class::isInstance);
            assertThat(result.metrics().eventsFailed()).isEqualTo(60);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NONE", "THROTTLED", "UNAVAILABLE", "PARTLY_REFUSED", "CUT_OFF", "TOO_LATE", "ACCEPTED_TOO_LATE"})
    void whatDoesNotFitIsPutBackThroughAPassingFault(Fault fault) {
        try (FaultyStreamServer index = new FaultyStreamServer(() -> Fault.NONE);
                FaultyStreamServer source = new FaultyStreamServer(first(1, fault))) {
            List<SourceRecord> records = incompressible(12);
            Transformer.Result result = transform(records, index.endpoint(), source.endpoint(), 6_000);
            assertThat(result.outcomes()).anyMatch(Outcome.Dropped.class::isInstance);
            assertThat(result.outcomes()).noneMatch(Outcome.Failed.class::isInstance);
            assertEveryEventIsSomewhere(records, result, source);
            assertThat(source.violations()).isEmpty();
            assertThat(index.violations()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"THROTTLED", "UNAVAILABLE", "PARTLY_REFUSED", "CUT_OFF", "TOO_LATE", "ACCESS_DENIED"})
    void whatCannotBePutBackIsFailed(Fault fault) {
        try (FaultyStreamServer index = new FaultyStreamServer(() -> Fault.NONE);
                FaultyStreamServer source = new FaultyStreamServer(() -> fault)) {
            List<SourceRecord> records = incompressible(12);
            Transformer.Result result = transform(records, index.endpoint(), source.endpoint(), 3_500);
            assertThat(result.outcomes()).anyMatch(Outcome.Failed.class::isInstance);
            assertEveryEventIsSomewhere(records, result, source);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void anyMixtureOfFaultsLosesNothing(long seed) {
        Random random = new Random(seed);
        Supplier<Fault> faults = () -> {
            synchronized (random) {
                return random.nextInt(3) == 0 ? Fault.NONE : Fault.values()[random.nextInt(Fault.values().length - 1)];
            }
        };
        try (FaultyStreamServer index = new FaultyStreamServer(faults);
                FaultyStreamServer source = new FaultyStreamServer(faults)) {
            List<SourceRecord> records = new ArrayList<>(incompressible(9));
            records.addAll(records(20, 60, 50));
            Transformer.Result result = transform(records, index.endpoint(), source.endpoint(), 5_000);
            assertEveryEventIsSomewhere(records, result, source);
            Set<String> indexed = uids(index);
            for (Outcome outcome : result.outcomes()) {
                if (outcome instanceof Outcome.Ok ok) {
                    assertThat(indexed).containsAll(uids(ok.data()));
                }
            }
            assertThat(result.metrics().balance()).isZero();
            assertThat(index.violations()).isEmpty();
            assertThat(source.violations()).isEmpty();
        }
    }

    private static void assertEveryEventIsSomewhere(
            List<SourceRecord> records, Transformer.Result result, FaultyStreamServer source) {
        Set<String> back = new HashSet<>();
        for (byte[] record : source.accepted()) {
            back.addAll(eventIds(record));
        }
        for (int i = 0; i < records.size(); i++) {
            Set<String> ids = eventIds(records.get(i).data());
            Outcome outcome = result.outcomes().get(i);
            if (outcome instanceof Outcome.Ok ok) {
                assertThat(uids(ok.data())).isEqualTo(ids);
            } else if (outcome instanceof Outcome.Dropped) {
                assertThat(back).containsAll(ids);
            }
        }
    }

    // ---- the function around the server

    private static Transformer.Result transform(
            List<SourceRecord> records, URI indexEndpoint, URI sourceEndpoint, long millis) {
        try (FirehoseClient firehose = client(FirehoseClient.builder(), indexEndpoint)
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build();
                KinesisClient kinesis = client(KinesisClient.builder(), sourceEndpoint)
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build();
                Transformer transformer = new Transformer(
                        TransformSettings.DEFAULTS,
                        InstantSource.system(),
                        List.of(DocumentStream.index(new FirehoseRecordStream(() -> firehose, "index"))),
                        executor)) {
            long end = System.currentTimeMillis() + millis;
            return transformer.transform(
                    "eu-central-1",
                    records,
                    new KinesisRecordStream(() -> kinesis, SOURCE_ARN),
                    () -> Math.max(0, end - System.currentTimeMillis()));
        }
    }

    private static <B extends AwsClientBuilder<B, ?>> B client(B builder, URI endpoint) {
        return builder.endpointOverride(endpoint)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()));
    }

    /** The first calls fail, all others do not. */
    private static Supplier<Fault> first(int calls, Fault fault) {
        Deque<Fault> plan = new ArrayDeque<>();
        for (int i = 0; i < calls; i++) {
            plan.add(fault);
        }
        return () -> {
            synchronized (plan) {
                return plan.isEmpty() ? Fault.NONE : plan.poll();
            }
        };
    }

    // ---- records

    private static List<SourceRecord> records(int count, int events, int textBytes) {
        List<SourceRecord> records = new ArrayList<>();
        Random random = new Random(count * 31L + events);
        for (int i = 0; i < count; i++) {
            records.add(record("small-" + count + "-" + i, events, textBytes, random));
        }
        return records;
    }

    /** Records of 600 kB each that do not compress, so that ten of them are more than an answer holds. */
    private static List<SourceRecord> incompressible(int count) {
        List<SourceRecord> records = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < count; i++) {
            records.add(record("large-" + i, 8, 75_000, random));
        }
        return records;
    }

    private static SourceRecord record(String id, int events, int textBytes, Random random) {
        StringBuilder text = new StringBuilder("{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\",")
                .append("\"logGroup\":\"/app/example\",\"logStream\":\"stream\",\"logEvents\":[");
        for (int i = 0; i < events; i++) {
            byte[] noise = new byte[textBytes];
            random.nextBytes(noise);
            text.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"" + id + "-" + i)
                    .append("\",\"timestamp\":1772359200000,\"message\":\"")
                    .append(Base64.getEncoder().encodeToString(noise))
                    .append("\"}");
        }
        return new SourceRecord(id, gzip(text.append("]}").toString()), 1_772_359_200_000L, "key-" + id);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String gunzip(byte[] data) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(data))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> eventIds(byte[] record) {
        return new TreeSet<>(read(gunzip(record)).at("/logEvents").findValuesAsText("id"));
    }

    private static Set<String> uids(byte[] data) {
        Set<String> uids = new TreeSet<>();
        Arrays.stream(gunzip(data).split("\n")).forEach(line -> uids.add(Envelopes.eventId(read(line))));
        return uids;
    }

    private static Set<String> uids(Transformer.Result result) {
        Set<String> uids = new TreeSet<>();
        for (Outcome outcome : result.outcomes()) {
            uids.addAll(uids(((Outcome.Ok) outcome).data()));
        }
        return uids;
    }

    /** What the index stream has: one document a record, without a line feed. */
    private static Set<String> uids(FaultyStreamServer index) {
        Set<String> uids = new TreeSet<>();
        for (byte[] record : index.accepted()) {
            String document = new String(record, StandardCharsets.UTF_8);
            assertThat(document).startsWith("{").endsWith("}").doesNotContain("\n");
            uids.add(Envelopes.eventId(read(document)));
        }
        return uids;
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
