package io.tributary.local.pipeline;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What can be made to go wrong while everything runs. */
public enum Fault {
    /** Kinesis refuses every second record. */
    KINESIS_THROTTLES("the log stream refuses every second record"),
    /** Firehose refuses every second record. */
    FIREHOSE_THROTTLES("the index stream refuses every second record"),
    /** Nobody answers at OpenSearch. */
    SEARCH_DOWN("OpenSearch takes no documents"),
    /** S3 answers SlowDown. */
    S3_SLOW_DOWN("S3 answers SlowDown to every third request"),
    /** SNS fails. */
    SNS_DOWN("SNS takes no messages"),
    /** Every batch of documents is delivered twice. */
    DUPLICATES("every batch of documents is delivered twice"),
    /** Every third invocation of the transform function fails. */
    TRANSFORM_FAILS("every third invocation of the transform function fails"),
    /** Half a second more for each delivery. */
    SLOW("every delivery takes half a second longer");

    private final String description;

    Fault(String description) {
        this.description = description;
    }

    public String description() {
        return description;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The faults that are on. */
    public static final class Switches {
        private final Set<Fault> on = Collections.synchronizedSet(EnumSet.noneOf(Fault.class));

        public boolean has(Fault fault) {
            return on.contains(fault);
        }

        public void set(Fault fault, boolean isOn) {
            if (isOn) {
                on.add(fault);
            } else {
                on.remove(fault);
            }
        }
    }
}
