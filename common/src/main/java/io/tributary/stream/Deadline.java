package io.tributary.stream;

/** How much time is left. */
@FunctionalInterface
public interface Deadline {
    /** Milliseconds until the invocation ends; not negative. */
    long remainingMillis();

    /** Leaves {@code reserve} milliseconds for what comes after. */
    default Deadline minus(long reserve) {
        return () -> Math.max(0, remainingMillis() - reserve);
    }
}
