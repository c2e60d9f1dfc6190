package io.tributary.archive.lifecycle;

import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.archive.policy.ClassChange;
import io.tributary.archive.policy.LooseObjects;
import io.tributary.archive.policy.SourcePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The rules that a policy wants. */
public final class Lifecycle {
    /** Of a bucket, those of others included. */
    public static final int MOST_RULES = 1_000;

    private static final int NONCURRENT_DAYS = 30;
    private static final int ABORT_DAYS = 7;

    private Lifecycle() {}

    /** The rules, in the order of their ids. */
    public static List<LifecycleRule> of(ArchivePolicy policy) {
        List<LifecycleRule> rules = new ArrayList<>();
        new TreeMap<>(policy.sources()).forEach((source, own) -> {
            List<ClassChange> transitions = own.classes().stream()
                    .filter(change -> change.afterDays() > 0)
                    .toList();
            rules.add(rule("archive-" + source, "archive/source=" + source + "/", transitions, own.retentionDays()));
        });
        // what compaction should have taken long ago: a safety net, no way of deleting
        new TreeMap<>(policy.sources())
                .forEach((source, own) ->
                        rules.add(rule("events-" + source, "events/source=" + source + "/", List.of(), lastDay(own))));
        rules.add(rule(
                "failed", "failed/", changes(policy.failed()), policy.failed().retentionDays()));
        rules.add(new LifecycleRule(
                LifecycleRule.OURS + "leftovers", "", List.of(), 0, NONCURRENT_DAYS, ABORT_DAYS, true));
        rules.add(rule("raw", "raw/", changes(policy.raw()), policy.raw().retentionDays()));
        return rules;
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
