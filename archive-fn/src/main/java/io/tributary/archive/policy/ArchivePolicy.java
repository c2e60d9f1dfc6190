package io.tributary.archive.policy;

import io.tributary.archive.Lock;
import io.tributary.archive.Partition;
import io.tributary.archive.StorageClass;
import io.tributary.archive.policy.SourcePolicy.ObjectLock;
import io.tributary.yaml.YamlException;
import io.tributary.yaml.YamlValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The archive's policy, {@code archive-policy.yaml}.
 *
 * @param sources for every source there is
 * @param trailFiles for CloudTrail's own files, which the trail delivers to a bucket of theirs; empty if they are left alone
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html">
 *     Lifecycle considerations</a>
 */
public record ArchivePolicy(
        Map<String, SourcePolicy> sources, LooseObjects raw, LooseObjects failed, Optional<SourcePolicy> trailFiles) {
    /**
     * Every source that the transform function knows. Each has lifecycle rules of its own: where rules of S3 overlap the
     * shortest expiry wins, so there can be none for "all others".
     */
    public static final List<String> SOURCES = List.of(
            "application",
            "cloudtrail",
            "eks-audit",
            "guardduty",
            "lambda",
            "rds",
            "route53-public",
            "route53-resolver",
            "tgw-flow-logs",
            "tributary-alerts",
            "vpc-flow-logs",
            "waf");

    private static final Pattern DURATION = Pattern.compile("(\\d{1,5})([dy])");
    private static final int LONGEST_DAYS = 100 * 366;
    private static final int IA_DAYS = 30;
    private static final int USUAL_RAW_DAYS = 30;
    private static final int USUAL_FAILED_DAYS = 90;

    public ArchivePolicy {
        sources = Map.copyOf(sources);
    }

    /** The policy of a partition; empty if it is not compacted. */
    public Optional<SourcePolicy> of(Partition partition) {
        return partition.isTrail() ? trailFiles : Optional.ofNullable(sources.get(partition.source()));
    }

    /** How long the parts of a partition are kept; empty if the policy says nothing of it. */
    public Optional<Duration> retention(Partition partition) {
        return of(partition).map(own -> Duration.ofDays(own.retentionDays()));
    }

    /**
     * Reads a policy.
     *
     * @throws YamlException if it is wrong, or S3 cannot do it: the message names file, line and S3's rule
     */
    public static ArchivePolicy parse(String file, String text) throws YamlException {
        YamlValue root = YamlValue.parse(file, text);
        root.members(List.of("version", "preset", "defaults", "sources", "raw", "failed", "trail files"));
        root.required("version").integer(1, 1);
        Optional<YamlValue> preset = root.member("preset");
        SourcePolicy base = (preset.isPresent() ? preset.get().constant(Preset.class) : Preset.MINIMAL).policy();
        Optional<YamlValue> defaults = root.member("defaults");
        if (defaults.isPresent()) {
            base = source(defaults.get(), base);
        }
        Map<String, SourcePolicy> sources = new LinkedHashMap<>();
        for (String source : SOURCES) {
            sources.put(source, base);
        }
        Optional<YamlValue> own = root.member("sources");
        if (own.isPresent()) {
            for (Map.Entry<String, YamlValue> each : own.get().members(SOURCES).entrySet()) {
                sources.put(each.getKey(), source(each.getValue(), base));
            }
        }
        Optional<YamlValue> trailFiles = root.member("trail files");
        return new ArchivePolicy(
                sources,
                loose(root.member("raw"), USUAL_RAW_DAYS),
                loose(root.member("failed"), USUAL_FAILED_DAYS),
                trailFiles.isPresent() ? Optional.of(source(trailFiles.get(), base)) : Optional.empty());
    }

    private static SourcePolicy source(YamlValue value, SourcePolicy base) throws YamlException {
        if (value.members().containsKey("accounts")) {
            throw value.members()
                    .get("accounts")
                    .error("the layout is not partitioned by account, and a lifecycle rule"
                            + " of S3 tells objects by their prefix: accounts cannot have policies of their own");
        }
        value.members(List.of("searchable", "classes", "retention", "object lock"));
        Optional<YamlValue> classes = value.member("classes");
        List<ClassChange> changes = classes.isPresent() ? classes(classes.get()) : base.classes();
        Optional<YamlValue> retention = value.member("retention");
        int days = retention.isPresent() ? days(retention.get()) : base.retentionDays();
        Optional<YamlValue> locked = value.member("object lock");
        Optional<ObjectLock> lock = locked.isPresent() ? Optional.of(lock(locked.get())) : base.lock();
        ClassChange last = changes.get(changes.size() - 1);
        YamlValue place = retention.orElse(classes.orElse(value));
        if (days < last.afterDays() + leastDays(last.storageClass())) {
            throw place.error("a retention of " + days + " days ends before the " + leastDays(last.storageClass())
                    + " days that S3 charges for " + name(last.storageClass()) + " at least, from day "
                    + last.afterDays());
        }
        if (lock.isPresent() && lock.get().days() > days) {
            throw locked.orElse(place)
                    .error("an object lock of " + lock.get().days() + " days outlasts the retention of " + days
                            + ": S3 deletes nothing that is locked");
        }
        Optional<YamlValue> searchable = value.member("searchable");
        return new SourcePolicy(
                searchable.isPresent() ? days(searchable.get()) : base.searchableDays(), changes, days, lock);
    }

    private static List<ClassChange> classes(YamlValue list) throws YamlException {
        List<ClassChange> changes = new ArrayList<>();
        for (YamlValue value : list.elements()) {
            ClassChange change = change(value);
            if (changes.isEmpty()) {
                if (change.afterDays() != 0) {
                    throw value.error("the first class is the one that compacted objects are written to: after 0d");
                }
            } else {
                ClassChange before = changes.get(changes.size() - 1);
                if (change.storageClass().compareTo(before.storageClass()) <= 0) {
                    throw value.error("S3 moves objects down only: " + name(change.storageClass())
                            + " does not come after " + name(before.storageClass()));
                }
                int least = Math.max(
                        before.afterDays() + leastDays(before.storageClass()),
                        change.storageClass() == StorageClass.STANDARD_IA ? IA_DAYS : 0);
                if (change.afterDays() < least) {
                    throw value.error("S3 moves objects from " + name(before.storageClass()) + " to "
                            + name(change.storageClass()) + " after " + least + " days at the earliest, not "
                            + change.afterDays());
                }
            }
            changes.add(change);
        }
        if (changes.isEmpty()) {
            throw list.error("a class at least is needed");
        }
        return changes;
    }

    private static ClassChange change(YamlValue value) throws YamlException {
        value.members(List.of("class", "after"));
        return new ClassChange(value.required("class").constant(StorageClass.class), days(value.required("after")));
    }

    private static ObjectLock lock(YamlValue value) throws YamlException {
        value.members(List.of("mode", "for"));
        return new ObjectLock(
                value.required("mode").constant(Lock.Mode.class), Math.max(1, days(value.required("for"))));
    }

    private static LooseObjects loose(Optional<YamlValue> value, int usual) throws YamlException {
        if (value.isEmpty()) {
            return new LooseObjects(usual, Optional.empty());
        }
        value.get().members(List.of("retention", "class"));
        int days = Math.max(1, days(value.get().required("retention")));
        Optional<YamlValue> changed = value.get().member("class");
        if (changed.isEmpty()) {
            return new LooseObjects(days, Optional.empty());
        }
        ClassChange change = change(changed.get());
        int least = change.storageClass() == StorageClass.STANDARD_IA ? IA_DAYS : 0;
        if (change.storageClass() == StorageClass.STANDARD || change.afterDays() < least) {
            throw changed.get()
                    .error("S3 moves objects from standard to " + name(change.storageClass()) + " after " + least
                            + " days at the earliest, and not to standard");
        }
        if (days < change.afterDays() + leastDays(change.storageClass())) {
            throw changed.get()
                    .error("a retention of " + days + " days ends before the " + leastDays(change.storageClass())
                            + " days that S3 charges for " + name(change.storageClass()) + " at least");
        }
        return new LooseObjects(days, Optional.of(change));
    }

    /** The days that S3 charges for at least. */
    private static int leastDays(StorageClass storageClass) {
        return switch (storageClass) {
            case STANDARD -> 0;
            case STANDARD_IA -> IA_DAYS;
            case GLACIER_IR, GLACIER -> 90;
            case DEEP_ARCHIVE -> 180;
        };
    }

    private static String name(StorageClass storageClass) {
        return storageClass.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int days(YamlValue value) throws YamlException {
        Matcher matcher = DURATION.matcher(value.text());
        if (matcher.matches()) {
            int amount = Integer.parseInt(matcher.group(1));
            // a year of 366 days is never too short
            long days = matcher.group(2).equals("y") ? amount * 366L : amount;
            if (days <= LONGEST_DAYS) {
                return (int) days;
            }
        }
        throw value.error("'" + value.text() + "' is no time such as 90d or 7y, of at most 100 years");
    }
}
