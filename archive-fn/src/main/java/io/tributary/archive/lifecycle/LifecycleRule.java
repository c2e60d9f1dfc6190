package io.tributary.archive.lifecycle;

import io.tributary.archive.policy.ClassChange;
import java.util.List;

/**
 * A lifecycle rule of ours. Days are those after an object was made; 0 where a rule does not do that.
 *
 * @param id begins with {@link #OURS}
 * @param noncurrentDays when versions that were replaced or deleted go for good
 * @param abortDays when uploads that were not completed go
 * @param isForMarkers whether markers of deletions go when nothing is behind them
 */
public record LifecycleRule(
        String id,
        String prefix,
        List<ClassChange> transitions,
        int expireDays,
        int noncurrentDays,
        int abortDays,
        boolean isForMarkers) {
    /** What the ids of all our rules begin with; others are left alone. */
    public static final String OURS = "tributary-";

    public LifecycleRule {
        transitions = List.copyOf(transitions);
    }
}
