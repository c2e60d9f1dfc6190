package io.tributary.alert;

import io.tributary.alert.rule.Rule;
import io.tributary.ocsf.Severity;
import java.util.Set;

/**
 * Which alerts a channel takes.
 *
 * @param leastSeverity alerts that are less severe are not for it
 * @param accounts account ids; empty for all
 * @param sources first parts of rule ids, such as {@code guardduty}; empty for all
 */
public record Route(AlertChannel channel, Severity leastSeverity, Set<String> accounts, Set<String> sources) {
    public Route {
        accounts = Set.copyOf(accounts);
        sources = Set.copyOf(sources);
    }

    boolean takes(Rule rule, String account) {
        return rule.severity().compareTo(leastSeverity) >= 0
                && (accounts.isEmpty() || accounts.contains(account))
                && (sources.isEmpty() || sources.contains(rule.source()));
    }
}
