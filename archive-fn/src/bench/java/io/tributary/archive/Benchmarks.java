package io.tributary.archive;

import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.Upload;
import io.tributary.archive.aws.S3ArchiveStore;
import io.tributary.archive.aws.S3Mock;
import io.tributary.archive.compaction.ChainHeads;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.Compactor.Keeping;
import io.tributary.archive.compaction.Planner;
import io.tributary.archive.compaction.WorkItem;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Compaction beside a plain copy of the same bytes through the same client, in turn, against an S3 of this machine; in a process
 * with 128 MiB of heap.
 */
public final class Benchmarks {
    private static final int ROUNDS = 5;
    private static final byte[] BUFFER = new byte[256 << 10];

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("child")) {
            run("2,000 objects of 64 KB", 2_000, 64 << 10);
            run("16 objects of 16 MB", 16, 16 << 20);
            day();
            return;
        }
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Benchmarks.class.getName(),
                        "child")
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException("the benchmark ended with " + exit);
        }
    }

    private static void run(String what, int count, int size) throws IOException, InterruptedException {
        byte[] object = object(size);
        double[] copies = new double[ROUNDS];
        double[] compactions = new double[ROUNDS];
        try (S3Mock s3 = new S3Mock()) {
            for (int round = 0; round < ROUNDS; round++) {
                String bucket = s3.bucket();
                ArchiveStore store = new S3ArchiveStore(s3.client(), bucket, s3.executor());
                Partition partition = new Partition("cloudtrail", LocalDate.parse("2026-03-01"));
                for (int i = 0; i < count; i++) {
                    String key = partition.loose() + "o-%06d".formatted(i);
                    s3.client().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(object));
                }
                long start = System.nanoTime();
                copy(store, partition.loose(), "copy");
                copies[round] = (System.nanoTime() - start) / 1e9;
                start = System.nanoTime();
                compactor(store, s3.executor())
                        .compact(new WorkItem(partition, partition.loose(), partition.loose() + "~"));
                compactions[round] = (System.nanoTime() - start) / 1e9;
            }
        }
        Arrays.sort(copies);
        Arrays.sort(compactions);
        double megabytes = (double) count * object.length / 1e6;
        System.out.printf(
                "%s: plain copy %.0f MB/s, compaction with manifest and deletion %.0f MB/s, of the copy %.2f%n",
                what,
                megabytes / copies[ROUNDS / 2],
                megabytes / compactions[ROUNDS / 2],
                copies[ROUNDS / 2] / compactions[ROUNDS / 2]);
    }

    /** 20,000 objects of four sources, planned and compacted as the function does it, in a folder: S3Mock lists as many slowly. */
    private static void day() throws IOException {
        byte[] object = object(32 << 10);
        Path folder = Files.createTempDirectory("tributary");
        try {
            for (String source : List.of("cloudtrail", "vpc-flow-logs", "waf", "application")) {
                Path partition = Files.createDirectories(
                        folder.resolve(new Partition(source, LocalDate.parse("2026-03-01")).loose()));
                for (int i = 0; i < 5_000; i++) {
                    Files.write(partition.resolve("o-%06d".formatted(i)), object);
                }
            }
            ArchiveStore store = new FolderArchiveStore(folder);
            ExecutorService executor = Executors.newCachedThreadPool();
            long start = System.nanoTime();
            int parts = 0;
            long bytes = 0;
            for (Partition partition : Partition.all(store, Partition.EVENTS)) {
                List<WorkItem> items = new ArrayList<>();
                new Planner(store).plan(partition, "", items::add);
                for (WorkItem item : items) {
                    bytes += compactor(store, executor).compact(item).bytes();
                    parts++;
                }
            }
            executor.shutdownNow();
            System.out.printf(
                    "20,000 objects of %d KB: %d parts, %d MB in %.0f s%n",
                    object.length >> 10, parts, bytes / 1_000_000, (System.nanoTime() - start) / 1e9);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        System.out.printf(
                "peak heap of all runs, garbage included: %d MiB of %d%n",
                heap >> 20, Runtime.getRuntime().maxMemory() >> 20);
    }

    private static Compactor compactor(ArchiveStore store, ExecutorService executor) {
        return new Compactor(
                new Chains(store, ChainHeads.NONE, InstantSource.system()),
                new Keeping(StorageClass.STANDARD, Optional.empty(), new Term(Instant.EPOCH, Instant.MAX)),
                () -> UUID.randomUUID().toString(),
                executor);
    }

    /** Every object read and written into one, without looking at it. */
    private static void copy(ArchiveStore store, String prefix, String to) throws IOException {
        try (Upload upload = store.upload(to, StorageClass.STANDARD, Optional.empty())) {
            String after = "";
            for (List<Entry> page = store.list(prefix, after); !page.isEmpty(); page = store.list(prefix, after)) {
                for (Entry entry : page) {
                    after = entry.key();
                    try (InputStream in = store.open(entry.key(), entry.etag(), 0, entry.size())) {
                        for (int count = in.read(BUFFER); count >= 0; count = in.read(BUFFER)) {
                            upload.write(BUFFER, 0, count);
                        }
                    }
                }
            }
            upload.complete();
        }
    }

    /** Gzip members of documents, of about a size. */
    private static byte[] object(int size) throws IOException {
        Random random = new Random(42);
        ByteArrayOutputStream out = new ByteArrayOutputStream(size + (1 << 16));
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            words.add(Long.toHexString(random.nextLong()));
        }
        while (out.size() < size) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                for (int i = 0; i < 300; i++) {
                    String document =
                            "{\"@timestamp\":\"2026-03-01T08:00:00.000Z\",\"time\":%d,\"class_uid\":6003,\"metadata\":{\"uid\":\"%s\"},\"cloud\":{\"provider\":\"AWS\",\"region\":\"eu-central-1\",\"account\":{\"uid\":\"123456789012\"}},\"api\":{\"operation\":\"%s\"},\"unmapped\":{\"a\":\"%s\",\"b\":\"%s\"}}\n"
                                    .formatted(
                                            1_772_352_000_000L + i,
                                            new UUID(random.nextLong(), random.nextLong()),
                                            words.get(random.nextInt(500)),
                                            words.get(random.nextInt(500)),
                                            words.get(random.nextInt(500)));
                    gzip.write(document.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return out.toByteArray();
    }
}
