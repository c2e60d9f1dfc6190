package io.tributary.archive.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.archive.EventObjects;
import io.tributary.archive.FakeStore;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.Problem.Kind;
import io.tributary.archive.StorageClass;
import io.tributary.archive.Term;
import io.tributary.archive.compaction.ChainHeads;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.Compactor.Keeping;
import io.tributary.archive.compaction.Manifest;
import io.tributary.archive.compaction.SameThread;
import io.tributary.archive.compaction.StoredChainHeads;
import io.tributary.archive.compaction.WorkItem;
import io.tributary.archive.integrity.ArchiveVerifier.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three parts of a day, each with a manifest, what may become of them, and whether that is told, with and without heads. */
class ArchiveVerifierTest {
    private static final Partition PARTITION = new Partition("waf", LocalDate.parse("2026-03-01"));
    private static final Instant MADE = Instant.parse("2026-05-01T00:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(100);

    private final FakeStore store = new FakeStore();
    private final FakeStore headStore = new FakeStore();
    private Instant now = MADE.plus(Duration.ofDays(10));
    private final Chains believing = new Chains(store, ChainHeads.NONE, () -> now);
    private final Chains chains = new Chains(store, new StoredChainHeads(headStore, "example"), () -> now);

    @BeforeEach
    void archiveThreeParts() throws IOException {
        archive(StorageClass.STANDARD, 3);
    }

    /** Each a day after the one before. */
    private void archive(StorageClass storageClass, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            store.put(PARTITION.loose() + "o" + i, object(i));
            Instant made = MADE.plus(Duration.ofDays(i));
            new Compactor(
                            chains,
                            new Keeping(storageClass, Optional.empty(), new Term(made, made.plus(RETENTION))),
                            () -> "n",
                            new SameThread())
                    .compact(new WorkItem(PARTITION, PARTITION.loose(), PARTITION.loose() + "z"));
        }
    }

    private static byte[] object(int number) {
        Instant time = Instant.parse("2026-03-01T08:00:00Z");
        return EventObjects.member(
                EventObjects.document("e" + number + "-0", "123456789012", time),
                EventObjects.document("e" + number + "-1", "123456789012", time));
    }

    private String manifest(int sequence) {
        return Manifest.key(PARTITION, sequence);
    }

    private String part(int sequence) {
        return PARTITION.archive() + "part-%08d-n.ndjson.gz".formatted(sequence);
    }

    private void delete(String... keys) throws IOException {
        store.delete(List.of(keys));
    }

    private static Result verify(Chains chains) throws IOException {
        return new ArchiveVerifier(chains).verify(PARTITION, true);
    }

