package io.tributary.alert;

import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The channels that people read. Each gets a message once: one that fails does not keep the others from it, and when the whole
 * is repeated, only what failed is.
 */
final class Channels {
    private final List<Route> routes;
    private final AlertState state;

    Channels(List<Route> routes, AlertState state) {
        this.routes = List.copyOf(routes);
        this.state = state;
    }

    /** Those that take what a rule says of an account; none for a rule that only records. */
    List<AlertChannel> taking(Rule rule, String account) {
        return routes.stream()
                .filter(route -> rule.status() == RuleStatus.ACTIVE && route.takes(rule, account))
                .map(Route::channel)
                .distinct()
                .toList();
    }

    /**
     * Sends an alert.
     *
     * @param sent names of channels that have it
     */
    void send(Alert alert, List<AlertChannel> channels, Set<String> sent) throws AlertFailedException {
        List<String> failures = new ArrayList<>();
        for (AlertChannel channel : channels) {
            send(channel, alert.key(), channel.name(), sent, failures, to -> to.send(alert));
        }
        check(failures);
    }

    /** Whether one of the channels has a message of the mark that it leaves. */
    static boolean isBegun(List<AlertChannel> channels, Set<String> sent, UnaryOperator<String> mark) {
        return channels.stream().anyMatch(channel -> sent.contains(mark.apply(channel.name())));
    }

    /** Sends a summary. */
    void send(Summary summary, List<AlertChannel> channels) throws AlertFailedException {
        Untold untold = summary.untold();
        List<String> failures = new ArrayList<>();
        for (AlertChannel channel : channels) {
            send(channel, untold.key(), untold.mark(channel.name()), untold.sent(), failures, to -> to.send(summary));
        }
        check(failures);
    }

    private void send(
            AlertChannel channel,
            String key,
            String mark,
            Set<String> sent,
            List<String> failures,
            Consumer<AlertChannel> message) {
        if (sent.contains(mark)) {
            return;
        }
        try {
            message.accept(channel);
        } catch (RuntimeException e) {
            failures.add("channel " + channel.name() + ": " + e.getMessage());
            return;
        }
        state.markSent(key, mark);
    }

    private static void check(List<String> failures) throws AlertFailedException {
        if (!failures.isEmpty()) {
            throw new AlertFailedException(String.join("; ", failures));
        }
    }
}
