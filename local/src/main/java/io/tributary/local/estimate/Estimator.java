package io.tributary.local.estimate;

import io.tributary.archive.StorageClass;
import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.archive.policy.ClassChange;
import io.tributary.archive.policy.SourcePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a deployment needs and costs, once it has run for as long as it keeps everything. */
final class Estimator {
    private static final double DAYS = 365.0 / 12;
    private static final double HOURS = DAYS * 24;
    private static final double SECONDS_A_DAY = 86_400;
    private static final double THOUSAND = 1_000;
    private static final double MILLION = 1e6;

    /** A stream has to take the busiest minute of a day, not its mean. */
    private static final double PEAK = 3;

    private static final double SHARD_MB_SECOND = 1;
    private static final double SHARD_RECORDS_SECOND = 1_000;

    /** Subscriptions send what has gathered in a log group: a record of some tens of kilobytes. */
    private static final double RECORD_BYTES = 32_000;

    /** Firehose charges every record as a multiple of it. */
    private static final double FIREHOSE_STEP = 5_000;

    /** Of an object that Firehose writes; what is smaller is written after five minutes. */
    private static final double OBJECT_MB = 64;

    /** The transform function's, with compression, on its 1,769 MB: between flow logs' 68 and CloudTrail's 116. */
    private static final double TRANSFORM_MB_SECOND = 75;

    private static final double TRANSFORM_GB = 1_769 / 1_024.0;
    private static final double CALL_MB = 1;

    /** A copy in another zone, and room for merges and for the operating system. */
    private static final double INDEX_OVERHEAD = 2 * 1.1 / 0.8;

    /** The codec best_compression on documents, most members of which repeat. */
    private static final double INDEX_RATIO = 0.45;

    /** What one r7g.large.search can index, and hold. */
    private static final double NODE_DOCUMENTS_SECOND = 6_000;

    private static final double NODE_GB = 1_500;

    /** What one unit of OpenSearch Ingestion reads. */
    private static final double INGESTION_MB_SECOND = 4;

    /** What one unit of Serverless indexes, and keeps at hand. */
    private static final double SERVERLESS_DOCUMENTS_SECOND = 5_000;

    private static final double SERVERLESS_GB = 120;

    private final ServicePrices prices;
    private final List<Volume> volumes;
    private final int accounts;
    private final int retentionDays;
    private final ArchivePolicy policy;

    /**
     * An estimator.
     *
     * @param retentionDays of the log stream
     */
    Estimator(ServicePrices prices, List<Volume> volumes, int accounts, int retentionDays, ArchivePolicy policy) {
        this.prices = prices;
        this.volumes = List.copyOf(volumes);
        this.accounts = accounts;
        this.retentionDays = retentionDays;
        this.policy = policy;
    }

    /**
     * An item of the bill.
     *
     * @param what it is made of
     * @param amount a month, in the prices' currency
     */
    record Item(String service, String what, double amount) {}

    /** The ways to a search engine. */
    enum Index {
        DOMAIN,
        INGESTION,
        SERVERLESS,
        NONE
    }

    double eventsDay() {
        return volumes.stream().mapToDouble(Volume::eventsDay).sum();
    }

    double sentGbDay() {
        return volumes.stream().mapToDouble(Volume::sentGbDay).sum();
    }

    private double archivedGbDay() {
        return volumes.stream().mapToDouble(Volume::archivedGbDay).sum();
    }

    /** Shards that a provisioned stream needs. */
    int shards() {
        double megabytes = sentGbDay() * THOUSAND / SECONDS_A_DAY * PEAK;
        double records = sentGbDay() * 1e9 / RECORD_BYTES / SECONDS_A_DAY * PEAK;
        return (int) Math.max(1, Math.ceil(Math.max(megabytes / SHARD_MB_SECOND, records / SHARD_RECORDS_SECOND)));
    }

    /** Data nodes of the type r7g.large.search that a domain needs; no fewer than two. */
    int nodes() {
        double writing = eventsDay() / SECONDS_A_DAY * PEAK * 2 / NODE_DOCUMENTS_SECOND;
        return (int) Math.max(2, Math.ceil(Math.max(writing, indexedGb() / NODE_GB)));
    }

    /** What a domain stores, with its copies. */
    private double indexedGb() {
        return volumes.stream()
                        .mapToDouble(volume -> volume.documentGbDay() * searchableDays(volume))
                        .sum()
                * INDEX_RATIO
                * INDEX_OVERHEAD;
    }

    private int searchableDays(Volume volume) {
        return policyOf(volume).searchableDays();
    }

    private SourcePolicy policyOf(Volume volume) {
        SourcePolicy own = policy.sources().get(volume.kind().source());
        if (own == null) {
            throw new IllegalStateException("no policy of " + volume.kind());
        }
        return own;
    }

    /** The bill, whatever search engine there is. */
    List<Item> items() {
        List<Item> items = new ArrayList<>();
        double written = volumes.stream().mapToDouble(Volume::gbDay).sum() * DAYS;
        items.add(new Item(
                "CloudWatch Logs",
                "ingestion in the accounts, which logs cost without a pipeline, too",
                written * prices.of("cloudwatch.ingested_gb")));
        items.add(stream());
        double sent = sentGbDay() * DAYS;
        double objects = archivedGbDay() * DAYS * THOUSAND / OBJECT_MB;
        items.add(new Item(
                "Firehose",
                "the archive stream, partitioned",
                sent * prices.of("firehose.in_gb")
                        + archivedGbDay() * DAYS * prices.of("firehose.partitioned_gb")
                        + objects / THOUSAND * prices.of("firehose.partitioned_objects_1000")));
        double calls = sent * THOUSAND / CALL_MB;
        items.add(new Item(
                "Lambda",
                "the transform function; the others are cents",
                written * THOUSAND / TRANSFORM_MB_SECOND * TRANSFORM_GB * prices.of("lambda.gb_second")
                        + calls / MILLION * prices.of("lambda.requests_million")));
        items.add(archive(objects));
        items.add(new Item(
                "CloudWatch, KMS, EventBridge",
                "metrics and alarms, keys, forwarded events",
                (60 + accounts) * prices.of("cloudwatch.alarm_month")
                        + (220 + accounts) * prices.of("cloudwatch.metric_month")
                        + prices.of("kms.key_month")
                        + calls * 3 / 10_000 * prices.of("kms.requests_10000")
                        + accounts * 0.05 * prices.of("eventbridge.events_million")));
        return items;
    }

