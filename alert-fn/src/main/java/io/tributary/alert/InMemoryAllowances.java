package io.tributary.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What one process remembers of the hour's messages. Not for several threads at once. */
final class InMemoryAllowances {
    /** How many hours of rules and accounts are remembered; the oldest are forgotten. */
    private static final int MOST = 10_000;

    private static final class Hour {
        private final Set<String> messages = new HashSet<>();
        private final Set<String> groups = new HashSet<>();
        private final Set<String> examples = new TreeSet<>();
        private final Set<String> sent = new HashSet<>();
        private Subject subject = new Subject("", "", "");
        private Instant due = Instant.MAX;
        private Instant first = Instant.MIN;
        private Instant last = Instant.MIN;
        private int rank;
        private long heldBack;
        private long events;
    }

    private final Map<String, Hour> hours = new LinkedHashMap<>();

    boolean admit(Admission admission, Allowance allowance) {
        Hour hour = hours.computeIfAbsent(admission.key(), key -> new Hour());
        if (hours.size() > MOST) {
            hours.remove(hours.keySet().iterator().next());
        }
        String message = Fingerprint.of(admission.id());
        if (hour.messages.contains(message)
                || hour.messages.size() < allowance.messages()
                || hour.rank < admission.rank()) {
            hour.messages.add(message);
            hour.rank = admission.rank();
            return true;
        }
        hold(hour, admission);
        return false;
    }

    private static void hold(Hour hour, Admission admission) {
        hour.subject = admission.subject();
        hour.first = hour.heldBack == 0 ? admission.now() : hour.first;
        hour.last = admission.now();
        hour.due = hour.due.equals(Instant.MAX) ? admission.due() : hour.due;
        hour.heldBack++;
        hour.events += admission.events();
        if (hour.groups.size() < Admission.MOST_GROUPS
                && hour.groups.add(Fingerprint.of(admission.alertKey()))
                && hour.examples.size() < Admission.MOST_EXAMPLES
                && !admission.subject().group().isEmpty()) {
            hour.examples.add(admission.subject().group());
        }
    }

    void markSent(String key, String channel) {
        Hour hour = hours.get(key);
        if (hour != null) {
            hour.sent.add(channel);
        }
    }

    Stream<Map.Entry<String, Instant>> due(Instant now) {
        return hours.entrySet().stream()
                .filter(hour -> !hour.getValue().due.isAfter(now))
                .map(hour -> Map.entry(hour.getKey(), hour.getValue().due));
    }

    Optional<Untold> take(String key, Instant now, Duration lease) {
        Hour hour = hours.get(key);
        if (hour == null || hour.due.isAfter(now)) {
            return Optional.empty();
        }
        hour.due = now.plus(lease);
        return Optional.of(new Untold.HeldBack(
                key,
                hour.subject.ruleId(),
                hour.subject.account(),
                hour.heldBack,
                hour.events,
                hour.groups.size(),
                List.copyOf(hour.examples),
                hour.first,
                hour.last,
                hour.due,
                hour.sent));
    }

    void told(Untold.HeldBack heldBack) {
        Hour hour = hours.get(heldBack.key());
        if (hour != null && hour.heldBack == heldBack.messages() && hour.due.equals(heldBack.until())) {
            hour.due = Instant.MAX;
        }
    }
}
