package io.tributary.archive.report;

import io.tributary.archive.StorageClass;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.report.Usage.Delivered;
import io.tributary.archive.report.Usage.Holding;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What storing it costs a month, and would cost otherwise.
 *
 * @param now all that the bucket holds
 * @param archiveNow what of that is compacted
 * @param archiveUncompacted the same events as the objects that were delivered, each moved to the class that their part is in now by
 *     a lifecycle rule, where S3 does that
 * @param transitionsUncompacted what those moves would have cost, once
 * @param archiveIn the compacted objects, if all of them were in one class
 */
public record Costs(
        double now,
        double archiveNow,
        double archiveUncompacted,
        double transitionsUncompacted,
        Map<StorageClass, Double> archiveIn) {
    public Costs {
        archiveIn = Map.copyOf(archiveIn);
    }

    /** Computes them. */
    public static Costs of(Usage usage, Prices prices) {
        List<Holding> archive = usage.holdings().stream()
                .filter(holding -> holding.place().equals("archive"))
                .toList();
        Map<StorageClass, Double> archiveIn = new EnumMap<>(StorageClass.class);
        for (StorageClass storageClass : StorageClass.values()) {
            archiveIn.put(
                    storageClass,
                    archive.stream()
                            .mapToDouble(holding -> prices.storage(storageClass, holding.objects(), holding.bytes()))
                            .sum());
        }
        StorageClass usual = usual(archive);
        Delivered delivered = usage.delivered();
        return new Costs(
                cost(usage.holdings(), prices),
                cost(archive, prices),
                prices.storage(StorageClass.STANDARD, delivered.small(), delivered.smallBytes())
                        + prices.storage(usual, delivered.large(), delivered.largeBytes()),
                delivered.large() * prices.of(usual).transition(),
                archiveIn);
    }

    private static double cost(List<Holding> holdings, Prices prices) {
        return holdings.stream()
                .mapToDouble(holding -> prices.storage(holding.storageClass(), holding.objects(), holding.bytes()))
                .sum();
    }

    /** The class that most of the archive is in. */
    private static StorageClass usual(List<Holding> archive) {
        Map<StorageClass, Long> bytes = new EnumMap<>(StorageClass.class);
        archive.forEach(holding -> bytes.merge(holding.storageClass(), holding.bytes(), Long::sum));
        return bytes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(StorageClass.STANDARD);
    }
}
