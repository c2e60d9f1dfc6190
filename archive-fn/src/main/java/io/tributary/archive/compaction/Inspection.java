package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Manifest.Member;
import io.tributary.archive.compaction.Manifest.Source;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionException;

/** All that a manifest says of an object, gathered as its bytes pass. */
final class Inspection implements AutoCloseable {
    private final EventReader reader;
    private final GzipScanner scanner;
    private final MessageDigest stored = Digests.sha256();

    Inspection(Partition partition) {
        reader = partition.isTrail() ? new TrailRecords(partition) : new Documents();
        scanner = new GzipScanner(reader);
    }

    /** @throws MalformedObjectException if these bytes do not belong to whole gzip members */
    void pass(byte[] bytes, int length) throws MalformedObjectException {
        scanner.scan(bytes, 0, length);
        stored.update(bytes, 0, length);
    }

    /** @throws MalformedObjectException if the object is not whole */
    void finish() throws MalformedObjectException {
        scanner.finish();
    }

    /** The object as a part's source. */
    Source source(Entry entry, String version, long offset) {
        List<Member> members = scanner.members().stream()
                .map(member -> new Member(
                        member.account(), member.region(), offset + member.offset(), member.length(), member.events()))
                .toList();
        return new Source(
                entry.key(),
                entry.etag(),
                version,
                offset,
                entry.size(),
                HexFormat.of().formatHex(stored.digest()),
                scanner.sha256Expanded(),
                scanner.events(),
                reader.firstTime(),
                reader.lastTime(),
                members);
    }

    /** As {@link #pass}, for a {@link java.util.concurrent.CompletableFuture}. */
    void passUnchecked(byte[] bytes, int length) {
        try {
            pass(bytes, length);
        } catch (MalformedObjectException e) {
            close();
            throw new CompletionException(e);
        }
    }

    /** As {@link #finish} and {@link #source}. */
    Source finishUnchecked(Entry entry, String version, long offset) {
        try (this) {
            finish();
            return source(entry, version, offset);
        } catch (MalformedObjectException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void close() {
        scanner.close();
    }
}
