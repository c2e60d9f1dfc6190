package io.tributary.archive;

import io.tributary.archive.compaction.ChainHeads;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Compactor.Keeping;
import io.tributary.archive.compaction.Manifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Objects as Firehose writes them: gzip members of documents. */
public final class EventObjects {
    private static final Pattern UID = Pattern.compile("\"metadata\":\\{\"uid\":\"([^\"]+)\"");

    private EventObjects() {}

    /** An archive of which nobody keeps heads. */
    public static Chains chains(ArchiveStore store) {
        return new Chains(store, ChainHeads.NONE, InstantSource.system());
    }

    /** Kept for a hundred years, from a day that is over. */
    public static Keeping keeping(StorageClass storageClass) {
        return new Keeping(
                storageClass,
                Optional.empty(),
                new Term(Instant.parse("2026-05-01T00:00:00Z"), Instant.parse("2126-05-01T00:00:00Z")));
    }

    /** The manifests of a partition with which nothing is wrong but what verification tells. */
    public static List<Manifest> manifests(ArchiveStore store, Partition partition) throws IOException {
        return manifests(chains(store), partition);
    }

    /** As above. */
    public static List<Manifest> manifests(Chains chains, Partition partition) throws IOException {
        List<Manifest> manifests = new ArrayList<>();
        chains.read(partition, new Chains.Visitor() {
            @Override
            public void manifest(Manifest manifest, String digest) {
                manifests.add(manifest);
            }

            @Override
            public void problem(Problem problem) {}
        });
        return manifests;
    }

    /** A document. */
    public static String document(String uid, String account, Instant time) {
        return ("{\"@timestamp\":\"%s\",\"time\":%d,\"class_uid\":6003,\"metadata\":{\"uid\":\"%s\"},"
                        + "\"cloud\":{\"provider\":\"AWS\",\"region\":\"eu-central-1\",\"account\":{\"uid\":\"%s\"}}}")
                .formatted(time, time.toEpochMilli(), uid, account);
    }

    /** A gzip member of documents. */
    public static byte[] member(String... documents) {
        return gzip((String.join("\n", documents) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public static String expanded(byte[] gzip) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The uids of documents, in order. */
    public static List<String> uids(String text) {
        List<String> uids = new ArrayList<>();
        Matcher matcher = UID.matcher(text);
        while (matcher.find()) {
            uids.add(matcher.group(1));
        }
        return uids;
    }
}
