package io.tributary.archive.restore;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.ArchiveStore.Wakefulness;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
import io.tributary.archive.cost.Prices;
import java.time.Duration;

/**
 * What a restore touches, takes and costs; adds up as parts are found.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html">Retrieval options</a>
 */
public final class Estimate {
    private static final double DAYS_OF_A_MONTH = 30.4;

    private final Prices prices;
    private final RestoreTier tier;
    private final int days;

    private int parts;
    private int unnamed;
    private int asleep;
    private long bytes;
    private long asleepBytes;
    private long wantedBytes;
    private long events;
    private double cost;
    private Duration longest = Duration.ZERO;

    Estimate(Prices prices, RestoreTier tier, int days) {
        this.prices = prices;
        this.tier = tier;
        this.days = days;
    }

    /** Adds a part as it is now. */
    void add(Selection selection, StorageClass storageClass, Wakefulness wakefulness) {
        parts++;
        unnamed += selection.isNamed() ? 0 : 1;
        bytes += selection.part().size();
        wantedBytes += selection.bytes();
        events += selection.events();
        if (wakefulness == Wakefulness.ASLEEP) {
            asleep++;
            double gigabytes = selection.part().size() / Prices.GB;
            asleepBytes += selection.part().size();
            Prices.Restore price = prices.of(storageClass).restore().get(tier);
            if (price != null) {
                cost += price.request()
                        + gigabytes * price.gb()
                        // the copy that can be read is one of Standard
                        + gigabytes * prices.of(StorageClass.STANDARD).gbMonth() * days / DAYS_OF_A_MONTH;
            }
        }
        if (wakefulness != Wakefulness.AWAKE) {
            Duration duration = duration(storageClass);
            longest = duration.compareTo(longest) > 0 ? duration : longest;
        }
        // reading what is wanted, as a replay does
        cost += selection.ranges().size() * prices.of(storageClass).read()
                + selection.bytes() / Prices.GB * prices.of(storageClass).retrievalGb();
    }

    /** How long it takes at most. */
    private Duration duration(StorageClass storageClass) {
        boolean isDeep = storageClass == StorageClass.DEEP_ARCHIVE;
        return switch (tier) {
            case EXPEDITED -> Duration.ofMinutes(5);
            case STANDARD -> Duration.ofHours(isDeep ? 12 : 5);
            case BULK -> Duration.ofHours(isDeep ? 48 : 12);
        };
    }

    /** How many objects have wanted events. */
    public int parts() {
        return parts;
    }

    /** How many of them have lost their manifests: all of them is read, and how many events they have is not known. */
    public int unnamed() {
        return unnamed;
    }

    /** How many of them have to be woken. */
    public int asleep() {
        return asleep;
    }

    /** The size of all of them. */
    public long bytes() {
        return bytes;
    }

    public long asleepBytes() {
        return asleepBytes;
    }

    /** How much of them will be read. */
    public long wantedBytes() {
        return wantedBytes;
    }

    /** How many events are in that: somewhat more than are wanted. */
    public long events() {
        return events;
    }

    /** How long S3 takes at most. */
    public Duration longest() {
        return longest;
    }

    /** What it costs to wake the objects, to keep their copies, and to read what is wanted. */
    public double cost() {
        return cost;
    }

    /** As it is answered to a request. */
    public ObjectNode toJson() {
        return new ObjectMapper()
                .createObjectNode()
                .put("parts", parts)
                .put("without_manifest", unnamed)
                .put("asleep", asleep)
                .put("bytes", bytes)
                .put("asleep_bytes", asleepBytes)
                .put("wanted_bytes", wantedBytes)
                .put("events", events)
                .put("minutes", longest.toMinutes())
                .put("cost", Math.round(cost * 10_000) / 10_000.0)
                .put("currency", prices.currency())
                .put("prices_of", prices.region() + " " + prices.date());
    }
}
