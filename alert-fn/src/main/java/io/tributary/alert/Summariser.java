package io.tributary.alert;

import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleSet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what no event brought up: each is taken by one caller at a time, and due again if that caller stops. */
final class Summariser {
    private static final int BATCH = 100;

    private final RuleSet rules;
    private final AlertState state;
    private final Channels channels;
    private final Allowance allowance;
    private final InstantSource clock;

    Summariser(RuleSet rules, AlertState state, Channels channels, Allowance allowance, InstantSource clock) {
        this.rules = rules;
        this.state = state;
        this.channels = channels;
        this.allowance = allowance;
        this.clock = clock;
    }

    /**
     * Tells what is due; what there is no time for is told the next time.
     *
     * @param end when the caller's time is over
     * @throws AlertFailedException if something could not be told on every channel; it stays due
     */
    AlertMetrics summarise(Instant end) throws AlertFailedException {
        AlertMetrics metrics = AlertMetrics.ofSummaries();
        List<String> failures = new ArrayList<>();
        boolean isMore = true;
        while (isMore) {
            isMore = false;
            for (String key : state.due(clock.instant(), BATCH)) {
                Instant now = clock.instant();
                if (!now.plus(AlertEngine.LEASE).isBefore(end)) {
                    isMore = false;
                    break;
                }
                Optional<Untold> untold = state.take(key, now, AlertEngine.LEASE);
                if (untold.isPresent()) {
                    isMore = true;
                    tell(untold.get(), metrics, failures);
                }
            }
        }
        if (!failures.isEmpty()) {
            throw new AlertFailedException(String.join("; ", failures), metrics);
        }
        return metrics;
    }

    private void tell(Untold untold, AlertMetrics metrics, List<String> failures) {
        Optional<Rule> rule = rules.rule(untold.ruleId());
        List<AlertChannel> taking =
                rule.map(known -> channels.taking(known, untold.account())).orElse(List.of());
        if (!taking.isEmpty() && untold instanceof Untold.Repeats repeats && isHeldBack(repeats, taking)) {
            metrics.of(rule.get()).heldBack++;
        } else if (!taking.isEmpty()) {
            try {
                channels.send(new Summary(rule.get(), untold), taking);
                metrics.of(rule.get()).summarised++;
            } catch (AlertFailedException e) {
                metrics.of(rule.get()).failed++;
                failures.add("summary of rule " + untold.ruleId() + ": " + e.getMessage());
                return;
            }
        }
        state.told(untold);
    }

    /** A summary of repeats is a message as others are; a digest is none of them, there is one an hour. */
    private boolean isHeldBack(Untold.Repeats repeats, List<AlertChannel> taking) {
        if (Channels.isBegun(taking, repeats.sent(), repeats::mark)) {
            return false;
        }
        String heldBack = repeats.mark(AlertEngine.HELD_BACK);
        if (repeats.sent().contains(heldBack)) {
            return true;
        }
        Admission admission = new Admission(
                repeats.subject(), repeats.key(), repeats.id(), repeats.rank(), repeats.events(), clock.instant());
        boolean isHeldBack = !state.admit(admission, allowance);
        if (isHeldBack) {
            state.markSent(repeats.key(), heldBack);
        }
        return isHeldBack;
    }
}
