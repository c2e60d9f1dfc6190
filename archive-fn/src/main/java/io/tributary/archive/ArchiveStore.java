package io.tributary.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The archive bucket, as far as the core needs S3. Every method may throw {@link IOException}: the caller is repeated. */
public interface ArchiveStore {
    /** How many objects a page of a listing has at most. */
    int PAGE = 1_000;

    /**
     * An object.
     *
     * @param etag changes with its content
     */
    record Entry(String key, String etag, long size, Instant modified, StorageClass storageClass) {}

    /**
     * What S3 has stored.
     *
     * @param crc32 S3's own checksum of the whole object
     */
    record Stored(String etag, long size, long crc32) {}

    /**
     * Whether a key leads where it says: without {@code .}, {@code ..} and empty segments before the last, which folders, and servers of HTTP, take
     * for other places. Keys stand in manifests and jobs, which others may have written.
     */
    static boolean isPlain(String key) {
        String[] segments = key.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean isNothing = segments[i].isEmpty() && (i < segments.length - 1 || i == 0);
            if (isNothing || segments[i].equals(".") || segments[i].equals("..")) {
                return false;
            }
        }
        return key.indexOf('\0') < 0;
    }

    /** Refuses a key that is not {@linkplain #isPlain plain}. */
    static String plain(String key) throws RefusedException {
        if (!isPlain(key)) {
            throw new RefusedException("'" + Problem.printable(key) + "' is no key of an archive", null);
        }
        return key;
    }

    /** Whether an object can be read. */
    enum Wakefulness {
        /** It can. */
        AWAKE,
        /** It is being restored. */
        WAKING,
        /** It is in a Glacier class, and nobody has asked for it. */
        ASLEEP
    }

    /** The object is gone, or is not the one that was listed. */
    final class ChangedException extends IOException {
        private static final long serialVersionUID = 1;

        public ChangedException(String key) {
            super(key + " was changed or deleted meanwhile");
        }
    }

    /**
     * The object may not be read, for want of a permission, of a key, because it is asleep, or because its key leads elsewhere: repeating does not
     * help.
     */
    final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        /** @param cause null if there is none */
        public RefusedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Bytes of an object. */
    final class Content extends FilterInputStream {
        private static final int BUFFER = 64 << 10;

        private final String version;
        private final Map<String, String> metadata;

        public Content(InputStream in, String version, Map<String, String> metadata) {
            super(in);
            this.version = version;
            this.metadata = Map.copyOf(metadata);
        }

        /** The object's version id; empty where the bucket has none. */
        public String version() {
            return version;
        }

        /** The bytes decompressed, of all gzip members; closing it closes this. */
        public InputStream expanded() throws IOException {
            // GZIPInputStream looks for a further member only where bytes are available, and those of a network may be
            // late
            return new GZIPInputStream(
                    new FilterInputStream(this) {
                        @Override
                        public int available() {
                            return 1;
                        }
                    },
                    BUFFER);
        }

        /** The object's own metadata, without {@code x-amz-meta-}. */
        public Map<String, String> metadata() {
            return metadata;
        }
    }

    /** An object in the making, in parts; nobody sees it before it is complete. Closing takes back what is not. */
    interface Upload extends AutoCloseable {
        void write(byte[] bytes, int from, int length) throws IOException;

        /** Makes the object. S3 refuses content that does not have the checksum that was computed here. */
        Stored complete() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** The objects of a prefix, all at once: for prefixes that are known to have thousands at most. */
    default List<Entry> all(String prefix) throws IOException {
        List<Entry> entries = new ArrayList<>();
        String after = "";
        for (List<Entry> page = list(prefix, after); !page.isEmpty(); page = list(prefix, after)) {
            entries.addAll(page);
            after = page.get(page.size() - 1).key();
        }
        return entries;
    }

    /** Reads a small object. */
    default byte[] read(Entry entry) throws IOException {
        try (InputStream in = open(entry.key(), entry.etag(), 0, entry.size())) {
            return in.readAllBytes();
        }
    }

    /** The next page of objects whose keys begin with {@code prefix} and come after {@code after}, in the order of keys. */
    List<Entry> list(String prefix, String after) throws IOException;

    /** The object of a key. */
    Optional<Entry> find(String key) throws IOException;

    /**
     * Opens a range of an object.
     *
     * @param etag the content that is expected
     * @throws ChangedException if it is not that, or gone
     * @throws RefusedException if it may not be read
     */
    Content open(String key, String etag, long from, long length) throws IOException;

    /**
     * Makes a small object, if there is none of the key.
     *
     * @return whether it was made; if not, another was faster
     */
    boolean create(String key, byte[] content, Optional<Lock> lock) throws IOException;

    /** As above, for an object that anybody may delete. */
    default boolean create(String key, byte[] content) throws IOException {
        return create(key, content, Optional.empty());
    }

    /** Begins an object of any size. */
    Upload upload(String key, StorageClass storageClass, Optional<Lock> lock) throws IOException;

    /** Copies an object, replacing what is there. */
    void copy(String from, String etag, String to) throws IOException;

    /** Deletes objects; those that are not there are no error. */
    void delete(List<String> keys) throws IOException;

    /**
     * Whether an object can be read.
     *
     * @throws ChangedException if it is gone
     */
    Wakefulness wakefulness(String key) throws IOException;

    /**
     * Asks for a copy of a sleeping object that can be read for some days; one that is asked for already stays so for longer.
     *
     * @throws ChangedException if it is gone
     */
    void restore(String key, RestoreTier tier, int days) throws IOException;
}
