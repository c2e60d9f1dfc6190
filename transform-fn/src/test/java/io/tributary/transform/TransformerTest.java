package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.stream.Deadline;
import io.tributary.stream.RecordStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransformerTest {
    private static final Random RANDOM = new Random(42);
    private static ExecutorService executor;

    private final FakeStream source = new FakeStream(FakeStream.KINESIS);
    private final FakeStream index = new FakeStream(FakeStream.FIREHOSE);

    @BeforeAll
    static void start() {
        executor = Executors.newFixedThreadPool(4);
    }

    @AfterAll
    static void stop() {
        executor.shutdownNow();
    }

    // ---- what comes back from the archive

    @Test
    void replayedDocumentsStayAsTheyAreInAPartitionOfTheirOwn() {
        Transformer.Result first = transform(Envelopes.record("1", Envelopes.flows("a", 3)));
        List<String> documents =
                documents(first).stream().map(JsonNode::toString).toList();
        Transformer.Result again =
                transform(Envelopes.record("1", Envelopes.data("tributary.replay", "", "other", documents)));
        assertThat(documents(again)).extracting(JsonNode::toString).isEqualTo(documents);
        assertThat(keys(again, 0)).containsEntry("source", "replayed").containsKey("date");
        assertThat(indexed()).containsExactly("a0", "a0", "a1", "a1", "a2", "a2");
    }

    @Test
    void whatIsReplayedButNoDocumentIsKeptWithTheReason() {
        Transformer.Result result = transform(
                Envelopes.record("1", Envelopes.data("tributary.replay", "", "a", List.of("no JSON", "{\"time\":1}"))));
        assertThat(documents(result))
                .hasSize(2)
                .allSatisfy(document ->
                        assertThat(document.path("status_detail").asText()).isEqualTo("no document of the archive"));
    }

    @Test
    void aLogGroupCannotPassForTheArchive() {
        String forged = "{\"time\":1,\"class_uid\":6003,\"metadata\":{\"uid\":\"forged\"}}";
        Transformer.Result result =
                transform(Envelopes.record("1", Envelopes.data("tributary.replay", "a", List.of(forged))));
        assertThat(uids(result)).containsExactly("a0");
    }

    // ---- one record, one fate

    @Test
    void controlMessageIsDroppedAndItsNeighboursAreKept() {
        Transformer.Result result = transform(
                Envelopes.record("1", Envelopes.flows("a", 2)),
                Envelopes.record("2", Envelopes.CONTROL),
                Envelopes.record("3", Envelopes.flows("b", 1)));
        assertThat(result.outcomes())
                .extracting(outcome -> outcome.getClass().getSimpleName())
                .containsExactly("Ok", "Dropped", "Ok");
        assertThat(result.outcomes().get(1)).isEqualTo(new Outcome.Dropped(Outcome.Dropped.CONTROL_MESSAGE));
        assertThat(uids(result)).containsExactly("a0", "a1", "b0");
        assertThat(result.metrics().eventsDropped()).isEqualTo(1);
    }

    @Test
    void aCorruptRecordAmongAHundredIsTheOnlyOneThatFails() {
        List<SourceRecord> records = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] data = Envelopes.gzip(Envelopes.flows(i + "-", 3));
            if (i == 37) {
                data[data.length / 2] ^= 0x55;
            }
            records.add(Envelopes.record("r" + i, data));
        }
        Transformer.Result result = transform(records.toArray(SourceRecord[]::new));
        for (int i = 0; i < 100; i++) {
            assertThat(result.outcomes().get(i)).isInstanceOf(i == 37 ? Outcome.Failed.class : Outcome.Ok.class);
        }
        assertThat(((Outcome.Failed) result.outcomes().get(37)).reason()).contains("gzip data");
        assertThat(result.metrics().eventsOut()).isEqualTo(297);
        assertThat(result.metrics().eventsFailed()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "no JSON",
                "[1]",
                "{}",
                "{\"hello\":1}",
                "{\"messageType\":\"DATA_MESSAGE\"}",
                "{\"messageType\":\"OTHER\",\"logEvents\":[]}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":{}}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[1]}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"message\":\"\\q\"}]}",
                "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[",
                "{\"detail-type\":\"x\"}"
            })
    void whatIsNoEnvelopeFailsWithAReasonAndCountsAsOneEvent(String text) {
        for (SourceRecord record :
                List.of(Envelopes.record("1", text), Envelopes.record("2", text.getBytes(StandardCharsets.UTF_8)))) {
            Transformer.Result result = transform(record);
            assertThat(result.outcomes().get(0))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.reason()).isNotEmpty().doesNotContain("hello"));
            assertThat(result.metrics().eventsIn()).isEqualTo(1);
            assertThat(result.metrics().eventsFailed()).isEqualTo(1);
        }
    }

    @Test
    void controlMessagesAmongEnvelopesOfARecordAreLeftOut() {
        Transformer.Result result = transform(Envelopes.record(
                "1", Envelopes.CONTROL + Envelopes.flows("a", 1) + Envelopes.CONTROL + "\n" + Envelopes.flows("b", 2)));
        assertThat(uids(result)).containsExactly("a0", "b0", "b1");
        assertThat(result.metrics().eventsIn()).isEqualTo(5);
        assertThat(result.metrics().eventsDropped()).isEqualTo(2);
    }

    @Test
    void anEnvelopeWithoutEventsIsDropped() {
        Transformer.Result result = transform(Envelopes.record("1", Envelopes.flows("a", 0)));
        assertThat(result.outcomes().get(0)).isInstanceOf(Outcome.Dropped.class);
    }

    @Test
    void envelopesMayComeAsSeveralGzipMembersOrPlain() {
        byte[] members = Envelopes.concatenated(
                Envelopes.gzip(Envelopes.flows("a", 1)), Envelopes.gzip(Envelopes.flows("b", 1)));
        byte[] plain = Envelopes.flows("c", 1).getBytes(StandardCharsets.UTF_8);
        assertThat(uids(transform(Envelopes.record("1", members), Envelopes.record("2", plain))))
                .containsExactly("a0", "b0", "c0");
    }

    @Test
    void anEventBridgeEventComesWithoutAnEnvelope() {
        String event = "{\"version\":\"0\",\"id\":\"bbbbbbbb-cccc-4ddd-8eee-000000000001\","
                + "\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"aws.ec2\",\"account\":\"123456789012\","
                + "\"time\":\"2026-03-01T08:15:30Z\",\"region\":\"eu-north-1\",\"resources\":[],\"detail\":{"
                + "\"eventVersion\":\"1.11\",\"eventTime\":\"2026-03-01T08:15:30Z\",\"eventName\":\"StopInstances\","
                + "\"eventSource\":\"ec2.amazonaws.com\",\"eventID\":\"aaaaaaaa-bbbb-4ccc-8ddd-000000000001\"}}";
        Transformer.Result result = transform(Envelopes.record("1", event.getBytes(StandardCharsets.UTF_8)));
        JsonNode document = documents(result).get(0);
        assertThat(document.at("/api/operation").asText()).isEqualTo("StopInstances");
        assertThat(document.at("/cloud/region").asText()).isEqualTo("eu-north-1");
        assertThat(document.at("/cloud/account/uid").asText()).isEqualTo("123456789012");
        assertThat(keys(result, 0)).containsEntry("source", "cloudtrail").containsEntry("date", "2026-03-01");
    }

    @Test
    void aBadEventIsKeptAsABaseEventAndItsNeighboursAreUntouched() {
        String good = Envelopes.data(Envelopes.FLOW_LOGS, "a", List.of(Envelopes.FLOW, Envelopes.FLOW, Envelopes.FLOW));
        String bad =
                Envelopes.data(Envelopes.FLOW_LOGS, "a", List.of(Envelopes.FLOW, "2 gibberish\n\"{", Envelopes.FLOW));
        List<JsonNode> expected = documents(transform(Envelopes.record("1", good)));
        Transformer.Result result = transform(Envelopes.record("1", bad));
        List<JsonNode> documents = documents(result);
        assertThat(documents.get(0)).isEqualTo(expected.get(0));
        assertThat(documents.get(2)).isEqualTo(expected.get(2));
        assertThat(documents.get(1).path("class_uid").asInt()).isZero();
        assertThat(documents.get(1).path("message").asText()).isEqualTo("2 gibberish\n\"{");
        assertThat(documents.get(1).at("/metadata/uid").asText()).isEqualTo("123456789012/a1");
        assertThat(result.metrics().eventsRejected()).isEqualTo(1);
        assertThat(result.metrics().eventsOut()).isEqualTo(3);
    }

    @Test
    void bytesThatAreNotUtf8CostNoMoreThanThemselves() {
        byte[] text = Envelopes.data("/example/app", "a", List.of("one", "t?o", "three"))
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < text.length; i++) {
            text[i] = text[i] == '?' ? (byte) 0xff : text[i];
        }
        assertThat(documents(transform(Envelopes.record("1", Envelopes.gzip(text)))))
                .extracting(document -> document.path("message").asText())
                .containsExactly("one", "t\ufffdo", "three");
    }

    @Test
    void aGzipBombFailsAndItsNeighbourDoesNot() {
        byte[] bomb = Envelopes.gzip(new byte[80 << 20]);
        assertThat(bomb.length).isLessThan(100_000);
        Transformer.Result result =
                transform(Envelopes.record("1", bomb), Envelopes.record("2", Envelopes.flows("a", 1)));
        assertThat(result.outcomes().get(0))
                .isEqualTo(new Outcome.Failed("expands to more than " + (64 << 20) + " bytes"));
        assertThat(uids(result)).containsExactly("a0");
    }

    @Test
    void withoutTimeLeftNothingIsTriedAndNothingIsLost() {
        Transformer.Result result = run(
                TransformSettings.DEFAULTS,
                List.of(Envelopes.record("1", Envelopes.flows("a", 1))),
                () -> Transformer.RESERVED_MILLIS);
        assertThat(result.outcomes()).containsExactly(new Outcome.Failed("no time left"));
    }

    // ---- what is answered with

    @Test
    void eachEnvelopeIsAGzipMemberOfItsOwn() {
        Transformer.Result result = transform(Envelopes.record("1", Envelopes.flows("a", 1) + Envelopes.flows("b", 1)));
        byte[] data = ((Outcome.Ok) result.outcomes().get(0)).data();
        long members = IntStream.range(0, data.length - 2)
                .filter(i -> data[i] == 0x1f && data[i + 1] == (byte) 0x8b && data[i + 2] == 8)
                .count();
        assertThat(members).isEqualTo(2);
        assertThat(new String(Envelopes.gunzip(data), StandardCharsets.UTF_8).lines())
                .hasSize(2);
    }

    @Test
    void documentsArePlainWhereCompressionIsOff() {
        Transformer.Result result =
                run(settings(false, false), List.of(Envelopes.record("1", Envelopes.flows("a", 2))), () -> 60_000);
        String data = new String(((Outcome.Ok) result.outcomes().get(0)).data(), StandardCharsets.UTF_8);
        assertThat(data).startsWith("{").endsWith("}\n");
        assertThat(data.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(LeanChecks.problems(line, 200)).isEmpty());
        assertThat(indexed()).containsExactly("a0", "a1");
    }

    @Test
    void thePartitionIsTheLogTypeAndTheDayOfDelivery() {
        String lastYear = Envelopes.FLOW.replace("1772352900", "1767225599");
        Transformer.Result result = transform(
                Envelopes.record("1", Envelopes.data(Envelopes.FLOW_LOGS, "a", List.of(lastYear, Envelopes.FLOW))),
                Envelopes.record("2", Envelopes.data("/example/app", "b", List.of("hello"))));
        assertThat(keys(result, 0)).isEqualTo(Map.of("source", "vpc-flow-logs", "date", "2026-03-01"));
        assertThat(keys(result, 1)).isEqualTo(Map.of("source", "application", "date", "2026-03-01"));
    }

    @Test
    void whatIsPutBackBelongsToTheDayOfItsFirstDelivery() {
        String delivered = "{\"tributary.delivered\":1767225599000,";
        String envelope = delivered
                + Envelopes.data(Envelopes.FLOW_LOGS, "a", List.of(Envelopes.FLOW.replace("1772352900", "1767225500")))
                        .substring(1);
        Transformer.Result result =
                transform(Envelopes.record("1", envelope), Envelopes.record("2", envelope + Envelopes.flows("b", 1)));
        assertThat(keys(result, 0)).containsEntry("date", "2025-12-31");
        JsonNode document = documents(result).get(0);
        assertThat(document.path("@timestamp").asText()).isEqualTo("2025-12-31T23:58:20.000Z");
        assertThat(document.at("/metadata/transmit_time").asLong()).isEqualTo(1_767_225_599_000L);
        // and with an envelope of another day it shares no partition
        assertThat(result.outcomes().get(1)).isEqualTo(new Outcome.Dropped(Outcome.Dropped.REINGESTED));
        assertThat(keys(transform(again(source.accepted())), 0)).containsEntry("date", "2025-12-31");
    }

    /** A file's events are delivered when they happen, as far as anybody knows. */
    @Test
    void whatAFileHoldsIsOfTheDayThatItSays() {
        List<String> days = List.of(
                Envelopes.FLOW.replace("1772352900", "1767225599"),
                Envelopes.FLOW.replace("1772352900", "1767225600"),
                Envelopes.FLOW);
        String file = "{\"tributary.file\":true,"
                + Envelopes.data(Envelopes.FLOW_LOGS, "a", days).substring(1);
        List<SourceRecord> waiting = List.of(Envelopes.record("1", file));
        TransformSettings files = TransformSettings.builder().acceptsFiles(true).build();
        Set<String> dates = new TreeSet<>();
        for (int putBack = 0; !waiting.isEmpty(); ) {
            Transformer.Result result = run(files, waiting, () -> 60_000);
            for (int i = 0; i < waiting.size(); i++) {
                if (result.outcomes().get(i) instanceof Outcome.Ok) {
                    dates.add(keys(result, i).get("date"));
                }
            }
            documents(result)
                    .forEach(document -> assertThat(document.path("@timestamp").asText())
                            .startsWith(
                                    Instant.ofEpochMilli(document.path("time").asLong())
                                            .toString()
                                            .substring(0, 19)));
            List<RecordStream.Entry> all = source.accepted();
            waiting = List.of(again(all.subList(putBack, all.size())));
            putBack = all.size();
        }
        assertThat(dates).containsExactly("2025-12-31", "2026-01-01", "2026-03-01");
    }

    @Test
    void theAccountIsAKeyWhereConfigured() {
        List<SourceRecord> records = List.of(
                Envelopes.record("1", Envelopes.flows("a", 1)),
                Envelopes.record("2", Envelopes.data("", Envelopes.FLOW_LOGS, "b", List.of(Envelopes.FLOW))));
        Transformer.Result result = run(settings(true, true), records, () -> 60_000);
        assertThat(keys(result, 0)).containsEntry("account", "123456789012");
        assertThat(keys(result, 1)).containsEntry("account", "unknown");
    }

    @Test
    void envelopesOfDifferentSourcesArePutBackApart() {
        String mixed = Envelopes.flows("a", 2) + Envelopes.data("/example/app", "b", List.of("hello"));
        Transformer.Result first = transform(Envelopes.record("1", mixed));
        assertThat(first.outcomes()).containsExactly(new Outcome.Dropped(Outcome.Dropped.REINGESTED));
        assertThat(first.metrics().eventsReingested()).isEqualTo(3);
        assertThat(source.accepted())
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.partitionKey()).isEqualTo("key-1"));
        Transformer.Result second = transform(again(source.accepted()));
        assertThat(uids(second)).containsExactly("a0", "a1", "b0");
        assertThat(keys(second, 0)).containsEntry("source", "vpc-flow-logs");
        assertThat(keys(second, 1)).containsEntry("source", "application");
    }

    @Test
    void envelopesOfDifferentAccountsArePutBackApartWhereTheAccountIsAKey() {
        SourceRecord mixed = Envelopes.record(
                "1",
                Envelopes.flows("a", 1)
                        + Envelopes.data("111122223333", Envelopes.FLOW_LOGS, "b", List.of(Envelopes.FLOW)));
        assertThat(run(settings(true, true), List.of(mixed), () -> 60_000).outcomes())
                .containsExactly(new Outcome.Dropped(Outcome.Dropped.REINGESTED));
        assertThat(transform(mixed).outcomes().get(0)).isInstanceOf(Outcome.Ok.class);
    }

    // ---- six megabytes

    @Test
    void aRequestThatBecomes30MegabytesIsAnsweredIn6AndEveryEventComesOutOnce() {
        List<SourceRecord> records = new ArrayList<>();
        Set<String> expected = new TreeSet<>();
        int size = 0;
        for (int i = 0; size < 4_400_000; i++) {
            byte[] data = Envelopes.flows("r" + i + "-", 3_000).getBytes(StandardCharsets.UTF_8);
            records.add(Envelopes.record("r" + i, data));
            size += data.length;
            String prefix = "r" + i + "-";
            IntStream.range(0, 3_000).forEach(n -> expected.add(prefix + n));
        }
        Map<String, Integer> found = followed(settings(false, false), records, expected.size());
        assertThat(found.keySet()).isEqualTo(expected);
        assertThat(found.values()).allMatch(count -> count == 1);
        assertThat(expected.size() * 1_100L).as("bytes of documents").isGreaterThan(20_000_000);
    }

    @Test
    void whatDoesNotFitBesideOtherRecordsIsPutBackInHalvesAndEveryEventComesOutOnce() {
        // random text does not compress: the eighth record has no room
        List<SourceRecord> records = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            List<String> messages =
                    IntStream.range(0, 5).mapToObj(n -> noise(150_000)).toList();
            records.add(Envelopes.record("r" + i, Envelopes.data("/example/app", "r" + i + "-", messages)));
        }
        Map<String, Integer> found = followed(TransformSettings.DEFAULTS, records, 40);
        assertThat(found).hasSize(40);
        assertThat(found.values()).allMatch(count -> count == 1);
        assertThat(source.accepted()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aSingleEventThatIsLargerThanAnAnswerFails() {
        // quotes and backslashes: a message of 3 MB becomes a document of 6
        SourceRecord record =
                Envelopes.record("1", Envelopes.data("/example/app", "a", List.of("\"\\".repeat(1_500_000))));
        Transformer.Result result = run(settings(false, false), List.of(record), () -> 60_000);
        assertThat(result.outcomes())
                .containsExactly(new Outcome.Failed("a single event that is larger than an answer may be"));
        assertThat(result.metrics().eventsFailed()).isEqualTo(1);
    }

    @Test
    void aSingleEventThatOnlyFitsAloneIsPutBackAsItIs() {
        SourceRecord large = Envelopes.record("2", Envelopes.data("/example/app", "b", List.of(noise(900_000))));
        List<SourceRecord> records = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            records.add(
                    Envelopes.record("r" + i, Envelopes.data("/example/app", "r" + i + "-", List.of(noise(900_000)))));
        }
        records.add(large);
        Transformer.Result result = transform(records.toArray(SourceRecord[]::new));
        assertThat(result.outcomes().get(7)).isEqualTo(new Outcome.Dropped(Outcome.Dropped.REINGESTED));
        assertThat(source.accepted().get(source.accepted().size() - 1).data()).isEqualTo(large.data());
    }

    @Test
    void whatCannotBePutBackFails() {
        FakeStream broken = new FakeStream(FakeStream.KINESIS, batch -> {
            throw new RecordStream.PermanentFailure("no permission", null);
        });
        SourceRecord mixed =
                Envelopes.record("1", Envelopes.flows("a", 1) + Envelopes.data("/example/app", "b", List.of("hello")));
        try (Transformer transformer = transformer(TransformSettings.DEFAULTS)) {
            Transformer.Result result = transformer.transform("", List.of(mixed), broken, () -> 60_000);
            assertThat(result.outcomes())
                    .containsExactly(new Outcome.Failed("could not be put back on its stream: no permission"));
            assertThat(result.metrics().eventsFailed()).isEqualTo(2);
            assertThat(result.metrics().balance()).isZero();
        }
    }

    // ---- the index stream

    @Test
    void everyDocumentIsARecordOfItsOwnOnTheIndexStream() {
        Transformer.Result result = transform(
                Envelopes.record("1", Envelopes.flows("a", 1200)), Envelopes.record("2", Envelopes.flows("b", 3)));
        assertThat(index.accepted()).hasSize(1203).allSatisfy(entry -> {
            String document = new String(entry.data(), StandardCharsets.UTF_8);
            assertThat(document).startsWith("{").endsWith("}").doesNotContain("\n");
            assertThat(LeanChecks.parse(document).isObject()).isTrue();
        });
        assertThat(index.batches()).allMatch(batch -> batch.size() <= 500);
        assertThat(indexed()).isEqualTo(uids(result).stream().sorted().toList());
    }

    @Test
    void batchesOfLargeDocumentsStayWithinTheStreamsBytes() {
        List<String> messages =
                IntStream.range(0, 30).mapToObj(i -> "x".repeat(400_000)).toList();
        transform(Envelopes.record("1", Envelopes.data("/example/app", "a", messages)));
        assertThat(index.accepted()).hasSize(30);
        assertThat(index.batches()).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aDocumentThatIsTooLargeForTheIndexIsShortenedThereAndWholeInTheAnswer() {
        String message = "abc \"".repeat(250_000);
        Transformer.Result result =
                transform(Envelopes.record("1", Envelopes.data("/example/app", "a", List.of(message))));
        assertThat(documents(result).get(0).path("message").asText()).isEqualTo(message);
        JsonNode shortened = LeanChecks.parse(new String(index.accepted().get(0).data(), StandardCharsets.UTF_8));
        assertThat(index.accepted()).hasSize(1);
        assertThat(shortened.at("/metadata/is_truncated").asBoolean()).isTrue();
        assertThat(shortened.at("/metadata/uid").asText()).isEqualTo("123456789012/a0");
    }

    @Test
    void aRecordWhoseDocumentTheIndexStreamRefusesFailsAndItsNeighbourDoesNot() {
        FakeStream picky = new FakeStream(FakeStream.FIREHOSE, batch -> {
            Map<Integer, String> refused = new HashMap<>();
            for (int i = 0; i < batch.size(); i++) {
                if (new String(batch.get(i).data(), StandardCharsets.UTF_8).contains("\"uid\":\"123456789012/b1\"")) {
                    refused.put(i, "ServiceUnavailableException");
                }
            }
            return refused;
        });
        long[] left = {5_000};
        try (Transformer transformer = new Transformer(
                TransformSettings.DEFAULTS,
                InstantSource.fixed(Instant.ofEpochMilli(Normalised.PROCESSED)),
                List.of(DocumentStream.index(picky)),
                executor,
                millis -> left[0] -= 1_000)) {
            Transformer.Result result = transformer.transform(
                    "",
                    List.of(
                            Envelopes.record("1", Envelopes.flows("a", 2)),
                            Envelopes.record("2", Envelopes.flows("b", 2))),
                    source,
                    () -> left[0]);
            assertThat(result.outcomes().get(0)).isInstanceOf(Outcome.Ok.class);
            assertThat(result.outcomes().get(1))
                    .isEqualTo(new Outcome.Failed("could not be put on the index stream: ServiceUnavailableException"));
            assertThat(result.metrics().balance()).isZero();
        }
    }

    @Test
    void whatIsPutBackIsNotIndexed() {
        transform(
                Envelopes.record("1", Envelopes.flows("a", 2) + Envelopes.data("/example/app", "b", List.of("hello"))));
        assertThat(index.accepted()).isEmpty();
    }

    // ---- again

    @Test
    void aRetryGivesTheSameDocuments() {
        SourceRecord[] records = {
            Envelopes.record("1", Envelopes.flows("a", 5)),
            Envelopes.record(
                    "2",
                    Envelopes.data("/example/app", "", List.of("without", "ids"))
                            .replaceAll("\"id\":\"\\d*\",", ""))
        };
        Transformer.Result first = transform(records);
        Transformer.Result second = transform(records);
        assertThat(documents(second)).isEqualTo(documents(first));
        assertThat(uids(first)).doesNotHaveDuplicates().hasSize(7).allMatch(uid -> !uid.isEmpty());
    }

    @Test
    void aTransformerRemembersNothingOfTheRequestBefore() {
        SourceRecord record = Envelopes.record("1", Envelopes.flows("a", 2));
        try (Transformer used = transformer(TransformSettings.DEFAULTS);
                Transformer fresh = transformer(TransformSettings.DEFAULTS)) {
            byte[] broken = Envelopes.gzip(Envelopes.data("/example/app", "b", List.of("hello", "x".repeat(300_000))));
            broken[broken.length - 5] ^= 1;
            used.transform(
                    "us-east-1",
                    List.of(Envelopes.record("0", broken), Envelopes.record("1", Envelopes.CONTROL)),
                    source,
                    () -> 60_000);
            Transformer.Result expected = fresh.transform("eu-central-1", List.of(record), source, () -> 60_000);
            Transformer.Result actual = used.transform("eu-central-1", List.of(record), source, () -> 60_000);
            assertThat(documents(actual)).isEqualTo(documents(expected));
            assertThat(actual.metrics().lines(0)).isEqualTo(expected.metrics().lines(0));
        }
    }

    @Test
    void theConfiguredRegionCountsBeforeTheFunctionsOwn() {
        TransformSettings defaults = TransformSettings.DEFAULTS;
        TransformSettings configured = TransformSettings.builder()
                .accountNames(Map.of("123456789012", "production"))
                .defaultRegion("eu-west-1")
                .maxExpandedBytes(1 << 20)
                .rawDataSources(Set.of("vpc-flow-logs"))
                .captions(true)
                .build();
        SourceRecord record = Envelopes.record("1", Envelopes.flows("a", 1));
        assertThat(documents(run(defaults, List.of(record), () -> 60_000))
                        .get(0)
                        .at("/cloud/region")
                        .asText())
                .isEqualTo("eu-central-1");
        JsonNode document =
                documents(run(configured, List.of(record), () -> 60_000)).get(0);
        assertThat(document.at("/cloud/region").asText()).isEqualTo("eu-west-1");
        TransformSettings unknown =
                TransformSettings.builder().defaultRegion("none").build();
        assertThat(documents(run(unknown, List.of(record), () -> 60_000))
                        .get(0)
                        .at("/cloud/region")
                        .isMissingNode())
                .isTrue();
        assertThat(document.at("/cloud/account/name").asText()).isEqualTo("production");
        assertThat(document.path("raw_data").asText()).isEqualTo(Envelopes.FLOW);
        assertThat(document.path("class_name").asText()).isEqualTo("Network Activity");
        assertThat(document.path("type_name").asText()).isEqualTo("Network Activity: Traffic");
        OcsfSchema.find()
                .ifPresent(schema -> assertThat(schema.problems(document)).isEmpty());
    }

    // ---- the apparatus

    private Transformer transformer(TransformSettings settings) {
        return new Transformer(
                settings,
                InstantSource.fixed(Instant.ofEpochMilli(Normalised.PROCESSED)),
                List.of(DocumentStream.index(index)),
                executor,
                millis -> {});
    }

    private Transformer.Result transform(SourceRecord... records) {
        return run(TransformSettings.DEFAULTS, List.of(records), () -> 60_000);
    }

    private Transformer.Result run(TransformSettings settings, List<SourceRecord> records, Deadline deadline) {
        try (Transformer transformer = transformer(settings)) {
            Transformer.Result result = transformer.transform("eu-central-1", records, source, deadline);
            assertThat(result.outcomes()).hasSameSizeAs(records);
            assertThat(result.metrics().balance()).isZero();
            assertThat(response(records, result)).isLessThanOrEqualTo(Transformer.MAX_RESPONSE_BYTES);
            return result;
        }
    }

    private static int response(List<SourceRecord> records, Transformer.Result result) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            FirehoseResponse.write(records, result.outcomes(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.size();
    }

    /** Transforms records, and what was put back, until nothing is left: how often each uid came out. */
    private Map<String, Integer> followed(TransformSettings settings, List<SourceRecord> records, int events) {
        Map<String, Integer> found = new HashMap<>();
        Deque<SourceRecord> waiting = new ArrayDeque<>(records);
        int putBack = 0;
        for (int round = 0; !waiting.isEmpty(); round++) {
            assertThat(round).as("rounds").isLessThan(50);
            List<SourceRecord> request = new ArrayList<>();
            for (int size = 0; !waiting.isEmpty() && size < 4_400_000; ) {
                size += waiting.element().data().length;
                request.add(waiting.remove());
            }
            Transformer.Result result = run(settings, request, () -> 60_000);
            assertThat(result.outcomes()).noneMatch(Outcome.Failed.class::isInstance);
            assertThat(result.metrics().eventsIn()).isLessThanOrEqualTo(events);
            uids(result).forEach(uid -> found.merge(uid, 1, Integer::sum));
            List<RecordStream.Entry> all = source.accepted();
            waiting.addAll(List.of(again(all.subList(putBack, all.size()))));
            putBack = all.size();
        }
        return found;
    }

    private static SourceRecord[] again(List<RecordStream.Entry> entries) {
        SourceRecord[] records = new SourceRecord[entries.size()];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SourceRecord(
                    "again" + i,
                    entries.get(i).data(),
                    Normalised.LOGGED,
                    entries.get(i).partitionKey());
        }
        return records;
    }

    private static TransformSettings settings(boolean compress, boolean byAccount) {
        return TransformSettings.builder()
                .compress(compress)
                .partitionByAccount(byAccount)
                .build();
    }

    private static String noise(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('0' + RANDOM.nextInt(75)));
        }
        return text.toString();
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

    private static List<String> uids(Transformer.Result result) {
        return documents(result).stream().map(Envelopes::eventId).toList();
    }

    private List<String> indexed() {
        List<String> uids = new ArrayList<>();
        index.accepted()
                .forEach(entry -> uids.add(
                        Envelopes.eventId(LeanChecks.parse(new String(entry.data(), StandardCharsets.UTF_8)))));
        Collections.sort(uids);
        return uids;
    }

    private static Map<String, String> keys(Transformer.Result result, int record) {
        return ((Outcome.Ok) result.outcomes().get(record)).partitionKeys();
    }
}
