package io.tributary.alert.rule;

import java.time.Duration;

/**
 * How many events of a group make an alert.
 *
 * @param events from 2 to {@link #MOST_EVENTS}, because the state remembers each
 * @param within the time between the first and the last of them
 */
public record Threshold(int events, Duration within) {
    public static final int MOST_EVENTS = 1_000;

    public Threshold {
        if (events < 2 || events > MOST_EVENTS) {
            throw new IllegalArgumentException("a threshold is of 2 to " + MOST_EVENTS + " events");
        }
    }
}
