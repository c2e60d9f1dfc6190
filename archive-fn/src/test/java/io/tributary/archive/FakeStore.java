package io.tributary.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** S3 in memory: strongly consistent, as S3 is; what sleeps cannot be read. Each call can be made to fail. */
public final class FakeStore implements ArchiveStore {
    /** What happens before and after a call takes effect. */
    public interface Faults {
        void before(String call) throws IOException;

        void after(String call) throws IOException;
    }

    private static final class Stores {
        private final byte[] content;
        private final StorageClass storageClass;
        private final String etag;
        private Wakefulness wakefulness;
        private Map<String, String> metadata = Map.of();

        Stores(byte[] content, StorageClass storageClass, long number) {
            this.content = content;
            this.storageClass = storageClass;
            this.wakefulness = storageClass.isAsleep() ? Wakefulness.ASLEEP : Wakefulness.AWAKE;
            this.etag = "\"" + Arrays.hashCode(content) + "-" + number + "\"";
        }
    }

    private final NavigableMap<String, Stores> objects = new TreeMap<>();
    private Faults faults = new Faults() {
        @Override
        public void before(String call) {}

        @Override
        public void after(String call) {}
    };
    private long number;
    private long calls;

    public synchronized void faults(Faults faults) {
        this.faults = faults;
    }

    public synchronized long calls() {
        return calls;
    }

    public synchronized void put(String key, byte[] content) {
        objects.put(key, new Stores(content.clone(), StorageClass.STANDARD, number++));
    }

    public synchronized void put(String key, byte[] content, Map<String, String> metadata) {
        put(key, content);
        objects.get(key).metadata = metadata;
    }

    public void put(String key, String content) {
        put(key, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Flips a bit of what is stored; ETag and size stay. */
    public synchronized void corrupt(String key, int at) {
        objects.get(key).content[at] ^= 1;
    }

    public synchronized byte[] get(String key) {
        return objects.get(key).content.clone();
    }

    public synchronized List<String> keys(String prefix) {
        return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    /** Ends the restoring of all objects. */
    public synchronized void wake() {
        objects.values().stream()
                .filter(object -> object.wakefulness == Wakefulness.WAKING)
                .forEach(object -> object.wakefulness = Wakefulness.AWAKE);
    }

    /** Takes an object's copy away, as S3 does after its days. */
    public synchronized void expire(String key) {
        objects.get(key).wakefulness = Wakefulness.ASLEEP;
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private <T> T call(String name, Call<T> call) throws IOException {
        Faults now;
        synchronized (this) {
            calls++;
            now = faults;
        }
        now.before(name);
        T result;
        synchronized (this) {
            result = call.run();
        }
        now.after(name);
        return result;
    }

    private static Entry entry(String key, Stores object) {
        return new Entry(key, object.etag, object.content.length, Instant.EPOCH, object.storageClass);
    }

    @Override
    public List<Entry> list(String prefix, String after) throws IOException {
        return call("list", () -> {
            List<Entry> page = new ArrayList<>();
            for (var each :
                    objects.tailMap(after.isEmpty() ? prefix : after, false).entrySet()) {
                if (!each.getKey().startsWith(prefix) || page.size() == PAGE) {
                    break;
                }
                page.add(entry(each.getKey(), each.getValue()));
            }
            return page;
        });
    }

    @Override
    public Optional<Entry> find(String key) throws IOException {
        ArchiveStore.plain(key);
        return call("head", () -> Optional.ofNullable(objects.get(key)).map(object -> entry(key, object)));
    }

    private Stores same(String key, String etag) throws ChangedException {
        Stores object = objects.get(key);
        if (object == null || !object.etag.equals(etag)) {
            throw new ChangedException(key);
        }
        return object;
    }

    @Override
    public Content open(String key, String etag, long from, long length) throws IOException {
        ArchiveStore.plain(key);
        return call("get", () -> {
            Stores object = same(key, etag);
            if (object.wakefulness != Wakefulness.AWAKE) {
                throw new RefusedException("InvalidObjectState: " + key, null);
            }
            return new Content(new ByteArrayInputStream(object.content, (int) from, (int) length), "", object.metadata);
        });
    }

    @Override
    public boolean create(String key, byte[] content, Optional<Lock> lock) throws IOException {
        ArchiveStore.plain(key);
        return call("create", () -> {
            if (objects.containsKey(key)) {
                return false;
            }
            put(key, content);
            return true;
        });
    }

    @Override
    public Upload upload(String key, StorageClass storageClass, Optional<Lock> lock) throws IOException {
        ArchiveStore.plain(key);
        return call("begin", () -> new Upload() {
            private final ByteArrayOutputStream content = new ByteArrayOutputStream();

            @Override
            public void write(byte[] bytes, int from, int length) {
                content.write(bytes, from, length);
            }

            @Override
            public Stored complete() throws IOException {
                return call("complete", () -> {
                    Stores object = new Stores(content.toByteArray(), storageClass, number++);
                    objects.put(key, object);
                    CRC32 crc = new CRC32();
                    crc.update(object.content);
                    return new Stored(object.etag, object.content.length, crc.getValue());
                });
            }

            @Override
            public void close() {}
        });
    }

    @Override
    public void copy(String from, String etag, String to) throws IOException {
        ArchiveStore.plain(from);
        ArchiveStore.plain(to);
        call("copy", () -> {
            Stores object = same(from, etag);
            objects.put(to, new Stores(object.content, object.storageClass, number++));
            return null;
        });
    }

    @Override
    public void delete(List<String> keys) throws IOException {
        if (keys.isEmpty()) {
            return;
        }
        for (String key : keys) {
            ArchiveStore.plain(key);
        }
        call("delete", () -> {
            keys.forEach(objects::remove);
            return null;
        });
    }

    @Override
    public Wakefulness wakefulness(String key) throws IOException {
        ArchiveStore.plain(key);
        return call("head", () -> there(key).wakefulness);
    }

    @Override
    public void restore(String key, RestoreTier tier, int days) throws IOException {
        ArchiveStore.plain(key);
        call("restore", () -> {
            Stores object = there(key);
            if (object.wakefulness == Wakefulness.ASLEEP) {
                object.wakefulness = Wakefulness.WAKING;
            }
            return null;
        });
    }

    private Stores there(String key) throws ChangedException {
        return Optional.ofNullable(objects.get(key)).orElseThrow(() -> new ChangedException(key));
    }
}
