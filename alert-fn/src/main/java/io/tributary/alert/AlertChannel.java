package io.tributary.alert;

/** A way to tell people. */
public interface AlertChannel {
    /** Its name in the settings, in the state of alerts and in messages about failures. */
    String name();

    /**
     * Sends an alert. It returns when the message is accepted.
     *
     * @throws RuntimeException if it is not accepted, after what repetition makes sense
     */
    void send(Alert alert);

    /**
     * Sends a summary of what was not told when it happened.
     *
     * @throws RuntimeException if it is not accepted, after what repetition makes sense
     */
    void send(Summary summary);
}
