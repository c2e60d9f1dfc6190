package io.tributary.alert;

/** What arrived is no event; repeating will not mend it. */
public final class UnreadableEventException extends Exception {
    public UnreadableEventException(String message) {
        super(message);
    }
}
