package io.tributary.alert;

import io.tributary.alert.rule.Threshold;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What one process remembers: for a desk, and for as long as the shared state cannot be asked. */
public final class InMemoryAlertState implements AlertState {
    /** How many alerts are remembered; the oldest are forgotten. */
    private static final int MOST_ALERTS = 10_000;

    private static final class Memory {
        private final Set<String> events = new HashSet<>();
        private final Set<String> sent = new HashSet<>();
        private String alertId = "";
        private String owner = "";
        private Instant leaseEnd = Instant.MIN;
        private Instant quietEnd = Instant.MIN;
        private boolean isSending;
        private boolean isFollowUp;
        private int rank;
        private long silent;
        private long untold;
    }

    private final Map<String, Memory> alerts = new LinkedHashMap<>();
    private final Map<String, Map<String, Instant>> counted = new HashMap<>();

    @Override
    public synchronized int count(String key, String eventUid, Instant now, Threshold threshold) {
        Map<String, Instant> events = counted.computeIfAbsent(key, any -> new LinkedHashMap<>());
        events.values().removeIf(time -> !time.isAfter(now.minus(threshold.within())));
        if (events.size() < threshold.events()) {
            events.putIfAbsent(eventUid, now);
        }
        forgetOldest(counted);
        return events.size();
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
        if (memory.isSending) {
            if (!memory.owner.equals(candidate.owner()) && memory.leaseEnd.isAfter(candidate.now())) {
                return new Claim.Busy(memory.leaseEnd);
            }
            memory.owner = candidate.owner();
            memory.leaseEnd = candidate.now().plus(candidate.lease());
            return new Claim.Granted(memory.alertId, memory.sent, memory.untold, memory.isFollowUp);
        }
        if (memory.events.contains(candidate.eventUid())) {
            return new Claim.Silent(true);
        }
        if (memory.quietEnd.isAfter(candidate.now()) && candidate.rank() <= memory.rank) {
            memory.silent++;
            memory.events.add(candidate.eventUid());
            return new Claim.Silent(false);
        }
        memory.isFollowUp = true;
        return begin(memory, candidate);
    }

    private static Claim begin(Memory memory, Candidate candidate) {
        memory.alertId = AlertKey.messageId(candidate);
        memory.isSending = true;
        memory.owner = candidate.owner();
        memory.leaseEnd = candidate.now().plus(candidate.lease());
        memory.rank = candidate.rank();
        memory.untold = memory.silent;
        memory.silent = 0;
        memory.sent.clear();
        memory.events.clear();
        memory.events.add(candidate.eventUid());
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
    }

    @Override
    public synchronized void finish(String key, String owner, Instant quietUntil) {
        Memory memory = alerts.get(key);
        if (memory != null && memory.isSending && memory.owner.equals(owner)) {
            memory.isSending = false;
            memory.quietEnd = quietUntil;
        }
    }
}
