package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Lock;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A store that keeps other bytes than it was sent. */
record CorruptingStore(ArchiveStore store) implements ArchiveStore {
    @Override
    public List<Entry> list(String prefix, String after) throws IOException {
        return store.list(prefix, after);
    }

    @Override
    public Optional<Entry> find(String key) throws IOException {
        return store.find(key);
    }

    @Override
    public Content open(String key, String etag, long from, long length) throws IOException {
        return store.open(key, etag, from, length);
    }

    @Override
    public boolean create(String key, byte[] content, Optional<Lock> lock) throws IOException {
        return store.create(key, content, lock);
    }

    @Override
    public Upload upload(String key, StorageClass storageClass, Optional<Lock> lock) throws IOException {
        Upload upload = store.upload(key, storageClass, lock);
        return new Upload() {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                byte[] other = bytes.clone();
                other[from] ^= 1;
                upload.write(other, from, length);
            }

            @Override
            public Stored complete() throws IOException {
                return upload.complete();
            }

            @Override
            public void close() throws IOException {
                upload.close();
            }
        };
    }

    @Override
    public void copy(String from, String etag, String to) throws IOException {
        store.copy(from, etag, to);
    }

    @Override
    public void delete(List<String> keys) throws IOException {
        store.delete(keys);
    }

    @Override
    public Wakefulness wakefulness(String key) throws IOException {
        return store.wakefulness(key);
    }

    @Override
    public void restore(String key, RestoreTier tier, int days) throws IOException {
        store.restore(key, tier, days);
    }
}
