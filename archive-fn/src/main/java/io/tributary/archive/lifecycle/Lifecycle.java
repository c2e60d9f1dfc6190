package io.tributary.archive.lifecycle;

import io.tributary.archive.Partition;
import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.archive.policy.ClassChange;
import io.tributary.archive.policy.LooseObjects;
import io.tributary.archive.policy.SourcePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The rules that a policy wants. */
public final class Lifecycle {
    /** Of a bucket, those of others included. */
    public static final int MOST_RULES = 1_000;

    private static final int NONCURRENT_DAYS = 30;
    private static final int ABORT_DAYS = 7;
    private static final int REPLAYED_DAYS = 30;

    /**
     * How much longer a manifest is kept than its part. Rules count days from the making of each object, and S3 carries them out some time after
     * midnight: of the same days, a manifest might go before its part, which nobody could find any more.
     */
    private static final int MANIFEST_DAYS = 30;

    /** How much longer a head is kept than its manifest, which nobody would believe without it. */
    private static final int HEAD_DAYS = 30;

    private Lifecycle() {}

    /**
     * How many days the heads of chains have to be kept: longer than any manifest. Whoever makes their bucket gives it a rule of so many days,
     * since who looks after the archive may set no rule there.
     */
    public static int headDays(ArchivePolicy policy) {
        return Stream.concat(policy.sources().values().stream(), policy.trailFiles().stream())
                        .mapToInt(SourcePolicy::retentionDays)
                        .max()
                        .orElse(0)
                + MANIFEST_DAYS
                + HEAD_DAYS;
    }

    /** The rules of the bucket that CloudTrail delivers its files to; none if the policy leaves them alone. */
    public static List<LifecycleRule> ofTrail(ArchivePolicy policy) {
        return policy.trailFiles()
                .map(own -> List.of(
                        rule("archive-trail", Partition.ARCHIVE, transitions(own), own.retentionDays()),
                        leftovers(),
                        rule("manifests-trail", Partition.MANIFESTS, List.of(), own.retentionDays() + MANIFEST_DAYS),
                        // digest files, too, without which the others prove nothing
                        rule("trail", Partition.TRAIL_FILES, List.of(), lastDay(own))))
                .orElse(List.of());
    }

    /** The rules of the archive bucket, in the order of their ids. */
    public static List<LifecycleRule> of(ArchivePolicy policy) {
        List<LifecycleRule> rules = new ArrayList<>();
        new TreeMap<>(policy.sources())
                .forEach((source, own) -> rules.add(rule(
                        "archive-" + source,
                        Partition.ARCHIVE + "source=" + source + "/",
                        transitions(own),
                        own.retentionDays())));
        // what compaction should have taken long ago: a safety net, no way of deleting
        new TreeMap<>(policy.sources())
                .forEach((source, own) ->
                        rules.add(rule("events-" + source, "events/source=" + source + "/", List.of(), lastDay(own))));
        rules.add(rule(
                "failed", "failed/", changes(policy.failed()), policy.failed().retentionDays()));
        rules.add(leftovers());
        // they never sleep: what is in a part is read from its manifest
        new TreeMap<>(policy.sources())
                .forEach((source, own) -> rules.add(rule(
                        "manifests-" + source,
                        Partition.MANIFESTS + "source=" + source + "/",
                        List.of(),
                        own.retentionDays() + MANIFEST_DAYS)));
        rules.add(rule("raw", "raw/", changes(policy.raw()), policy.raw().retentionDays()));
        // what was replayed is archived already
        rules.add(rule("replayed", Partition.EVENTS + "source=" + Partition.REPLAYED + "/", List.of(), REPLAYED_DAYS));
        return rules;
    }

    private static LifecycleRule leftovers() {
        return new LifecycleRule(LifecycleRule.OURS + "leftovers", "", List.of(), 0, NONCURRENT_DAYS, ABORT_DAYS, true);
    }

    private static List<ClassChange> transitions(SourcePolicy policy) {
        return policy.classes().stream()
                .filter(change -> change.afterDays() > 0)
                .toList();
    }

    private static int lastDay(SourcePolicy policy) {
        return policy.searchableDays() + policy.retentionDays();
    }

    private static List<ClassChange> changes(LooseObjects objects) {
        return objects.change().map(List::of).orElse(List.of());
    }

    private static LifecycleRule rule(String id, String prefix, List<ClassChange> transitions, int expireDays) {
        return new LifecycleRule(LifecycleRule.OURS + id, prefix, transitions, expireDays, 0, 0, false);
    }
}
