package io.tributary.alert;

import io.tributary.alert.rule.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What one process remembers: for a desk, and for as long as the shared state cannot be asked. */
public final class InMemoryAlertState implements AlertState {
    /** How many alerts are remembered; the oldest are forgotten. */
    private static final int MOST_ALERTS = 10_000;

    private enum Phase {
        SENDING,
        SENT,
        SUMMARISING
    }

    private static final class Memory {
        private final Set<String> events = new HashSet<>();
        private final Set<String> sent = new HashSet<>();
        private Subject subject = new Subject("", "", "");
        private Phase phase = Phase.SENDING;
        private String alertId = "";
        private String owner = "";
        private Instant leaseEnd = Instant.MIN;
        private Instant quietEnd = Instant.MIN;
        private Instant due = Instant.MAX;
        private Instant first = Instant.MIN;
        private Instant last = Instant.MIN;
        private boolean isFollowUp;
        private int rank;
        private long silent;
        private long untold;
    }

    private final Map<String, Memory> alerts = new LinkedHashMap<>();
    private final InMemoryAllowances allowances = new InMemoryAllowances();
    /** When each event was delivered last; the keys least recently used first. */
    private final Map<String, Map<String, Instant>> counted = new LinkedHashMap<>(16, 0.75f, true);

    @Override
    public synchronized int count(String key, String eventUid, Instant now, Threshold threshold) {
        Map<String, Instant> times = counted.computeIfAbsent(key, any -> new HashMap<>());
        times.merge(Fingerprint.of(eventUid), now, InMemoryAlertState::later);
        if (times.size() > threshold.events()) {
            times.remove(Collections.min(times.entrySet(), Map.Entry.comparingByValue())
                    .getKey());
        }
        forgetOldest(counted);
        Instant oldest = now.minus(threshold.within());
        return (int)
                times.values().stream().filter(time -> time.isAfter(oldest)).count();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    @Override
    public synchronized boolean holds(String key, String owner) {
        Memory memory = alerts.get(key);
        return memory != null && memory.phase == Phase.SENDING && memory.owner.equals(owner);
    }

    @Override
    public synchronized Claim claim(Candidate candidate) {
        Memory memory = alerts.get(candidate.key());
        if (memory == null) {
            memory = new Memory();
            alerts.put(candidate.key(), memory);
            forgetOldest(alerts);
            return begin(memory, candidate);
        }
        if (memory.phase == Phase.SENDING) {
            if (!memory.owner.equals(candidate.owner()) && memory.leaseEnd.isAfter(candidate.now())) {
                return new Claim.Busy(memory.leaseEnd);
            }
            memory.owner = candidate.owner();
            memory.leaseEnd = candidate.now().plus(candidate.lease());
            return new Claim.Granted(memory.alertId, memory.sent, memory.untold, memory.isFollowUp);
        }
        String event = Fingerprint.of(candidate.eventUid());
        if (memory.events.contains(event)) {
            return new Claim.Silent(true);
        }
        if (memory.phase == Phase.SUMMARISING && memory.due.isAfter(candidate.now())) {
            return new Claim.Busy(memory.due);
        }
        if (memory.quietEnd.isAfter(candidate.now()) && candidate.rank() <= memory.rank) {
            memory.first = memory.silent == 0 ? candidate.now() : memory.first;
            memory.last = candidate.now();
            memory.due = memory.quietEnd.plus(GRACE);
            memory.silent++;
            memory.events.add(event);
            return new Claim.Silent(false);
        }
        memory.isFollowUp = true;
        return begin(memory, candidate);
    }

    private static Claim begin(Memory memory, Candidate candidate) {
        memory.alertId = AlertKey.messageId(candidate);
        memory.subject = candidate.subject();
        memory.phase = Phase.SENDING;
        memory.owner = candidate.owner();
        memory.leaseEnd = candidate.now().plus(candidate.lease());
        memory.rank = candidate.rank();
        memory.untold = memory.silent;
        memory.silent = 0;
        memory.due = Instant.MAX;
        memory.sent.clear();
        memory.events.clear();
        memory.events.add(Fingerprint.of(candidate.eventUid()));
        return new Claim.Granted(memory.alertId, Set.of(), memory.untold, memory.isFollowUp);
    }

    private static void forgetOldest(Map<String, ?> map) {
        if (map.size() > MOST_ALERTS) {
            map.remove(map.keySet().iterator().next());
        }
    }

    @Override
    public synchronized void markSent(String key, String channel) {
        Memory memory = alerts.get(key);
        if (memory != null) {
            memory.sent.add(channel);
        }
        allowances.markSent(key, channel);
    }

    @Override
    public synchronized void finish(String key, String owner, Instant quietUntil) {
        Memory memory = alerts.get(key);
        if (memory != null && memory.phase == Phase.SENDING && memory.owner.equals(owner)) {
            memory.phase = Phase.SENT;
            memory.quietEnd = quietUntil;
        }
    }

    @Override
    public synchronized boolean admit(Admission admission, Allowance allowance) {
        return allowances.admit(admission, allowance);
    }

    @Override
    public synchronized List<String> due(Instant now, int most) {
        Stream<Map.Entry<String, Instant>> repeated = alerts.entrySet().stream()
                .filter(alert -> !alert.getValue().due.isAfter(now))
                .map(alert -> Map.entry(alert.getKey(), alert.getValue().due));
        return Stream.concat(repeated, allowances.due(now))
                .sorted(Map.Entry.comparingByValue())
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public synchronized Optional<Untold> take(String key, Instant now, Duration lease) {
        if (Admission.isKey(key)) {
            return allowances.take(key, now, lease);
        }
        Memory memory = alerts.get(key);
        if (memory == null || memory.due.isAfter(now)) {
            return Optional.empty();
        }
        memory.phase = Phase.SUMMARISING;
        memory.due = now.plus(lease);
        return Optional.of(new Untold.Repeats(
                key,
                memory.subject,
                memory.alertId,
                memory.rank,
                memory.silent,
                memory.first,
                memory.last,
                memory.sent));
    }

    @Override
    public synchronized void told(Untold untold) {
        if (untold instanceof Untold.Repeats repeats) {
            Memory memory = alerts.get(repeats.key());
            if (memory != null && memory.phase == Phase.SUMMARISING && memory.alertId.equals(repeats.alertId())) {
                memory.phase = Phase.SENT;
                memory.due = Instant.MAX;
                memory.silent = 0;
            }
        } else if (untold instanceof Untold.HeldBack heldBack) {
            allowances.told(heldBack);
        }
    }
}