    private Item stream() {
        double sent = sentGbDay() * DAYS;
        double kept = sentGbDay() * Math.max(0, retentionDays - 1);
        double onDemand = HOURS * prices.of("kinesis.on_demand_hour")
                + sent * prices.of("kinesis.on_demand_in_gb")
                // transformed, and as it came
                + 2 * sent * prices.of("kinesis.on_demand_out_gb")
                + kept * prices.of("kinesis.on_demand_kept_gb_month");
        double units = sent * 1e9 / RECORD_BYTES * Math.ceil(RECORD_BYTES / 25_000);
        double provisioned = shards()
                        * HOURS
                        * (prices.of("kinesis.shard_hour")
                                + (retentionDays > 1 ? prices.of("kinesis.shard_kept_hour") : 0))
                + units / MILLION * prices.of("kinesis.put_units_million");
        return onDemand <= provisioned
                ? new Item(
                        "Kinesis",
                        String.format(Locale.ROOT, "on demand (%d shards: %.2f)", shards(), provisioned),
                        onDemand)
                : new Item(
                        "Kinesis",
                        String.format(Locale.ROOT, "%d shards (on demand: %.2f)", shards(), onDemand),
                        provisioned);
    }

    /** What has been kept when the first of it is deleted. */
    private Item archive(double objects) {
        double amount = objects * 2 * prices.archive().of(StorageClass.STANDARD).write();
        double gb = 0;
        for (Volume volume : volumes) {
            SourcePolicy own = policyOf(volume);
            double raw = volume.sentGbDay() * policy.raw().retentionDays();
            double loose = volume.archivedGbDay() * own.searchableDays();
            amount += (raw + loose) * prices.archive().of(StorageClass.STANDARD).gbMonth();
            List<ClassChange> classes = own.classes();
            for (int i = 0; i < classes.size(); i++) {
                int until = i + 1 < classes.size() ? classes.get(i + 1).afterDays() : own.retentionDays();
                double kept = volume.archivedGbDay() * (until - classes.get(i).afterDays());
                amount += kept
                        * prices.archive().of(classes.get(i).storageClass()).gbMonth();
                gb += kept;
            }
        }
        return new Item(
                "S3",
                String.format(Locale.ROOT, "%,.0f GB in the archive at its fullest, and what is new", gb),
                amount);
    }

    /** What a way to a search engine costs beside. */
    Item index(Index index) {
        double documents = eventsDay() * DAYS;
        double documentsSecond = eventsDay() / SECONDS_A_DAY * PEAK;
        double reading =
                Math.max(1, Math.ceil(archivedGbDay() * THOUSAND / SECONDS_A_DAY * PEAK * 8 / INGESTION_MB_SECOND));
        double domain = nodes() * HOURS * prices.of("opensearch.r7g.large.search_hour")
                + 3 * HOURS * prices.of("opensearch.m7g.medium.search_hour")
                + indexedGb() * prices.of("opensearch.gp3_gb_month");
        return switch (index) {
            case DOMAIN -> {
                double step = volumes.stream()
                        .mapToDouble(volume -> volume.eventsDay()
                                * DAYS
                                * Math.ceil(
                                        volume.documentGbDay() * 1e9 / Math.max(1, volume.eventsDay()) / FIREHOSE_STEP)
                                * FIREHOSE_STEP)
                        .sum();
                double firehose = step / 1e9 * prices.of("firehose.in_gb");
                yield new Item(
                        "domain",
                        String.format(
                                Locale.ROOT,
                                "%d nodes r7g.large, %,.0f GB; Firehose %.2f for 5 KB a document",
                                nodes(),
                                indexedGb(),
                                firehose),
                        domain + firehose);
            }
            case INGESTION ->
                new Item(
                        "ingestion",
                        String.format(Locale.ROOT, "the same domain; %.0f units of OpenSearch Ingestion", reading),
                        domain + reading * HOURS * prices.of("opensearch.ingestion_ocu_hour"));
            case SERVERLESS -> {
                double stored = indexedGb() / INDEX_OVERHEAD;
                double units = Math.max(2, Math.ceil(documentsSecond / SERVERLESS_DOCUMENTS_SECOND))
                        + Math.max(2, Math.ceil(stored / SERVERLESS_GB / 4));
                yield new Item(
                        "serverless",
                        String.format(
                                Locale.ROOT,
                                "%.0f units, %,.0f GB; %.0f units of OpenSearch Ingestion",
                                units,
                                stored,
                                reading),
                        units * HOURS * prices.of("opensearch.serverless_ocu_hour")
                                + stored * prices.of("opensearch.serverless_gb_month")
                                + reading * HOURS * prices.of("opensearch.ingestion_ocu_hour"));
            }
            case NONE ->
                new Item(
                        "none",
                        String.format(
                                Locale.ROOT, "%,.0f million events a month with Athena alone", documents / MILLION),
                        0);
        };
    }
}
