package io.tributary.alert;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What nobody was told when it happened, and no further event may come to bring up: it is told by itself, once. */
public sealed interface Untold {
    /** Names the message about it: the same for whoever takes over the telling. */
    String id();

    /** The state's key. */
    String key();

    String ruleId();

    String account();

    /** When the first of it came. */
    Instant from();

    /** When the last of it came. */
    Instant to();

    /** Marks of channels that have the message. */
    Set<String> sent();

    /** The mark of a channel that has the message: not that of the alert before it. */
    default String mark(String channel) {
        return id() + " " + channel;
    }

    /**
     * Events of a kind that was told, in the quiet time after that.
     *
     * @param alertId the message that they repeat
     * @param events how many
     */
    record Repeats(
            String key,
            Subject subject,
            String alertId,
            int rank,
            long events,
            Instant from,
            Instant to,
            Set<String> sent)
            implements Untold {
        public Repeats {
            sent = Set.copyOf(sent);
        }

        @Override
        public String id() {
            return Fingerprint.of("closing " + alertId);
        }

        @Override
        public String ruleId() {
            return subject.ruleId();
        }

        @Override
        public String account() {
            return subject.account();
        }
    }

    /**
     * Messages of a rule about an account beyond its allowance.
     *
     * @param messages how many; after a crash one may be counted twice
     * @param events for how many they stood
     * @param groups of how many distinct groups, at most {@link Admission#MOST_GROUPS}
     * @param examples some of the groups, as they came
     * @param until when the right to tell it ends
     */
    record HeldBack(
            String key,
            String ruleId,
            String account,
            long messages,
            long events,
            int groups,
            List<String> examples,
            Instant from,
            Instant to,
            Instant until,
            Set<String> sent)
            implements Untold {
        public HeldBack {
            examples = List.copyOf(examples);
            sent = Set.copyOf(sent);
        }

        /** Another one when there is more to tell. */
        @Override
        public String id() {
            return Fingerprint.of("digest " + key + " " + messages);
        }
    }
}
