package io.tributary.archive.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.EventObjects;
import io.tributary.archive.FakeStore;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.Problem.Kind;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.Compactor.Result;
import io.tributary.archive.integrity.ArchiveVerifier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactorTest {
    private static final Partition PARTITION = new Partition("cloudtrail", LocalDate.parse("2026-03-01"));
    private static final WorkItem ALL = new WorkItem(PARTITION, PARTITION.loose() + "a", PARTITION.loose() + "z");
    private static final Pattern UID = Pattern.compile("\"uid\":\"([^\"]+)\"");

    private final AtomicInteger names = new AtomicInteger();
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void smallObjectsBecomeOneThatHoldsThemByteForByte() throws IOException {
        FakeStore store = filled(30);
        List<byte[]> originals =
                store.keys(PARTITION.loose()).stream().map(store::get).toList();
        Result result = compactor(store).compact(ALL);
        assertThat(result.archived()).isEqualTo(30);
        assertThat(result.events()).isEqualTo(60);
        assertThat(store.keys(PARTITION.loose())).isEmpty();
        Manifest manifest = only(store);
        byte[] part = store.get(manifest.part().key());
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        originals.forEach(joined::writeBytes);
        assertThat(part).isEqualTo(joined.toByteArray());
        assertThat(manifest.part().sha256()).isEqualTo(Digests.sha256(part));
        assertThat(result.bytes()).isEqualTo(part.length);
    }

    @Test
    void everyEventIsFoundByARangeReadOfItsMember() throws IOException {
        FakeStore store = filled(10);
        compactor(store).compact(ALL);
        Manifest manifest = only(store);
        byte[] part = store.get(manifest.part().key());
        List<String> found = new ArrayList<>();
        for (Manifest.Source source : manifest.sources()) {
            assertThat(Digests.sha256(
                            Arrays.copyOfRange(part, (int) source.offset(), (int) (source.offset() + source.length()))))
                    .isEqualTo(source.sha256());
            assertThat(source.firstTime()).isEqualTo(1_772_352_000_000L);
            assertThat(source.lastTime()).isEqualTo(1_772_352_001_000L);
            for (Manifest.Member member : source.members()) {
                assertThat(member.account()).matches("12345678901\\d");
                assertThat(member.region()).isEqualTo("eu-central-1");
                String text = expanded(
                        Arrays.copyOfRange(part, (int) member.offset(), (int) (member.offset() + member.length())));
                assertThat(text.lines().count()).isEqualTo(member.events());
                found.addAll(uids(text));
            }
        }
        assertThat(found).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void lateObjectsMakeAFurtherPartThatFollows() throws IOException {
        FakeStore store = filled(3);
        compactor(store).compact(ALL);
        store.put(PARTITION.loose() + "late", object("late", 1));
        compactor(store).compact(ALL);
        List<Manifest> manifests = EventObjects.manifests(store, PARTITION);
        assertThat(manifests).hasSize(2);
        assertThat(manifests.get(0).previous()).isEmpty();
        assertThat(manifests.get(1).previous()).isEqualTo(Digests.sha256(store.get(Manifest.key(PARTITION, 0))));
        assertThat(archived(store)).hasSize(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no gzip", "", "\u001f\u008b\b"})
    void whatCannotBeReadIsMovedAsideWithItsReason(String content) throws IOException {
        FakeStore store = filled(3);
        String key = PARTITION.loose() + "bad";
        store.put(key, content.getBytes(StandardCharsets.ISO_8859_1));
        Result result = compactor(store).compact(ALL);
        assertThat(result.setAside()).containsExactly("failed/compaction/" + key);
        assertThat(store.get("failed/compaction/" + key)).isEqualTo(content.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new String(store.get("failed/compaction/" + key + ".reason.txt"), StandardCharsets.UTF_8))
                .isNotBlank();
        assertThat(archived(store)).hasSize(6);
        assertThat(store.keys(PARTITION.loose())).isEmpty();
    }

    @Test
    void aTruncatedAndADamagedObjectAreMovedAsideWhole() throws IOException {
        FakeStore store = filled(1);
        byte[] good = object("x", 2);
        store.put(PARTITION.loose() + "cut", Arrays.copyOf(good, good.length - 3));
        byte[] damaged = good.clone();
        damaged[damaged.length - 6] ^= 1;
        store.put(PARTITION.loose() + "damaged", damaged);
        assertThat(compactor(store).compact(ALL).setAside()).hasSize(2);
        assertThat(store.get("failed/compaction/" + PARTITION.loose() + "damaged"))
                .isEqualTo(damaged);
        assertThat(archived(store)).hasSize(2);
    }

    @Test
    void anObjectThatIsReplacedMeanwhileIsLeftForALaterRun() throws IOException {
        FakeStore store = filled(3);
        String key = store.keys(PARTITION.loose()).get(1);
        byte[] other = object("other", 1);
        store.faults(new FakeStore.Faults() {
            @Override
            public void before(String call) {
                if (call.equals("begin")) {
                    store.put(key, other);
                }
            }

            @Override
            public void after(String call) {}
        });
        Result result = compactor(store).compact(ALL);
        assertThat(result.changed()).containsExactly(key);
        assertThat(result.archived()).isEqualTo(2);
        assertThat(store.get(key)).isEqualTo(other);
    }

    @Test
    void largeObjectsAreArchivedToo() throws IOException {
        FakeStore store = new FakeStore();
        byte[] large = large();
        assertThat(large.length).isGreaterThan(4 << 20);
        store.put(PARTITION.loose() + "large", large);
        assertThat(compactor(store).compact(ALL).events()).isEqualTo(60_000);
        assertThat(store.get(only(store).part().key())).isEqualTo(large);
        assertThat(only(store).sources().get(0).sha256()).isEqualTo(Digests.sha256(large));
    }

    private static byte[] large() {
        StringBuilder text = new StringBuilder();
        Random random = new Random(1);
        byte[] noise = new byte[60];
        for (int i = 0; i < 60_000; i++) {
            random.nextBytes(noise);
            text.append("{\"time\":1772352000000,\"message\":\"")
                    .append(HexFormat.of().formatHex(noise))
                    .append("\"}\n");
        }
        return gzip(text.toString());
    }

    @Test
    void aLargeObjectThatTurnsOutDamagedIsTakenBackAndSetAside() throws IOException {
        FakeStore store = filled(3);
        byte[] large = large();
        large[large.length - 6] ^= 1;
        store.put(PARTITION.loose() + "o-001-large", large);
        store.put(PARTITION.loose() + "o-002-bad", "no gzip");
        Result result = compactor(store).compact(ALL);
        assertThat(result.setAside())
                .containsExactlyInAnyOrder(
                        "failed/compaction/" + PARTITION.loose() + "o-001-large",
                        "failed/compaction/" + PARTITION.loose() + "o-002-bad");
        assertThat(result.changed()).isEmpty();
        assertThat(archived(store)).hasSize(6);
        assertThat(store.get("failed/compaction/" + PARTITION.loose() + "o-001-large"))
                .isEqualTo(large);
    }

    @Test
    void whatMayNotBeReadIsLeftWhereItIsAndTold() throws IOException {
        FakeStore store = filled(3);
        try (ArchiveStore.Upload upload =
                store.upload(PARTITION.loose() + "o-asleep", StorageClass.GLACIER, Optional.empty())) {
            upload.complete();
        }
        Result result = compactor(store).compact(ALL);
        assertThat(result.archived()).isEqualTo(3);
        assertThat(result.refused()).containsExactly("InvalidObjectState: " + PARTITION.loose() + "o-asleep");
        assertThat(store.keys(PARTITION.loose())).containsExactly(PARTITION.loose() + "o-asleep");
    }

    /** The process ends before or after any call, whether S3 has carried it out or not; then the item is run again. */
    @Test
    void anEndAtAnyCallLosesNothingAndArchivesNothingTwice() throws IOException {
        int steps = 0;
        for (boolean ended = true; ended; steps++) {
            FakeStore store = filled(5);
            store.put(PARTITION.loose() + "bad", "no gzip");
            TreeSet<String> expected = new TreeSet<>(present(store));
            int step = steps;
            ended = false;
            store.faults(endingAt(step));
            try {
                compactor(store, new SameThread()).compact(ALL);
            } catch (IOException e) {
                ended = true;
            }
            store.faults(endingAt(Integer.MAX_VALUE));
            compactor(store).compact(ALL);
            assertThat(archived(store)).as("after an end at step %d", step).hasSize(10);
            assertThat(new TreeSet<>(archived(store))).isEqualTo(expected);
            assertThat(store.keys(PARTITION.loose())).isEmpty();
            assertThat(store.keys("failed/")).hasSize(2);
            assertThat(new ArchiveVerifier(EventObjects.chains(store))
                            .verify(PARTITION, true)
                            .problems())
                    .isEmpty();
        }
        assertThat(steps).isGreaterThan(25);
    }

    @Test
    void workersAtOnceOnTheSameItemArchiveEverythingOnce() throws Exception {
        for (int round = 0; round < 30; round++) {
            FakeStore store = filled(12);
            TreeSet<String> expected = new TreeSet<>(present(store));
            ExecutorService executor = Executors.newFixedThreadPool(4);
            try {
                List<Future<Result>> results = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    // two have the same item, two have halves of it
                    String first = i == 3 ? "o-006" : "a";
                    String last = i == 2 ? "o-005~" : "z";
                    WorkItem item = new WorkItem(PARTITION, PARTITION.loose() + first, PARTITION.loose() + last);
                    results.add(executor.submit(() -> compactor(store).compact(item)));
                }
                for (Future<Result> result : results) {
                    result.get();
                }
            } finally {
                executor.shutdownNow();
            }
            assertThat(archived(store)).hasSize(24);
            assertThat(new TreeSet<>(archived(store))).isEqualTo(expected);
            assertThat(store.keys(PARTITION.loose())).isEmpty();
            ArchiveVerifier.Result verified = new ArchiveVerifier(EventObjects.chains(store)).verify(PARTITION, true);
            assertThat(verified.problems()).isEmpty();
            assertThat(verified.rubbish()).isEmpty();
        }
    }

    @Test
    void aPartThatS3HasOtherwiseThanItWasSentIsNotCommitted() throws IOException {
        FakeStore store = filled(2);
        assertThatThrownBy(() -> compactor(new CorruptingStore(store), executor).compact(ALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("S3 has");
        assertThat(store.keys(PARTITION.loose())).hasSize(2);
        assertThat(EventObjects.manifests(store, PARTITION)).isEmpty();
    }

    @Test
    void aChainThatWasTamperedWithGoesOnAndIsFound() throws IOException {
        FakeStore store = filled(2);
        compactor(store).compact(ALL);
        store.put(PARTITION.loose() + "late", object("late", 1));
        compactor(store).compact(ALL);
        String first = Manifest.key(PARTITION, 0);
        store.put(first, new String(store.get(first), StandardCharsets.UTF_8).replace("\"events\":4", "\"events\":5"));
        store.put(PARTITION.loose() + "later", object("later", 1));
        assertThat(compactor(store).compact(ALL).archived()).isEqualTo(1);
        assertThat(new ArchiveVerifier(EventObjects.chains(store))
                        .verify(PARTITION, true)
                        .problems())
                .extracting(Problem::kind, Problem::file)
                .containsExactly(tuple(Kind.MANIFEST_CHANGED, Manifest.key(PARTITION, 1)));
    }

    @Test
    void aPlanCutsByBytesAndByNumberAndGoesOnWhereItStopped() throws IOException {
        FakeStore store = filled(25);
        List<WorkItem> items = new ArrayList<>();
        new Planner(store, Long.MAX_VALUE, 10).plan(PARTITION, "", items::add);
        assertThat(items).hasSize(3);
        assertThat(items.get(0).last()).isEqualTo(PARTITION.loose() + "o-009");
        assertThat(items.get(1).first()).isEqualTo(PARTITION.loose() + "o-010");
        List<WorkItem> rest = new ArrayList<>();
        new Planner(store, Long.MAX_VALUE, 10).plan(PARTITION, items.get(0).last(), rest::add);
        assertThat(rest).isEqualTo(items.subList(1, 3));
        List<WorkItem> byBytes = new ArrayList<>();
        new Planner(store, 1, 10).plan(PARTITION, "", byBytes::add);
        assertThat(byBytes).hasSize(25);
        for (WorkItem item : items) {
            compactor(store).compact(item);
        }
        assertThat(EventObjects.manifests(store, PARTITION)).hasSize(3);
        assertThat(archived(store)).hasSize(50);
    }

    private Compactor compactor(FakeStore store) {
        return compactor(store, executor);
    }

    private Compactor compactor(ArchiveStore store, ExecutorService executor) {
        return new Compactor(
                EventObjects.chains(store),
                EventObjects.keeping(StorageClass.GLACIER_IR),
                () -> "n" + names.incrementAndGet(),
                executor);
    }

    /** Ends the process at a step: each call has one before and one after it took effect. */
    private static FakeStore.Faults endingAt(int step) {
        int[] left = {step};
        return new FakeStore.Faults() {
            @Override
            public void before(String call) throws IOException {
                step("before " + call);
            }

            @Override
            public void after(String call) throws IOException {
                step("after " + call);
            }

            private void step(String where) throws IOException {
                // a process that has ended calls no more
                if (left[0] == 0) {
                    throw new IOException("the end, " + where);
                }
                left[0]--;
            }
        };
    }

    private static FakeStore filled(int count) {
        FakeStore store = new FakeStore();
        for (int i = 0; i < count; i++) {
            store.put(PARTITION.loose() + "o-%03d".formatted(i), object("o" + i, 2));
        }
        return store;
    }

    /** An object of members, each of one event. */
    private static byte[] object(String name, int members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < members; i++) {
            out.writeBytes(gzip(document(name + "-" + i, i, i)));
        }
        return out.toByteArray();
    }

    private static String document(String uid, int account, int second) {
        return "{\"@timestamp\":\"2026-03-01T08:00:0%d.000Z\",\"time\":%d,\"class_uid\":6003,\"metadata\":{\"uid\":\"%s\"},\"cloud\":{\"provider\":\"AWS\",\"region\":\"eu-central-1\",\"account\":{\"uid\":\"12345678901%d\"}}}\n"
                .formatted(second, 1_772_352_000_000L + second * 1_000L, uid, account);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static String expanded(byte[] gzip) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> uids(String text) {
        List<String> uids = new ArrayList<>();
        Matcher matcher = UID.matcher(text.replaceAll("\"account\":\\{[^}]*}", ""));
        while (matcher.find()) {
            uids.add(matcher.group(1));
        }
        return uids;
    }

    private static List<String> present(FakeStore store) throws IOException {
        List<String> uids = new ArrayList<>();
        for (String key : store.keys(PARTITION.loose())) {
            if (!key.endsWith("bad")) {
                uids.addAll(uids(expanded(store.get(key))));
            }
        }
        return uids;
    }

    /** The events of all parts that a manifest names. */
    private static List<String> archived(FakeStore store) throws IOException {
        List<String> uids = new ArrayList<>();
        for (Manifest manifest : EventObjects.manifests(store, PARTITION)) {
            uids.addAll(uids(expanded(store.get(manifest.part().key()))));
        }
        return uids;
    }

    private static Manifest only(FakeStore store) throws IOException {
        List<Manifest> manifests = EventObjects.manifests(store, PARTITION);
        assertThat(manifests).hasSize(1);
        return manifests.get(0);
    }
}
