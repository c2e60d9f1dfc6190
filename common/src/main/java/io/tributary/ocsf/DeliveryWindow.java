package io.tributary.ocsf;

import java.time.Duration;

/**
 * How far an event's time may be from its delivery to be believed. Whoever writes a log line writes its time, too; what is outside the window may not
 * decide where the event is stored or found. The window is what CloudWatch Logs itself accepts.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html">PutLogEvents</a>
 */
public final class DeliveryWindow {
    /** How long before its delivery an event may have been. */
    public static final Duration BEFORE = Duration.ofDays(14);

    /** How long after its delivery an event may claim to be: clocks differ. */
    public static final Duration AFTER = Duration.ofHours(2);

    /** How long a record may have waited between its delivery and its transformation. */
    public static final Duration WAITING = Duration.ofDays(16);

    private static final long BEFORE_MILLIS = BEFORE.toMillis();
    private static final long AFTER_MILLIS = AFTER.toMillis();
    private static final long WAITING_MILLIS = WAITING.toMillis();

    private DeliveryWindow() {}

    /**
     * The time that an event is found by: its own where it is within the window, else that of its delivery.
     *
     * @param time of the event, epoch milliseconds
     * @param delivered when it was delivered, epoch milliseconds
     */
    public static long clamp(long time, long delivered) {
        return delivered - time <= BEFORE_MILLIS && time - delivered <= AFTER_MILLIS ? time : delivered;
    }

    /**
     * The same of a document, which tells when it was made: how long its record had waited then is not known.
     *
     * @param time by which the document was to be found, epoch milliseconds
     * @param processed when it was made, epoch milliseconds
     */
    public static long clampProcessed(long time, long processed) {
        return processed - time <= BEFORE_MILLIS + WAITING_MILLIS && time - processed <= AFTER_MILLIS
                ? time
                : processed;
    }
}
