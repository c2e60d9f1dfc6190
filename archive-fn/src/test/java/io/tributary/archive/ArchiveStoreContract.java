package io.tributary.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.archive.ArchiveStore.ChangedException;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.RefusedException;
import io.tributary.archive.ArchiveStore.Stored;
import io.tributary.archive.ArchiveStore.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every archive store must do: the one in memory, which the other tests trust, and S3. */
public abstract class ArchiveStoreContract {
    private ArchiveStore store;

    protected abstract ArchiveStore store() throws IOException;

    @BeforeEach
    void open() throws IOException {
        store = store();
    }

    @Test
    void whatIsCreatedIsFoundAndReadInRanges() throws IOException {
        assertThat(store.create("a/b", bytes("0123456789"))).isTrue();
        Entry entry = store.find("a/b").orElseThrow();
        assertThat(entry.size()).isEqualTo(10);
        assertThat(entry.storageClass()).isEqualTo(StorageClass.STANDARD);
        assertThat(read("a/b", entry.etag(), 0, 10)).isEqualTo("0123456789");
        assertThat(read("a/b", entry.etag(), 3, 4)).isEqualTo("3456");
        assertThat(read("a/b", entry.etag(), 10, 0)).isEmpty();
    }

    @Test
    void whatIsThereIsNotCreatedAgain() throws IOException {
        assertThat(store.create("a", bytes("first"))).isTrue();
        assertThat(store.create("a", bytes("second"))).isFalse();
        assertThat(read("a", store.find("a").orElseThrow().etag(), 0, 5)).isEqualTo("first");
    }

    @Test
    void listsAreInOrderAndGoOnAfterAKey() throws IOException {
        for (String key : List.of("p/c", "p/a", "q/x", "p/b", "o/z")) {
            store.create(key, bytes(key));
        }
        assertThat(store.list("p/", "")).extracting(Entry::key).containsExactly("p/a", "p/b", "p/c");
        assertThat(store.list("p/", "p/a")).extracting(Entry::key).containsExactly("p/b", "p/c");
        assertThat(store.list("p/", "p/c")).isEmpty();
        assertThat(store.list("p/", ""))
                .allMatch(entry -> entry.size() == 3 && !entry.etag().isEmpty());
        assertThat(store.find("p/d")).isEmpty();
    }

    @Test
    void whatWasChangedOrDeletedIsNotOpened() throws IOException {
        store.create("a", bytes("first"));
        String etag = store.find("a").orElseThrow().etag();
        store.delete(List.of("a"));
        assertThatThrownBy(() -> store.open("a", etag, 0, 5)).isInstanceOf(ChangedException.class);
        store.create("a", bytes("other"));
        assertThatThrownBy(() -> store.open("a", etag, 0, 5)).isInstanceOf(ChangedException.class);
        assertThatThrownBy(() -> store.copy("a", etag, "b")).isInstanceOf(ChangedException.class);
        assertThat(store.find("b")).isEmpty();
    }

    @Test
    void anUploadIsSeenWhenItIsComplete() throws IOException {
        byte[] content = new byte[20 << 20];
        new Random(1).nextBytes(content);
        try (Upload upload = store.upload("large", StorageClass.GLACIER_IR, Optional.empty())) {
            for (int at = 0; at < content.length; at += 1_000_000) {
                upload.write(content, at, Math.min(1_000_000, content.length - at));
            }
            assertThat(store.find("large")).isEmpty();
            Stored stored = upload.complete();
            CRC32 crc = new CRC32();
            crc.update(content);
            assertThat(stored.size()).isEqualTo(content.length);
            assertThat(stored.crc32()).isEqualTo(crc.getValue());
            assertThat(store.find("large").orElseThrow().etag()).isEqualTo(stored.etag());
        }
        Entry entry = store.find("large").orElseThrow();
        assertThat(entry.storageClass()).isEqualTo(StorageClass.GLACIER_IR);
        try (InputStream in = store.open("large", entry.etag(), 17 << 20, 1000)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 17 << 20, (17 << 20) + 1000));
        }
    }

    @Test
    void anUploadThatIsNotCompletedLeavesNothing() throws IOException {
        try (Upload upload = store.upload("half", StorageClass.STANDARD, Optional.empty())) {
            upload.write(bytes("half"), 0, 4);
        }
        assertThat(store.find("half")).isEmpty();
        assertThat(store.list("half", "")).isEmpty();
    }

    @Test
    void copiesAreTheSameAndDeletingWhatIsGoneIsNoError() throws IOException {
        store.create("from", bytes("content"));
        store.copy("from", store.find("from").orElseThrow().etag(), "to");
        assertThat(read("to", store.find("to").orElseThrow().etag(), 0, 7)).isEqualTo("content");
        store.delete(List.of("from", "never"));
        assertThat(store.find("from")).isEmpty();
        store.delete(List.of());
    }

    @Test
    void moreThanAPageIsListedPageByPageAndDeletedAtOnce() throws IOException {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < ArchiveStore.PAGE + 5; i++) {
            keys.add("many/%05d".formatted(i));
            store.create(keys.get(i), bytes("x"));
        }
        List<Entry> first = store.list("many/", "");
        assertThat(first).hasSize(ArchiveStore.PAGE);
        assertThat(store.list("many/", first.get(first.size() - 1).key())).hasSize(5);
        store.delete(keys);
        assertThat(store.list("many/", "")).isEmpty();
    }

    /** Keys stand in manifests and jobs, which others may have written. */
    @ParameterizedTest
    @ValueSource(strings = {"../outside", "a/../../outside", "/outside", "a/./b", "a//b", "a/..", ""})
    void keysThatLeadElsewhereAreRefused(String key) throws IOException {
        store.create("a/b", bytes("content"));
        assertThatThrownBy(() -> store.find(key)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> store.open(key, "e", 0, 1)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> store.create(key, bytes("x"))).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> store.upload(key, StorageClass.STANDARD, Optional.empty()))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> store.copy("a/b", "e", key)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> store.copy(key, "e", "c")).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> store.delete(List.of("a/b", key))).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> store.wakefulness(key)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> store.restore(key, RestoreTier.BULK, 1)).isInstanceOf(RefusedException.class);
    }

    private String read(String key, String etag, long from, long length) throws IOException {
        try (InputStream in = store.open(key, etag, from, length)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
