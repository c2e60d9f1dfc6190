package io.tributary.archive.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.EventObjects;
import io.tributary.archive.FakeStore;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.Manifest;
import io.tributary.archive.compaction.SameThread;
import io.tributary.archive.compaction.StoredChainHeads;
import io.tributary.archive.compaction.WorkItem;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.replay.Replayer.Position;
import io.tributary.archive.restore.Archive;
import io.tributary.archive.restore.Query;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.RestoreRequest;
import io.tributary.archive.restore.Restorer;
import io.tributary.stream.RecordStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReplayerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant DAY = Instant.parse("2026-03-02T00:00:00Z");

    private final FakeStore store = new FakeStore();
    private final Stream stream = new Stream();
    private final List<String> unreadable = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<Long> pauses = new ArrayList<>();
    private long remaining = Long.MAX_VALUE;

    /** A log stream in memory. */
    private static final class Stream implements RecordStream {
        private final List<byte[]> records = new ArrayList<>();
        private String refusal = "";

        @Override
        public Limits limits() {
            return new Limits(500, 5 << 20, 1 << 20);
        }

        @Override
        public Map<Integer, String> put(List<Entry> batch, Duration timeout) {
            if (!refusal.isEmpty()) {
                throw new PermanentFailure(refusal, null);
            }
            batch.forEach(entry -> records.add(entry.data()));
            return Map.of();
        }

        List<JsonNode> envelopes() throws IOException {
            List<JsonNode> envelopes = new ArrayList<>();
            for (byte[] record : records) {
                envelopes.add(JSON.readTree(EventObjects.expanded(record)));
            }
            return envelopes;
        }

        List<String> uids() throws IOException {
            List<String> uids = new ArrayList<>();
            for (JsonNode envelope : envelopes()) {
                assertThat(envelope.path("owner").asText()).isEqualTo("tributary.replay");
                assertThat(envelope.path("logGroup").asText()).isEmpty();
                for (JsonNode event : envelope.path("logEvents")) {
                    assertThat(EventObjects.uids(event.path("message").asText()))
                            .containsExactly(event.path("id").asText());
                    uids.add(event.path("id").asText());
                }
            }
            return uids;
        }
    }

    @Test
    void theWantedEventsArePutOnTheStreamAndNoOthers() throws IOException {
        Archive.fill(store, StorageClass.GLACIER_IR);
        // from 06:00 to 18:30, of which the last half hour has begun when the time ends
        RestoreJob job = job(new Query(
                DAY.plus(Duration.ofHours(6)),
                DAY.plus(Duration.ofHours(18)).plus(Duration.ofMinutes(30)),
                Set.of("123456789012"),
                Set.of("cloudtrail")));
        assertThat(replayer().events(job, Position.START)).isEmpty();
        assertThat(stream.uids())
                .containsExactly(
                        Archive.uid("cloudtrail", 1, 6, 0, 0),
                        Archive.uid("cloudtrail", 1, 6, 0, 1),
                        Archive.uid("cloudtrail", 1, 12, 0, 0),
                        Archive.uid("cloudtrail", 1, 12, 0, 1),
                        Archive.uid("cloudtrail", 1, 18, 0, 0));
    }

    @Test
    void whenTheTimeIsUpItTellsWhereToGoOn() throws IOException {
        Archive.fill(store, StorageClass.STANDARD);
        RestoreJob job = job(new Query(DAY, DAY.plus(Duration.ofDays(1)), Set.of("210987654321"), Set.of()));
        Optional<Position> position = Optional.of(Position.START);
        int calls = 0;
        while (position.isPresent()) {
            // enough for one range at a time
            int[] asked = {0};
            Replayer replayer = new Replayer(
                    EventObjects.chains(store),
                    sink(),
                    report(),
                    () -> asked[0]++ == 0 ? Duration.ofMinutes(5).toMillis() : 0);
            position = replayer.events(job, position.get());
            calls++;
        }
        assertThat(calls).isGreaterThan(4);
        assertThat(stream.uids()).hasSize(16).doesNotHaveDuplicates();
    }

    @Test
    void whatTheStreamDoesNotTakeEndsTheReplay() throws IOException {
        Archive.fill(store, StorageClass.STANDARD);
        RestoreJob job = job(new Query(DAY, DAY.plus(Duration.ofDays(1)), Set.of(), Set.of()));
        stream.refusal = "no such stream";
        assertThatThrownBy(() -> replayer().events(job, Position.START))
                .isInstanceOf(IOException.class)
                .hasMessage("not accepted by the log stream: no such stream");
    }

    @Test
    void noMoreEventsASecondArePutThanIsAllowed() throws IOException {
        StreamSink sink = new StreamSink(stream, new SameThread(), () -> remaining, pauses::add, 100, "r");
        for (int i = 0; i < 1_000; i++) {
            sink.document(document("e" + i, 10));
        }
        sink.flush();
        // two envelopes of 500: the first is five seconds early, the second ten
        assertThat(pauses).hasSize(2);
        assertThat(pauses.get(0)).isBetween(4_500L, 5_000L);
        assertThat(pauses.get(1)).isBetween(9_500L, 10_000L);
        assertThat(stream.uids()).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    void largeDocumentsMakeMoreEnvelopesAndThoseThatAreTooLargeAreTold() throws IOException {
        StreamSink sink = sink();
        for (int i = 0; i < 5; i++) {
            sink.document(document("e" + i, 400 << 10));
        }
        sink.document(document("huge", 3 << 20));
        sink.document(document("last", 1));
        sink.flush();
        assertThat(sink.tooLarge()).containsExactly("huge");
        assertThat(stream.uids()).containsExactly("e0", "e1", "e2", "e3", "e4", "last");
        assertThat(stream.records).allMatch(record -> record.length <= 1 << 20);
    }

    @Test
    void rawRecordsArePutBackAsTheyCameAndSayWhenThatWas() throws IOException {
        byte[] one = gzip("{\"messageType\":\"DATA_MESSAGE\"}");
        byte[] other = bytes("{\"detail-type\":\"a } \\\" {\",\"detail\":{}}");
        byte[] said = bytes("{\"tributary.delivered\":1,\"detail\":{}}");
        store.put("raw/2026/03/02/08/records-1", EventObjects.joined(one, other, said, bytes("\n")));
        store.put("raw/2026/03/02/20/records-1", one);
        store.put("raw/2026/03/02/09/garbage", EventObjects.joined(one, new byte[] {1, 2, 3}));
        store.put("raw/2026/99/99/99/of-no-hour", one);
        Replayer replayer = replayer();
        assertThat(replayer.records("raw/", DAY.plus(Duration.ofHours(8)), DAY.plus(Duration.ofHours(10)), ""))
                .isEmpty();
        long eight = DAY.plus(Duration.ofHours(8)).toEpochMilli();
        assertThat(texts())
                .containsExactly(
                        "gzip {\"tributary.delivered\":" + eight + ",\"messageType\":\"DATA_MESSAGE\"}",
                        "{\"tributary.delivered\":" + eight + ",\"detail-type\":\"a } \\\" {\",\"detail\":{}}",
                        "{\"tributary.delivered\":1,\"detail\":{}}",
                        "gzip {\"tributary.delivered\":" + (eight + 3_600_000) + ",\"messageType\":\"DATA_MESSAGE\"}");
        assertThat(unreadable)
                .containsExactly("raw/2026/03/02/09/garbage: there is neither gzip nor JSON after a record");
        assertThat(replayer.events()).isEqualTo(4);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) {
        return EventObjects.gzip(bytes(text));
    }

    private List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (byte[] record : stream.records) {
            texts.add(
                    record[0] == 0x1f
                            ? "gzip " + EventObjects.expanded(record)
                            : new String(record, StandardCharsets.UTF_8));
        }
        return texts;
    }

    @Test
    void whatFailedIsUnwrappedAndSaysWhenItArrived() throws IOException {
        byte[] record = gzip("{\"messageType\":\"OTHER\"}");
        String document = EventObjects.document("unindexed", "123456789012", DAY);
        String arrived = JSON.createObjectNode()
                        .put("arrivalTimestamp", 1_772_000_000_123L)
                        .put("rawData", record) + "\n";
        store.put(
                "failed/processing-failed/2026/03/02/08/records-1",
                error(record) + arrived + error(document.getBytes(StandardCharsets.UTF_8)) + "no JSON\n");
        store.put("failed/compaction/events/source=waf/date=2026-03-02/x", "no gzip");
        Replayer replayer = replayer();
        assertThat(replayer.records("failed/", DAY, DAY.plus(Duration.ofDays(1)), ""))
                .isEmpty();
        long eight = DAY.plus(Duration.ofHours(8)).toEpochMilli();
        assertThat(texts())
                .hasSize(3)
                .contains(
                        "gzip {\"tributary.delivered\":" + eight + ",\"messageType\":\"OTHER\"}",
                        "gzip {\"tributary.delivered\":1772000000123,\"messageType\":\"OTHER\"}");
        assertThat(texts().get(2))
                .contains("\"owner\":\"tributary.replay\"")
                .contains("unindexed")
                .doesNotContain("tributary.delivered");
        assertThat(unreadable)
                .containsExactly(
                        "failed/processing-failed/2026/03/02/08/records-1: a line that Firehose has not written");
    }

    /** Whatever the event says of itself. */
    @Test
    void eventsAreFoundByTheTimeThatTheyAreKnownBy() throws IOException {
        Partition partition = new Partition("waf", LocalDate.parse("2026-03-15"));
        store.put(
                partition.loose() + "o",
                EventObjects.member(
                        "{\"@timestamp\":\"2026-03-02T08:00:00.000Z\",\"time\":1,\"class_uid\":0,\"metadata\":{\"uid\":\"late\"}}",
                        "{\"@timestamp\":\"2026-03-15T08:00:00.000Z\",\"time\":1772438400000,\"class_uid\":0,\"metadata\":{\"uid\":\"lying\"}}",
                        "{\"time\":1772438400000,\"class_uid\":0,\"metadata\":{\"uid\":\"old\"}}"));
        new Compactor(
                        EventObjects.chains(store),
                        EventObjects.keeping(StorageClass.STANDARD),
                        () -> "n",
                        new SameThread())
                .compact(new WorkItem(partition, partition.loose(), partition.loose() + "~"));
        Manifest.Source source =
                EventObjects.manifests(store, partition).get(0).sources().get(0);
        assertThat(Instant.ofEpochMilli(source.firstTime())).isEqualTo("2026-03-02T08:00:00Z");
        assertThat(Instant.ofEpochMilli(source.lastTime())).isEqualTo("2026-03-15T08:00:00Z");
        RestoreJob job = job(new Query(DAY, DAY.plus(Duration.ofDays(1)), Set.of(), Set.of()));
        assertThat(job.parts()).as("delivered thirteen days later").hasSize(1);
        assertThat(replayer().events(job, Position.START)).isEmpty();
        assertThat(stream.uids()).containsExactly("late", "old");
        assertThat(job(new Query(DAY.minus(Duration.ofDays(2)), DAY, Set.of(), Set.of()))
                        .parts())
                .isEmpty();
    }

    // ---- what is lost, changed or put in

    @Test
    void whatIsLostIsNamedAndAllElseIsReplayed() throws IOException {
        Archive.fill(store, StorageClass.GLACIER_IR);
        Query all = new Query(DAY.minus(Duration.ofDays(1)), DAY.plus(Duration.ofDays(2)), Set.of(), Set.of("waf"));
        RestoreJob job = job(all);
        assertThat(job.parts()).hasSize(3);
        store.delete(List.of(job.parts().get(0).key()));
        store.delete(List.of(Manifest.key(job.parts().get(1).of(), 0)));
        assertThat(replayer().events(job, Position.START)).isEmpty();
        assertThat(stream.uids())
                .as("the second's part is read without its manifest")
                .hasSize(32)
                .doesNotHaveDuplicates();
        assertThat(problems)
                .containsExactly(
                        "PART_MISSING " + job.parts().get(0).key() + ": it is gone, although it is archived",
                        "MANIFEST_MISSING " + Manifest.key(job.parts().get(1).of(), 0) + ": it is gone");
        RestoreJob later = job(all);
        assertThat(later.parts()).as("a new plan finds the same").hasSize(2);
        stream.records.clear();
        replayer().events(later, Position.START);
        assertThat(stream.uids()).hasSize(32);
    }

    /** As if it had been damaged where it is stored. */
    @Test
    void aDamagedPartIsNamedAndItsOtherRangesAreReplayed() throws IOException {
        Archive.fill(store, StorageClass.GLACIER_IR);
        RestoreJob job = job(new Query(DAY, DAY.plus(Duration.ofDays(1)), Set.of("123456789012"), Set.of()));
        store.corrupt(job.parts().get(0).key(), 15);
        assertThat(replayer().events(job, Position.START)).isEmpty();
        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("PART_CHANGED " + job.parts().get(0).key());
        assertThat(stream.uids()).hasSize(16 - 2);
    }

    @Test
    void whatNobodyHasArchivedIsNotReplayed() throws IOException {
        FakeStore headStore = new FakeStore();
        Chains chains = new Chains(store, new StoredChainHeads(headStore, ""), InstantSource.system());
        Archive.fill(chains, StorageClass.GLACIER_IR);
        Query all = new Query(DAY.minus(Duration.ofDays(1)), DAY.plus(Duration.ofDays(2)), Set.of(), Set.of("waf"));
        RestoreJob job = job(chains, all);
        // a part and a manifest, as they should be, of events that were never delivered
        Partition partition = job.parts().get(1).of();
        FakeStore others = new FakeStore();
        others.put(partition.loose() + "o", EventObjects.member(EventObjects.document("forged", "999999999999", DAY)));
        new Compactor(
                        EventObjects.chains(others),
                        EventObjects.keeping(StorageClass.STANDARD),
                        () -> "forged",
                        new SameThread())
                .compact(new WorkItem(partition, partition.loose(), partition.loose() + "~"));
        for (String key : others.keys("archive/")) {
            store.put(key, others.get(key));
        }
        store.put(Manifest.key(partition, 0), others.get(Manifest.key(partition, 0)));
        assertThat(job(chains, all).parts())
                .as("all three, and not the forged one")
                .isEqualTo(job.parts());
        new Replayer(chains, sink(), report(), () -> remaining).events(job, Position.START);
        assertThat(stream.uids()).hasSize(48).doesNotContain("forged");
        assertThat(problems).singleElement().asString().startsWith("MANIFEST_CHANGED " + Manifest.key(partition, 0));
    }

    @Test
    void recordsGoOnAfterTheKeyWhereTheyStopped() throws IOException {
        for (int hour = 0; hour < 5; hour++) {
            store.put("raw/2026/03/02/%02d/r".formatted(hour), "{\"hour\":" + hour + "}");
        }
        Optional<String> after = Optional.of("");
        int calls = 0;
        while (after.isPresent()) {
            int[] asked = {0};
            Replayer replayer = new Replayer(
                    EventObjects.chains(store),
                    sink(),
                    report(),
                    () -> asked[0]++ == 0 ? Duration.ofMinutes(5).toMillis() : 0);
            after = replayer.records("raw/", DAY, DAY.plus(Duration.ofDays(1)), after.get());
            calls++;
        }
        assertThat(calls).isEqualTo(5);
        assertThat(stream.records).extracting(String::new).hasSize(5).doesNotHaveDuplicates();
    }

    @Property(tries = 300)
    void recordsComeApartAsTheyWereJoined(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 200_000) Integer> sizes, @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        List<byte[]> records = new ArrayList<>();
        for (int size : sizes) {
            byte[] noise = new byte[size / 2];
            random.nextBytes(noise);
            records.add(
                    random.nextBoolean()
                            ? EventObjects.gzip(noise)
                            : JSON.writeValueAsBytes(
                                    JSON.createObjectNode().put("a", noise).put("}", "\\\"{")));
        }
        List<byte[]> apart = new ArrayList<>();
        new RecordSplitter()
                .split(new ByteArrayInputStream(EventObjects.joined(records.toArray(byte[][]::new))), apart::add);
        assertThat(apart).containsExactlyElementsOf(records);
    }

    private static ReplayedDocument document(String uid, int size) {
        Random random = new Random(uid.hashCode());
        String noise = IntStream.range(0, size)
                .collect(
                        StringBuilder::new,
                        (text, i) -> text.append((char) ('0' + random.nextInt(75))),
                        StringBuilder::append)
                .toString()
                .replace("\\", "/");
        String json = "{\"time\":1,\"class_uid\":0,\"metadata\":{\"uid\":\"" + uid + "\"},\"x\":\"" + noise + "\"}";
        return new ReplayedDocument(json.getBytes(StandardCharsets.UTF_8), uid, 1, "");
    }

    private static String error(byte[] record) {
        ObjectNode error = JSON.createObjectNode().put("attemptsMade", 1).put("errorCode", "Lambda.FunctionError");
        return error.put("rawData", record) + "\n";
    }

    private RestoreJob job(Query query) throws IOException {
        return job(EventObjects.chains(store), query);
    }

    private static RestoreJob job(Chains chains, Query query) throws IOException {
        return new Restorer(chains, Prices.usual(), (subject, text) -> {}, line -> {})
                .plan("r", new RestoreRequest(query, RestoreTier.STANDARD, 1, true))
                .job();
    }

    private Replayer replayer() {
        return new Replayer(EventObjects.chains(store), sink(), report(), () -> remaining);
    }

    private StreamSink sink() {
        return new StreamSink(stream, new SameThread(), () -> remaining, millis -> {}, 1_000_000, "r");
    }

    private Replayer.Report report() {
        return new Replayer.Report() {
            @Override
            public void unreadable(String key, String reason) {
                unreadable.add(key + ": " + reason);
            }

            @Override
            public void problem(Problem problem) {
                problems.add(problem.toString());
            }

            @Override
            public void progress(long events, String where) {}
        };
    }
}
