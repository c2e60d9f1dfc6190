package io.tributary.archive.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the rules of a bucket differ from those that are wanted.
 *
 * @param added rules that are not there
 * @param changed rules that are there otherwise: drift, or a new policy
 * @param removed rules of ours that are not wanted any more
 * @param foreign how many rules are not ours; they are kept
 */
public record Reconciliation(
        List<LifecycleRule> added, List<Change> changed, List<LifecycleRule> removed, int foreign) {
    /** A rule as it is, and as it should be. */
    public record Change(LifecycleRule is, LifecycleRule wanted) {}

    public Reconciliation {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    /**
     * Compares.
     *
     * @throws IllegalArgumentException if the bucket would have more rules than S3 takes
     */
    public static Reconciliation of(List<LifecycleRule> ours, int foreign, List<LifecycleRule> wanted) {
        if (wanted.size() + foreign > Lifecycle.MOST_RULES) {
            throw new IllegalArgumentException("the policy needs " + wanted.size()
                    + " lifecycle rules, and the bucket has " + foreign + " others: S3 takes " + Lifecycle.MOST_RULES);
        }
        Map<String, LifecycleRule> left = ours.stream()
                .collect(Collectors.toMap(LifecycleRule::id, Function.identity(), (one, other) -> one, TreeMap::new));
        List<LifecycleRule> added = new ArrayList<>();
        List<Change> changed = new ArrayList<>();
        for (LifecycleRule rule : wanted) {
            LifecycleRule is = left.remove(rule.id());
            if (is == null) {
                added.add(rule);
            } else if (!is.equals(rule)) {
                changed.add(new Change(is, rule));
            }
        }
        return new Reconciliation(added, changed, new ArrayList<>(left.values()), foreign);
    }

    /** Whether there is nothing to do. */
    public boolean isNothing() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /** The differences, a line each; none where there is nothing to do. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        added.forEach(rule -> lines.add("+ " + text(rule)));
        changed.forEach(change -> lines.add("~ " + text(change.is()) + "  ->  " + text(change.wanted())));
        removed.forEach(rule -> lines.add("- " + text(rule)));
        return lines;
    }

    private static String text(LifecycleRule rule) {
        StringBuilder text = new StringBuilder(rule.id())
                .append(" (")
                .append(rule.prefix().isEmpty() ? "all" : rule.prefix())
                .append("):");
        rule.transitions()
                .forEach(change -> text.append(" ")
                        .append(change.storageClass())
                        .append(" after ")
                        .append(change.afterDays())
                        .append("d,"));
        if (rule.expireDays() > 0) {
            text.append(" deleted after ").append(rule.expireDays()).append("d,");
        }
        if (rule.noncurrentDays() > 0) {
            text.append(" old versions deleted after ")
                    .append(rule.noncurrentDays())
                    .append("d,");
        }
        if (rule.abortDays() > 0) {
            text.append(" uploads ended after ").append(rule.abortDays()).append("d,");
        }
        if (rule.isForMarkers()) {
            text.append(" empty markers deleted,");
        }
        text.setLength(text.length() - 1);
        return text.toString();
    }
}