    private static List<String> kinds(Result result) {
        return result.problems().stream()
                .map(problem -> problem.kind() + " "
                        + problem.file().substring(problem.file().lastIndexOf('/') + 1))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(StorageClass.class)
    void anArchiveThatNobodyTouchedIsIntact(StorageClass storageClass) throws IOException {
        store.delete(store.keys(""));
        headStore.delete(headStore.keys(""));
        archive(storageClass, 3);
        for (Chains each : List.of(believing, chains)) {
            Result result = verify(each);
            assertThat(result.problems()).isEmpty();
            assertThat(result.orphans()).isEmpty();
            assertThat(result.rubbish()).isEmpty();
            assertThat(result.parts()).isEqualTo(3);
            assertThat(result.events()).isEqualTo(6);
        }
    }

    @Test
    void aDeletedPartIsFound() throws IOException {
        delete(part(1));
        assertThat(kinds(verify(believing))).containsExactly("PART_MISSING part-00000001-n.ndjson.gz");
        assertThat(kinds(verify(chains))).containsExactly("PART_MISSING part-00000001-n.ndjson.gz");
    }

    @Test
    void aReplacedPartIsFound() throws IOException {
        byte[] content = store.get(part(1));
        content[20] ^= 1;
        store.put(part(1), content);
        assertThat(kinds(verify(believing))).containsExactly("PART_REPLACED part-00000001-n.ndjson.gz");
    }

    @Test
    void aChangedManifestIsFoundByTheNextOrByItsHead() throws IOException {
        change(0);
        assertThat(kinds(verify(believing))).containsExactly("MANIFEST_CHANGED manifest-00000001.json");
        Result result = verify(chains);
        assertThat(kinds(result)).containsExactly("MANIFEST_CHANGED manifest-00000000.json");
        assertThat(result.orphans()).as("its head names its part").containsExactly(part(0));
    }

    private void change(int sequence) {
        String text = new String(store.get(manifest(sequence)), StandardCharsets.UTF_8);
        store.put(manifest(sequence), text.replace("\"events\":2", "\"events\":1"));
    }

    @Test
    void theLastManifestThatWasChangedIsFoundByItsHead() throws IOException {
        change(2);
        assertThat(verify(believing).problems()).as("nothing tells of it").isEmpty();
        assertThat(kinds(verify(chains))).containsExactly("MANIFEST_CHANGED manifest-00000002.json");
    }

    /** Whichever are lost, whatever is there is verified, and no part that is there is taken for rubbish. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void deletedManifestsAreNamedAndAllThatIsLeftIsVerified(int lost) throws IOException {
        int left = 3;
        for (int sequence = 0; sequence < 3; sequence++) {
            if ((lost & 1 << sequence) != 0) {
                delete(manifest(sequence));
                left--;
            }
        }
        for (Chains each : List.of(believing, chains)) {
            Result result = verify(each);
            assertThat(result.problems())
                    .hasSize(3 - left)
                    .allMatch(problem -> problem.kind() == Kind.MANIFEST_MISSING && problem.isLoss());
            assertThat(result.parts()).isEqualTo(left);
            assertThat(result.orphans()).hasSize(3 - left);
            assertThat(result.rubbish()).isEmpty();
            assertThat(new ArchiveVerifier(each).sweep(result, Instant.MAX)).isEmpty();
        }
        assertThat(store.keys("archive/")).hasSize(3);
    }

    @Test
    void manifestsThatAreDeletedWithTheirMarksAreFoundByTheirParts() throws IOException {
        store.delete(store.keys("manifests/"));
        Result result = verify(believing);
        assertThat(kinds(result))
                .containsExactly(
                        "MANIFEST_MISSING manifest-00000000.json",
                        "MANIFEST_MISSING manifest-00000001.json",
                        "MANIFEST_MISSING manifest-00000002.json");
        assertThat(result.orphans()).containsExactly(part(0), part(1), part(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "no JSON",
                "{\"version\":2}",
                "[]",
                "{\"version\":1,\"source\":\"waf\",\"date\":\"2026-03-01\"}"
            })
    void aManifestThatIsNoneIsNamedAndTheOthersAreVerified(String content) throws IOException {
        store.put(manifest(1), content);
        for (Chains each : List.of(believing, chains)) {
            Result result = verify(each);
            assertThat(result.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.file()).isEqualTo(manifest(1));
                assertThat(problem.kind()).isIn(Kind.MANIFEST_UNREADABLE, Kind.MANIFEST_CHANGED);
            });
            assertThat(result.parts()).isEqualTo(2);
            assertThat(result.orphans()).containsExactly(part(1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../etc/passwd",
                "/etc/passwd",
                "archive/source=waf/date=2026-03-01/../../../x/part-00000001-n.ndjson.gz",
                "archive/source=waf/date=2026-03-02/part-00000001-n.ndjson.gz",
                "raw/2026/03/01/08/r"
            })
    void aManifestThatNamesWhatIsNotOfItsPartitionIsNamedAndNotFollowed(String key) throws IOException {
        String text = new String(store.get(manifest(1)), StandardCharsets.UTF_8);
        store.put(manifest(1), text.replace(part(1), key));
        assertThat(verify(believing).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.MANIFEST_OUTSIDE);
            assertThat(problem.explanation()).contains(key);
        });
        store.put(manifest(1), text.replace(PARTITION.loose() + "o1", key));
        assertThat(kinds(verify(believing))).containsExactly("MANIFEST_OUTSIDE manifest-00000001.json");
    }

    /** It is told in messages, which have limits and lines. */
    @Test
    void whatOthersHaveWrittenIsCutAndInOneLine() throws IOException {
        String text = new String(store.get(manifest(1)), StandardCharsets.UTF_8);
        store.put(manifest(1), text.replace(part(1), "x\\n\\u202e".repeat(200_000)));
        assertThat(verify(believing).problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).hasSizeLessThan(1_000).doesNotContain("\n", "\u202e"));
    }

