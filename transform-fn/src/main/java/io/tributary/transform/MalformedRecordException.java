package io.tributary.transform;

/** A record is not of the form that CloudWatch Logs or EventBridge gives it; the message has none of its content. */
final class MalformedRecordException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedRecordException(String message) {
        // bad data is expected, so the stack is not worth its cost
        super(message, null, false, false);
    }
}
