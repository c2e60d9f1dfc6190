package io.tributary.alert;

import io.tributary.alert.rule.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was said already, shared by all invocations. An alert goes through it in this order: {@link #claim}, then for each
 * channel the message and {@link #markSent}, then {@link #finish}. Whoever stops in between leaves a claim that others may
 * take over when its lease has ended.
 *
 * <p>What stays untold is due at some time: {@link #due}, then for each {@link #take}, for each channel the message and
 * {@link #markSent}, then {@link #told}. Whoever stops in between leaves it due again when the lease has ended.
 */
public interface AlertState {
    /** How long after a quiet time an event may bring up its repeats itself, before they are told in a message of their own. */
    Duration GRACE = Duration.ofMinutes(1);

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
     * @param subject what the key stands for
     * @param eventUid tells the event from all others
     * @param rank how bad it is; a higher rank than the last message's is said at once
     * @param owner the caller; the same after a crash
     * @param lease how long others wait for the caller
     */
    record Candidate(
            String key, Subject subject, String eventUid, int rank, String owner, Instant now, Duration lease) {}

    /**
     * Counts the distinct events of a group that were delivered within the threshold's time, this one included. It remembers
     * the newest {@link Threshold#events} of them, and when each was delivered last: so many and no more are asked for.
     *
     * @return how many there were, at most {@link Threshold#events}; whatever the order and repetition of deliveries
     * @throws StateUnavailableException if it cannot tell
     */
    int count(String key, String eventUid, Instant now, Threshold threshold);

    /**
     * Whether the caller began a message and has not finished it: after a failure it goes on, though fewer events than before
     * are within the threshold's time by then.
     *
     * @throws StateUnavailableException if it cannot tell
     */
    boolean holds(String key, String owner);

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

    /**
     * Asks whether a message may be told within the allowance of its rule and account. What may not is counted, and due when the
     * hour is over. A message that may is the same one however often it is asked for.
     *
     * @throws StateUnavailableException if it cannot tell
     */
    boolean admit(Admission admission, Allowance allowance);

    /**
     * Keys of what is to be told by now, those that are due longest first; some may have been taken just before.
     *
     * @param most how many at about most
     * @throws StateUnavailableException if it cannot tell
     */
    List<String> due(Instant now, int most);

    /**
     * Asks for the right to tell what is due.
     *
     * @param lease how long nobody else gets it
     * @return nothing if another caller has it, or an event has brought it up meanwhile
     * @throws StateUnavailableException if it cannot tell
     */
    Optional<Untold> take(String key, Instant now, Duration lease);

    /** Remembers that it was told. */
    void told(Untold untold);
}