    @Test
    void anEndThatWasCutOffIsFoundByItsHead() throws IOException {
        delete(manifest(2), manifest(2) + ".done", part(2));
        assertThat(verify(believing).problems()).as("nothing tells of it").isEmpty();
        assertThat(kinds(verify(chains)))
                .containsExactly("MANIFEST_MISSING manifest-00000002.json", "PART_MISSING part-00000002-n.ndjson.gz");
    }

    @Test
    void aPartitionOfWhichNothingIsLeftIsFoundByItsHeads() throws IOException {
        store.delete(store.keys(""));
        assertThat(believing.partitions()).isEmpty();
        assertThat(chains.partitions()).containsExactly(PARTITION);
        assertThat(verify(chains).problems())
                .containsExactly(new Problem(
                        Kind.PARTITION_GONE,
                        PARTITION.archive(),
                        "there were 3 parts with 6 events, of which nothing is left"));
    }

    @Test
    void aManifestThatNoRunHasMadeIsFoundAndNotBelieved() throws IOException {
        String forged = new String(store.get(manifest(2)), StandardCharsets.UTF_8)
                .replace("\"sequence\":2", "\"sequence\":3")
                .replace("part-00000002-n", "part-00000003-forged");
        store.put(manifest(3), forged);
        store.put(PARTITION.archive() + "part-00000003-forged.ndjson.gz", object(9));
        Result result = verify(chains);
        assertThat(kinds(result)).containsExactly("MANIFEST_FOREIGN manifest-00000003.json");
        assertThat(result.parts()).isEqualTo(3);
        assertThat(result.orphans()).isEmpty();
    }

    @Test
    void aManifestOfAFolderThatIsCalledLikeOneTakesNoOthersPlace() throws IOException {
        store.put(PARTITION.manifests() + "manifest-x/manifest-00000001.json", "{}");
        store.put(PARTITION.manifests() + "manifest-x/manifest-00000001.json.done", "");
        for (Chains each : List.of(chains, believing)) {
            assertThat(verify(each).problems()).isEmpty();
            assertThat(verify(each).parts()).isEqualTo(3);
        }
    }

    /** A run ended after its part was uploaded; the next made another of the same number. */
    @Test
    void aPartOfARunThatEndedEarlyIsRubbish() throws IOException {
        String rubbish = PARTITION.archive() + "part-00000001-x.ndjson.gz";
        store.put(rubbish, "x");
        assertThat(verify(believing).rubbish()).containsExactly(rubbish);
        assertThat(verify(believing).problems()).isEmpty();
        ArchiveVerifier verifier = new ArchiveVerifier(believing);
        assertThat(verifier.sweep(verify(believing), Instant.MAX))
                .as("without heads")
                .isEmpty();
        assertThat(new ArchiveVerifier(chains).sweep(verify(chains), Instant.EPOCH))
                .as("it is young")
                .isEmpty();
        assertThat(new ArchiveVerifier(chains).sweep(verify(chains), Instant.MAX))
                .containsExactly(rubbish);
        assertThat(store.keys("archive/")).containsExactly(part(0), part(1), part(2));
        assertThat(verifier.sweep(verify(chains), Instant.MAX)).isEmpty();
    }

    @Test
    void aPartOfTheNextNumberIsOfARunOnlyWhereItsSourcesAreThere() throws IOException {
        String next = PARTITION.archive() + "part-00000003-x.ndjson.gz";
        store.put(next, object(3));
        assertThat(verify(chains).rubbish()).as("nothing was settled").containsExactly(next);
        Result result = verify(believing);
        assertThat(result.orphans()).containsExactly(next);
        assertThat(kinds(result)).containsExactly("MANIFEST_MISSING manifest-00000003.json");
        store.put(PARTITION.loose() + "o3", object(3));
        assertThat(verify(believing).rubbish()).containsExactly(next);
        assertThat(verify(believing).problems()).isEmpty();
    }

    // ---- what lifecycle rules do

