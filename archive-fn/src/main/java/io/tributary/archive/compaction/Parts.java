package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import io.tributary.archive.StorageClass;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Finds out what is in a part whose manifest is lost, by looking through all of it. */
public final class Parts {
    private static final int BUFFER = 256 << 10;

    private Parts() {}

    /**
     * A manifest for a part, with the part as its only source: where its members are, and of which accounts and times.
     *
     * @throws MalformedObjectException if it is not made of whole gzip members of documents
     * @throws IOException if it cannot be read
     */
    public static Manifest inspect(ArchiveStore store, Partition partition, int sequence, Entry entry)
            throws IOException, MalformedObjectException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = store.open(entry.key(), entry.etag(), 0, entry.size());
                Inspection inspection = new Inspection(partition)) {
            long left = entry.size();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                inspection.pass(buffer, count);
                left -= count;
            }
            if (left > 0) {
                throw new EOFException(entry.key() + ": S3 sent less than it has");
            }
            inspection.finish();
            Manifest.Source source = inspection.source(entry, "", 0);
            return new Manifest(
                    partition, sequence, "", Optional.empty(), Optional.empty(), part(entry), List.of(source));
        }
    }

    /** What is known of a part without its manifest. */
    public static Manifest.Part part(Entry entry) {
        StorageClass storageClass = entry.storageClass();
        return new Manifest.Part(entry.key(), entry.etag(), storageClass, entry.size(), "", 0, 0);
    }
}
