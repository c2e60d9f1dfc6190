package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.stream.RecordStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whatever stands in a request, each of its events has one fate: it comes out once, as a valid document, or is put back, or
 * its record fails.
 */
class RequestPropertyTest {
    private static final List<Fixture> FIXTURES = Fixture.all();
    private static final ExecutorService EXECUTOR = Executors.newFixedThreadPool(2);

    private int events;

    @AfterContainer
    static void stop() {
        EXECUTOR.shutdownNow();
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void everyEventOfReadableRecordsComesOutOnce(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<SourceRecord> waiting = records(random, false);
        int expected = events;
        FakeStream source = new FakeStream(FakeStream.KINESIS);
        List<String> uids = new ArrayList<>();
        FakeStream index = new FakeStream(FakeStream.FIREHOSE);
        for (int putBack = 0, round = 0; !waiting.isEmpty(); round++) {
            assertThat(round).as("rounds").isLessThan(10);
            Transformer.Result result = transform(waiting, source, index);
            assertThat(result.outcomes()).noneMatch(Outcome.Failed.class::isInstance);
            documents(result)
                    .forEach(document -> uids.add(document.at("/metadata/uid").asText()));
            List<RecordStream.Entry> all = source.accepted();
            waiting = new ArrayList<>();
            for (RecordStream.Entry entry : all.subList(putBack, all.size())) {
                waiting.add(new SourceRecord("again", entry.data(), Normalised.LOGGED, entry.partitionKey()));
            }
            putBack = all.size();
        }
        assertThat(uids).hasSize(expected);
        assertThat(index.accepted()).hasSize(expected);
        List<String> indexed = index.accepted().stream()
                .map(entry -> LeanChecks.parse(new String(entry.data(), StandardCharsets.UTF_8))
                        .at("/metadata/uid")
                        .asText())
                .toList();
        assertThat(indexed).containsExactlyInAnyOrderElementsOf(uids);
    }

    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void aDamagedRecordNeverThrowsNorCostsAnEvent(@ForAll long seed) throws IOException {
        List<SourceRecord> records = records(new Random(seed), true);
        FakeStream index = new FakeStream(FakeStream.FIREHOSE);
        Transformer.Result result = transform(records, new FakeStream(FakeStream.KINESIS), index);
        assertThat(index.accepted()).hasSize(documents(result).size());
    }

    /** Transforms, and holds the answer to what is true of every answer. */
    static Transformer.Result transform(List<SourceRecord> records, RecordStream source, RecordStream index)
            throws IOException {
        try (Transformer transformer = new Transformer(
                TransformSettings.DEFAULTS,
                InstantSource.fixed(Instant.ofEpochMilli(Normalised.PROCESSED)),
                List.of(DocumentStream.index(index)),
                EXECUTOR,
                millis -> {})) {
            Transformer.Result result = transformer.transform("eu-central-1", records, source, () -> 60_000);
            assertThat(result.outcomes()).hasSameSizeAs(records);
            assertThat(result.metrics().balance()).isZero();
            List<JsonNode> documents = documents(result);
            assertThat(result.metrics().eventsOut()).isEqualTo(documents.size());
            documents.forEach(document -> OcsfSchema.find()
                    .ifPresent(schema -> assertThat(schema.problems(document))
                            .as("%s", document)
                            .isEmpty()));
            ByteArrayOutputStream response = new ByteArrayOutputStream();
            FirehoseResponse.write(records, result.outcomes(), response);
            assertThat(response.size()).isLessThanOrEqualTo(Transformer.MAX_RESPONSE_BYTES);
            return result;
        }
    }

    private static List<JsonNode> documents(Transformer.Result result) {
        List<JsonNode> documents = new ArrayList<>();
        for (Outcome outcome : result.outcomes()) {
            if (outcome instanceof Outcome.Ok ok) {
                Documents.forEach(
                        ok.data(), line -> documents.add(LeanChecks.parse(new String(line, StandardCharsets.UTF_8))));
            }
        }
        return documents;
    }

    private List<SourceRecord> records(Random random, boolean damaged) {
        events = 0;
        Mutation mutation = new Mutation(random.nextLong());
        List<SourceRecord> records = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            byte[] data = data(random, mutation, "r" + i + "-");
            records.add(Envelopes.record("r" + i, damaged ? mutation.anywhere(data) : data));
        }
        return records;
    }

    /** One or several envelopes, plain or in one or several gzip members. */
    private byte[] data(Random random, Mutation mutation, String prefix) {
        List<byte[]> envelopes = Stream.generate(() -> envelope(random, mutation, prefix + events + "-"))
                .limit(1 + random.nextInt(3))
                .toList();
        return switch (random.nextInt(3)) {
            case 0 -> Envelopes.concatenated(envelopes.toArray(byte[][]::new));
            case 1 ->
                Envelopes.concatenated(envelopes.stream().map(Envelopes::gzip).toArray(byte[][]::new));
            default -> Envelopes.gzip(Envelopes.concatenated(envelopes.toArray(byte[][]::new)));
        };
    }

    private byte[] envelope(Random random, Mutation mutation, String prefix) {
        List<String> messages = new ArrayList<>();
        Fixture first = FIXTURES.get(random.nextInt(FIXTURES.size()));
        for (int i = random.nextInt(5); i >= 0; i--) {
            Fixture fixture = random.nextInt(4) == 0 ? FIXTURES.get(random.nextInt(FIXTURES.size())) : first;
            messages.add(new String(mutation.of(fixture.message()), StandardCharsets.UTF_8));
        }
        events += messages.size();
        return Envelopes.data(first.origin().logGroup(), prefix, messages).getBytes(StandardCharsets.UTF_8);
    }
}