    /** Manifests are kept longer than parts: parts go one by one, then their manifests. */
    @Test
    void whatHasExpiredIsNoProblemAndWhatWasDeletedBeforeIsOne() throws IOException {
        now = MADE.plus(RETENTION).plus(Duration.ofDays(1)).minusSeconds(1);
        delete(part(0));
        for (Chains each : List.of(believing, chains)) {
            assertThat(verify(each).problems()).as("the first is over").isEmpty();
            assertThat(verify(each).expired()).isEqualTo(1);
        }
        delete(part(1));
        for (Chains each : List.of(believing, chains)) {
            assertThat(kinds(verify(each)))
                    .as("the second is not")
                    .containsExactly("PART_MISSING part-00000001-n.ndjson.gz");
        }
        now = MADE.plus(RETENTION).plus(Duration.ofDays(1));
        delete(manifest(0), manifest(0) + ".done");
        for (Chains each : List.of(believing, chains)) {
            assertThat(verify(each).problems()).isEmpty();
            assertThat(verify(each).expired()).isEqualTo(2);
        }
        delete(manifest(1));
        for (Chains each : List.of(believing, chains)) {
            assertThat(verify(each).problems()).as("its mark may be left").isEmpty();
        }
        delete(manifest(2));
        for (Chains each : List.of(believing, chains)) {
            assertThat(kinds(verify(each)))
                    .as("the third is not over")
                    .containsExactly("MANIFEST_MISSING manifest-00000002.json");
            assertThat(verify(each).orphans()).containsExactly(part(2));
        }
        now = MADE.plus(RETENTION).plus(Duration.ofDays(2));
        store.delete(store.keys(""));
        assertThat(verify(chains).problems()).isEmpty();
        assertThat(verify(chains).expired()).isEqualTo(3);
    }

    @Test
    void aBeginningThatWasDeletedBeforeItsTimeIsFound() throws IOException {
        delete(manifest(0), manifest(0) + ".done", part(0));
        assertThat(kinds(verify(believing))).containsExactly("MANIFEST_MISSING manifest-00000000.json");
        assertThat(kinds(verify(chains)))
                .containsExactly("MANIFEST_MISSING manifest-00000000.json", "PART_MISSING part-00000000-n.ndjson.gz");
    }

    @Test
    void whatAShorterPolicyLetExpireIsNoProblem() throws IOException {
        now = MADE.plus(Duration.ofDays(31));
        store.delete(store.keys(""));
        Chains shorter = new Chains(store, chains.heads(), () -> now, partition -> Optional.of(Duration.ofDays(29)));
        assertThat(verify(shorter).problems()).isEmpty();
        assertThat(kinds(verify(chains))).containsExactly("PARTITION_GONE ");
    }

    // ---- before heads were kept

    @Test
    void whatWasCompactedBeforeHeadsWereKeptIsRecordedOnceIfNothingIsWrongWithIt() throws IOException {
        headStore.delete(headStore.keys(""));
        assertThat(kinds(verify(chains))).hasSize(3).allMatch(kind -> kind.startsWith("MANIFEST_FOREIGN"));
        ArchiveVerifier verifier = new ArchiveVerifier(chains);
        byte[] part = store.get(part(1));
        delete(part(1));
        assertThat(verifier.record(PARTITION)).isZero();
        assertThat(headStore.keys("")).isEmpty();
        store.put(part(1), part);
        store.delete(store.keys(""));
        archiveThreeParts();
        headStore.delete(headStore.keys(""));
        assertThat(verifier.record(PARTITION)).isEqualTo(3);
        assertThat(verify(chains).problems()).isEmpty();
        change(1);
        assertThat(verifier.record(PARTITION)).isZero();
        assertThat(kinds(verify(chains))).containsExactly("MANIFEST_CHANGED manifest-00000001.json");
    }

    // ---- anything at all

    /** Whatever is deleted or overwritten of the archive is told, by heads; verification never fails, and never sweeps a part that was archived. */
    @Property(tries = 100)
    void whateverIsDoneToTheArchiveIsTold(
            @ForAll @IntRange(min = 1, max = 511) int which, @ForAll boolean isOverwritten) throws IOException {
        archiveThreeParts();
        List<String> keys = store.keys("archive/");
        List<String> all = new ArrayList<>(keys);
        all.addAll(store.keys("manifests/"));
        boolean isTouched = false;
        for (int i = 0; i < all.size(); i++) {
            if ((which & 1 << i) != 0) {
                isTouched |= !all.get(i).endsWith(".done");
                if (isOverwritten) {
                    store.put(all.get(i), "other");
                } else {
                    delete(all.get(i));
                }
            }
        }
        Result result = verify(chains);
        assertThat(result.problems().isEmpty()).isEqualTo(!isTouched);
        assertThat(Set.copyOf(result.rubbish())).doesNotContainAnyElementsOf(keys);
        verify(believing);
        int before = store.keys("archive/").size();
        new ArchiveVerifier(chains).sweep(result, Instant.MAX);
        assertThat(store.keys("archive/")).hasSize(before);
    }
}
