package io.tributary.archive.report;

import io.tributary.archive.Problem;
import io.tributary.archive.StorageClass;
import java.time.YearMonth;
import java.util.List;

/**
 * What a bucket holds.
 *
 * @param holdings objects by place, source, class and month
 * @param shares of accounts, by source and month, as far as manifests tell
 * @param delivered the archived objects as they were delivered, before they were joined
 * @param problems what is wrong with the archive, and so is not counted, or not with its events
 */
public record Usage(List<Holding> holdings, List<Share> shares, Delivered delivered, List<Problem> problems) {
    /**
     * Objects of one kind.
     *
     * @param place {@code archive}, {@code events}, {@code raw} or {@code failed}
     * @param source empty for raw and failed records
     * @param month of the events; of raw and failed records, when they came
     * @param events 0 where no manifest tells
     */
    public record Holding(
            String place,
            String source,
            StorageClass storageClass,
            YearMonth month,
            long objects,
            long bytes,
            long events) {}

    /** What an account has of the archive. */
    public record Share(
            String account, String source, StorageClass storageClass, YearMonth month, long bytes, long events) {}

    /**
     * What was joined.
     *
     * @param small how many objects had less than 128 KB, which S3 moves to no other class by itself
     * @param large how many had more
     */
    public record Delivered(long small, long smallBytes, long large, long largeBytes) {}

    public Usage {
        holdings = List.copyOf(holdings);
        shares = List.copyOf(shares);
        problems = List.copyOf(problems);
    }
}
