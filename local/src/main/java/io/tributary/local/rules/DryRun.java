package io.tributary.local.rules;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.alert.Alert;
import io.tributary.alert.AlertChannel;
import io.tributary.alert.AlertEngine;
import io.tributary.alert.AlertFailedException;
import io.tributary.alert.Allowance;
import io.tributary.alert.Event;
import io.tributary.alert.InMemoryAlertState;
import io.tributary.alert.Summary;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleSet;
import io.tributary.alert.rule.RuleStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The alert function's own engine over events of the past, in their own time; nobody is told. */
final class DryRun implements AlertChannel {
    private static final class Count {
        private long events;
        private long alerts;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
    }

    private final RuleSet rules;
    private final Map<String, Count> counts = new LinkedHashMap<>();
    private final List<Event> matched = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    DryRun(List<Rule> rules) {
        this.rules = RuleSet.of(rules);
        this.rules.rules().forEach(rule -> counts.put(rule.id(), new Count()));
    }

    /** Matches an event; only those that break a rule are remembered. */
    void add(Event event) {
        List<Rule> broken = rules.matching(event);
        for (Rule rule : broken) {
            Count count = counts.get(rule.id());
            Instant time = event.time(Instant.EPOCH);
            count.events++;
            count.first = time.isBefore(count.first) ? time : count.first;
            count.last = time.isAfter(count.last) ? time : count.last;
        }
        if (!broken.isEmpty()) {
            matched.add(event);
        }
    }

    /** Groups what was matched, in the order of time. */
    void finish() throws AlertFailedException {
        AlertEngine engine = new AlertEngine(
                rules, new InMemoryAlertState(), this, List.of(), Allowance.USUAL, () -> now, duration -> {});
        matched.sort(Comparator.comparing(event -> event.time(Instant.EPOCH)));
        for (Event event : matched) {
            now = event.time(Instant.EPOCH);
            engine.handle(event, "run", now.plus(Duration.ofMinutes(1)));
        }
    }

    @Override
    public String name() {
        return "count";
    }

    @Override
    public void send(Alert alert) {
        counts.get(alert.rule().id()).alerts++;
    }

    @Override
    public void send(Summary summary) {}

    void print(PrintWriter out, long events, long foreign) {
        List<Rule> broken = rules.rules().stream()
                .filter(rule -> counts.get(rule.id()).events > 0)
                .toList();
        int width = broken.stream().mapToInt(rule -> rule.id().length()).max().orElse(4);
        String format = "%-" + width + "s  %-13s  %8s  %7s  %-20s  %-20s%n";
        if (!broken.isEmpty()) {
            out.printf(Locale.ROOT, format, "rule", "severity", "events", "alerts", "first", "last");
        }
        for (Rule rule : broken) {
            Count count = counts.get(rule.id());
            out.printf(
                    Locale.ROOT,
                    format,
                    rule.id(),
                    rule.severity().caption() + (rule.status() == RuleStatus.STAGING ? "*" : ""),
                    String.format(Locale.ROOT, "%,d", count.events),
                    String.format(Locale.ROOT, "%,d", count.alerts),
                    count.first.truncatedTo(ChronoUnit.SECONDS),
                    count.last.truncatedTo(ChronoUnit.SECONDS));
        }
        out.printf(
                Locale.ROOT,
                "%s%,d events%s, %d of %d rules broken, %,d alerts%n",
                broken.isEmpty() ? "" : "\n",
                events,
                foreign > 0 ? String.format(Locale.ROOT, " (and %,d of other kinds, left out)", foreign) : "",
                broken.size(),
                rules.rules().size(),
                counts.values().stream().mapToLong(count -> count.alerts).sum());
        if (broken.stream().anyMatch(rule -> rule.status() == RuleStatus.STAGING)) {
            out.println("* staging: recorded, not sent");
        }
        out.flush();
    }

    /** A line a rule. */
    void printJson(PrintWriter out) {
        ObjectMapper json = new ObjectMapper();
        counts.forEach((id, count) -> out.println(json.createObjectNode()
                .put("rule", id)
                .put("events", count.events)
                .put("alerts", count.alerts)));
        out.flush();
    }
}
