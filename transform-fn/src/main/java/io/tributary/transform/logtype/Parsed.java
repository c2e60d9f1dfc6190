package io.tributary.transform.logtype;

/** What became of one log event: bad data is a value, not an exception. */
public sealed interface Parsed {
    /** A document was written. */
    record Event() implements Parsed {}

    Parsed WRITTEN = new Event();

    /**
     * The event is not of the form its type demands; what was written of it is thrown away, and it is kept as a Base
     * Event with this reason.
     *
     * @param reason what is wrong, without any of the event's content
     */
    record Rejected(String reason) implements Parsed {}
}
