package io.tributary.alert;

import io.tributary.alert.AlertState.Candidate;
import io.tributary.alert.AlertState.Claim;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleSet;
import io.tributary.alert.rule.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides for each event which rules it breaks and what of that is news, and tells it on every channel. A channel that fails
 * does not keep the others from it; then the whole is an error, and when the event comes again only what failed is repeated.
 */
public final class AlertEngine {
    /** Longer than all channels take; who has crashed is waited for so long. */
    static final Duration LEASE = Duration.ofSeconds(20);

    /** Marks a message that nobody gets, as if it were a channel's name. */
    static final String HELD_BACK = "held back";

    private static final Duration POLL = Duration.ofMillis(100);

    /** Sleeps. */
    public interface Sleeper {
        void sleep(Duration duration) throws InterruptedException;
    }

    private final RuleSet rules;
    private final AlertState state;
    private final AlertChannel recorder;
    private final Channels channels;
    private final Allowance allowance;
    private final Summariser summariser;
    private final InstantSource clock;
    private final Sleeper sleeper;

    /**
     * Puts an engine together.
     *
     * @param recorder takes every alert, also those of staging rules
     * @param routes the channels that people read
     * @param allowance how many messages of a rule about an account they get within an hour
     */
    public AlertEngine(
            RuleSet rules,
            AlertState state,
            AlertChannel recorder,
            List<Route> routes,
            Allowance allowance,
            InstantSource clock,
            Sleeper sleeper) {
        this.rules = rules;
        this.state = state;
        this.recorder = recorder;
        this.channels = new Channels(routes, state);
        this.allowance = allowance;
        this.summariser = new Summariser(rules, state, channels, allowance, clock);
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /**
     * Handles an event.
     *
     * @param owner the invocation; the same when it is repeated
     * @param end when the caller's time is over
     * @throws AlertFailedException if an alert could not be told on every channel
     */
    public AlertMetrics handle(Event event, String owner, Instant end) throws AlertFailedException {
        AlertMetrics metrics = AlertMetrics.ofEvent();
        List<String> failures = new ArrayList<>();
        for (Rule rule : rules.matching(event)) {
            metrics.of(rule).matched++;
            try {
                handle(rule, event, owner, end, metrics.of(rule));
            } catch (AlertFailedException e) {
                metrics.of(rule).failed++;
                failures.add("rule " + rule.id() + ": " + e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            throw new AlertFailedException(String.join("; ", failures), metrics);
        }
        return metrics;
    }

    /**
     * Tells what was not told when it happened, and what no further event brought up.
     *
     * @param end when the caller's time is over; what there is no time for is told the next time
     * @throws AlertFailedException if something could not be told on every channel; it is told the next time
     */
    public AlertMetrics summarise(Instant end) throws AlertFailedException {
        return summariser.summarise(end);
    }

    private void handle(Rule rule, Event event, String owner, Instant end, AlertMetrics.Counts counts)
            throws AlertFailedException {
        String key = AlertKey.of(rule, event);
        int events = 1;
        if (rule.threshold().isPresent()) {
            Threshold threshold = rule.threshold().get();
            events = state.count("count/" + key, event.uid(), clock.instant(), threshold);
            if (events < threshold.events() && !state.holds(key, owner)) {
                counts.counted++;
                return;
            }
            events = threshold.events();
        }
        Claim claim = claim(rule, event, key, owner, end);
        if (claim instanceof Claim.Granted granted) {
            List<AlertChannel> telling = channels.taking(rule, event.account());
            Alert alert = new Alert(
                    granted.alertId(),
                    key,
                    rule,
                    event,
                    granted.repeats(),
                    granted.isFollowUp(),
                    events,
                    !telling.isEmpty() && isHeldBack(rule, event, key, events, granted, telling),
                    clock.instant());
            tell(alert, alert.isHeldBack() ? List.of() : telling, granted.sent());
            state.finish(key, owner, clock.instant().plus(rule.quietFor()));
            if (alert.isHeldBack()) {
                counts.heldBack++;
                return;
            }
            counts.sent++;
            counts.publishMillis = Math.max(
                    counts.publishMillis,
                    Duration.between(event.time(alert.now()), clock.instant()).toMillis());
        } else {
            counts.silent++;
        }
    }

    /** Waits for others that are about to say the same: if they crash, it is this caller's turn. */
    private Claim claim(Rule rule, Event event, String key, String owner, Instant end) throws AlertFailedException {
        while (true) {
            Instant now = clock.instant();
            Claim claim = state.claim(
                    new Candidate(key, Subject.of(rule, event), event.uid(), rank(rule, event), owner, now, LEASE));
            if (!(claim instanceof Claim.Busy busy)) {
                return claim;
            }
            if (!now.plus(POLL).isBefore(end)) {
                throw new AlertFailedException("another invocation holds the alert until " + busy.until());
            }
            try {
                sleeper.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AlertFailedException("interrupted");
            }
        }
    }

    /** A finding's own severity, in tenths, so that its rise is noticed; else the rule's. */
    private static int rank(Rule rule, Event event) {
        return event.isFinding()
                ? (int) Math.max(
                        0,
                        Math.min(100, Math.round(event.detail().path("severity").asDouble() * 10)))
                : rule.severity().id();
    }

    /** Once held back, a message remains so; once it is with somebody, all get it. */
    private boolean isHeldBack(
            Rule rule, Event event, String key, int events, Claim.Granted granted, List<AlertChannel> telling) {
        if (Channels.isBegun(telling, granted.sent(), channel -> channel)) {
            return false;
        }
        if (granted.sent().contains(HELD_BACK)) {
            return true;
        }
        boolean isHeldBack = !state.admit(
                new Admission(
                        Subject.of(rule, event),
                        key,
                        granted.alertId(),
                        rank(rule, event),
                        events + granted.repeats(),
                        clock.instant()),
                allowance);
        if (isHeldBack) {
            state.markSent(key, HELD_BACK);
        }
        return isHeldBack;
    }

    private void tell(Alert alert, List<AlertChannel> telling, Set<String> sent) throws AlertFailedException {
        List<AlertChannel> all = new ArrayList<>(telling);
        all.add(recorder);
        channels.send(alert, all, sent);
    }
}
