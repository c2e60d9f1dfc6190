package io.tributary.archive.restore;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Upload;
import io.tributary.archive.EventObjects;
import io.tributary.archive.Partition;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.SameThread;
import io.tributary.archive.compaction.WorkItem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An archive of two sources on three days. Each day and source is a part of four objects, one every six hours; an object has two gzip
 * members, of two accounts, with two events each.
 */
public final class Archive {
    public static final LocalDate FIRST_DAY = LocalDate.parse("2026-03-01");
    public static final int DAYS = 3;
    public static final List<String> SOURCES = List.of("cloudtrail", "waf");
    public static final List<String> ACCOUNTS = List.of("123456789012", "210987654321");

    private Archive() {}

    /** Fills a store. */
    public static void fill(ArchiveStore store, StorageClass storageClass) throws IOException {
        fill(EventObjects.chains(store), storageClass);
    }

    /** Fills an archive. */
    public static void fill(Chains chains, StorageClass storageClass) throws IOException {
        ArchiveStore store = chains.store();
        for (String source : SOURCES) {
            for (int day = 0; day < DAYS; day++) {
                Partition partition = new Partition(source, FIRST_DAY.plusDays(day));
                for (int hour = 0; hour < 24; hour += 6) {
                    put(store, partition.loose() + "o-%02d".formatted(hour), object(source, day, hour));
                }
                new Compactor(
                                chains,
                                EventObjects.keeping(storageClass),
                                () -> UUID.randomUUID().toString(),
                                new SameThread())
                        .compact(new WorkItem(partition, partition.loose(), partition.loose() + "~"));
            }
        }
    }

    private static byte[] object(String source, int day, int hour) {
        byte[][] members = new byte[ACCOUNTS.size()][];
        for (int i = 0; i < members.length; i++) {
            Instant time = time(day, hour);
            members[i] = EventObjects.member(
                    EventObjects.document(uid(source, day, hour, i, 0), ACCOUNTS.get(i), time),
                    EventObjects.document(
                            uid(source, day, hour, i, 1), ACCOUNTS.get(i), time.plus(Duration.ofMinutes(30))));
        }
        return EventObjects.joined(members);
    }

    static Instant time(int day, int hour) {
        return FIRST_DAY.plusDays(day).atTime(hour, 0).toInstant(ZoneOffset.UTC);
    }

    /** The uid of an event. */
    public static String uid(String source, int day, int hour, int account, int index) {
        return "%s-%d-%02d-%d-%d".formatted(source, day, hour, account, index);
    }

    private static void put(ArchiveStore store, String key, byte[] content) throws IOException {
        try (Upload upload = store.upload(key, StorageClass.STANDARD, Optional.empty())) {
            upload.write(content, 0, content.length);
            upload.complete();
        }
    }
}
