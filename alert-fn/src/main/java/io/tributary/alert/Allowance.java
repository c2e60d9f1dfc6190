package io.tributary.alert;

/**
 * How many messages of one rule about one account people get within an hour of the clock (UTC). The others are held back,
 * counted, and told in one digest when the hour is over.
 *
 * @param messages from 1 to {@link #MOST_MESSAGES}, because the state remembers each
 */
public record Allowance(int messages) {
    public static final int MOST_MESSAGES = 1_000;

    /** What is usual. */
    public static final Allowance USUAL = new Allowance(10);

    public Allowance {
        if (messages < 1 || messages > MOST_MESSAGES) {
            throw new IllegalArgumentException("an allowance is of 1 to " + MOST_MESSAGES + " messages an hour");
        }
    }
}
