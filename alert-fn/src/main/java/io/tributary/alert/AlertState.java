package io.tributary.alert;

import io.tributary.alert.rule.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * What was said already, shared by all invocations. An alert goes through it in this order: {@link #claim}, then for each
 * channel the message and {@link #markSent}, then {@link #finish}. Whoever stops in between leaves a claim that others may
 * take over when its lease has ended.
 */
public interface AlertState {
    /** The answer to a claim. */
    sealed interface Claim {
        /**
         * The message is the caller's to send.
         *
         * @param alertId names this message, also when another caller takes over
         * @param sent channels on which it was sent before
         * @param repeats events since the message before, which were not told
         * @param isFollowUp whether there was a message before
         */
        record Granted(String alertId, Set<String> sent, long repeats, boolean isFollowUp) implements Claim {
            public Granted {
                sent = Set.copyOf(sent);
            }
        }

        /**
         * It was said, and is not to be said again yet.
         *
         * @param isDuplicate whether it is the very same event
         */
        record Silent(boolean isDuplicate) implements Claim {}

        /** Another caller is about to say it, until a time at the latest. */
        record Busy(Instant until) implements Claim {}
    }

    /**
     * Who wants to say what.
     *
     * @param key the alert's
     * @param eventUid tells the event from all others
     * @param rank how bad it is; a higher rank than the last message's is said at once
     * @param owner the caller; the same after a crash
     * @param lease how long others wait for the caller
     */
    record Candidate(String key, String eventUid, int rank, String owner, Instant now, Duration lease) {}

    /**
     * Counts an event of a group, once however often it is delivered.
     *
     * @return how many events of the group there were within the threshold's time
     * @throws StateUnavailableException if it cannot tell
     */
    int count(String key, String eventUid, Instant now, Threshold threshold);

    /**
     * Asks for the right to say something.
     *
     * @throws StateUnavailableException if it cannot tell
     */
    Claim claim(Candidate candidate);

    /** Remembers that a channel has the message. */
    void markSent(String key, String channel);

    /** Remembers that all channels have the message; repeats are silent until {@code quietUntil}. */
    void finish(String key, String owner, Instant quietUntil);
}
