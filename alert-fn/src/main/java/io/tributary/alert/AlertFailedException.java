package io.tributary.alert;

/** An alert could not be told; the platform is to repeat the event, and to keep it if that does not help. */
public final class AlertFailedException extends Exception {
    private final transient AlertMetrics metrics;

    AlertFailedException(String message) {
        this(message, AlertMetrics.ofEvent());
    }

    AlertFailedException(String message, AlertMetrics metrics) {
        super(message);
        this.metrics = metrics;
    }

    /** What happened all the same. */
    public AlertMetrics metrics() {
        return metrics;
    }
}
