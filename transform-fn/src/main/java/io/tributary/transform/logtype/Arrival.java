package io.tributary.transform.logtype;

import io.tributary.ocsf.DeliveryWindow;

/**
 * When the events of one envelope came. Times are epoch milliseconds.
 *
 * @param delivered when their record was put on the log stream; if it was put back since, when that was done first
 * @param processed when they are transformed
 */
public record Arrival(long delivered, long processed) {
    /**
     * The time by which an event is stored and found: its own, unless it is so far from its delivery that nobody would look there.
     *
     * @param time what the event says
     */
    long clamp(Origin origin, long time) {
        // a file is delivered when its events happened, as far as anybody knows
        return origin.kind() == Origin.Kind.FILE ? time : DeliveryWindow.clamp(time, delivered);
    }

    /** Whether the time at which a document is made tells near enough when its event was delivered. */
    boolean isTold(long timestamp) {
        return DeliveryWindow.clampProcessed(timestamp, processed) == timestamp;
    }
}
