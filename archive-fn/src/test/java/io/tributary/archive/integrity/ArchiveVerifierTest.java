package io.tributary.archive.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.archive.FakeStore;
import io.tributary.archive.Partition;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.Compactor.Keeping;
import io.tributary.archive.compaction.Manifest;
import io.tributary.archive.compaction.SameThread;
import io.tributary.archive.compaction.WorkItem;
import io.tributary.archive.integrity.ArchiveVerifier.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArchiveVerifierTest {
    private static final Partition PARTITION = new Partition("waf", LocalDate.parse("2026-03-01"));

    private final FakeStore store = new FakeStore();

    @BeforeEach
    void archiveThreeParts() throws IOException {
        archive(StorageClass.STANDARD);
    }

    private void archive(StorageClass storageClass) throws IOException {
        for (int i = 0; i < 3; i++) {
            store.put(PARTITION.loose() + "o" + i, gzip("{\"time\":1}\n{\"time\":2}\n"));
            new Compactor(store, new Keeping(storageClass, Optional.empty()), () -> "n", new SameThread())
                    .compact(new WorkItem(PARTITION, PARTITION.loose(), PARTITION.loose() + "z"));
        }
    }

    @ParameterizedTest
    @EnumSource(StorageClass.class)
    void anArchiveThatNobodyTouchedIsIntact(StorageClass storageClass) throws IOException {
        store.delete(store.keys("archive/"));
        store.delete(store.keys("manifests/"));
        archive(storageClass);
        Result result = verify();
        assertThat(result.problems()).isEmpty();
        assertThat(result.orphans()).isEmpty();
        assertThat(result.parts()).isEqualTo(3);
        assertThat(result.events()).isEqualTo(6);
    }

    @Test
    void aDeletedPartIsFound() throws IOException {
        store.delete(List.of(part(1)));
        assertThat(verify().problems()).containsExactly(part(1) + " is gone");
    }

    @Test
    void aReplacedPartIsFound() throws IOException {
        byte[] content = store.get(part(1));
        content[20] ^= 1;
        store.put(part(1), content);
        assertThat(verify().problems()).containsExactly(part(1) + " was replaced");
    }

    @Test
    void aChangedManifestIsFoundByTheNext() throws IOException {
        String key = Manifest.key(PARTITION, 0);
        store.put(key, new String(store.get(key), StandardCharsets.UTF_8).replace("\"events\":2", "\"events\":1"));
        assertThat(verify().problems())
                .containsExactly(Manifest.key(PARTITION, 1)
                        + " does not follow the manifest before it: one of them was changed");
    }

    @Test
    void aDeletedManifestIsFoundByThoseAfterIt() throws IOException {
        store.delete(List.of(Manifest.key(PARTITION, 1)));
        assertThat(verify().problems())
                .containsExactly(
                        Manifest.key(PARTITION, 1) + " is gone",
                        Manifest.key(PARTITION, 2) + " comes after a manifest that is gone");
    }

    @Test
    void anEndThatWasCutOffIsFoundByTheDigestThatWasKeptElsewhere() throws IOException {
        String last = verify().last();
        store.delete(List.of(Manifest.key(PARTITION, 2), part(2)));
        assertThat(verify().problems()).containsExactly(Manifest.key(PARTITION, 2) + " is gone");
        store.delete(List.of(Manifest.key(PARTITION, 2) + ".done"));
        assertThat(verify().problems()).isEmpty();
        assertThat(new ArchiveVerifier(store)
                        .verify(PARTITION, Optional.of(last), true)
                        .problems())
                .containsExactly(PARTITION.archive() + ": the manifest " + last
                        + " is gone: the end of the chain was cut off, or changed");
    }

    @Test
    void aPartOfARunThatEndedEarlyIsAnOrphan() throws IOException {
        String orphan = PARTITION.archive() + "part-00000003-x.ndjson.gz";
        store.put(orphan, "x");
        assertThat(verify().orphans()).containsExactly(orphan);
        assertThat(verify().problems()).isEmpty();
    }

    private Result verify() throws IOException {
        return new ArchiveVerifier(store).verify(PARTITION, Optional.empty(), true);
    }

    private String part(int sequence) {
        return PARTITION.archive() + "part-%08d-n.ndjson.gz".formatted(sequence);
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
}
