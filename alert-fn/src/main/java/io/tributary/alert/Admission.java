package io.tributary.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A message that is to be told, if its rule and account still have an allowance.
 *
 * @param subject what it is about
 * @param alertKey of the alert: messages of one key are of one group
 * @param id the message's
 * @param rank how bad it is; what is worse than the last message of the rule and account is told anyhow
 * @param events for how many it stands
 * @param now when it is to be told
 */
public record Admission(Subject subject, String alertKey, String id, int rank, long events, Instant now) {
    /** Distinct groups that are counted; of more it is only known that there are more. */
    public static final int MOST_GROUPS = 200;

    /** Groups that are named in the digest. */
    public static final int MOST_EXAMPLES = 5;

    /** What keys of allowances begin with, and no rule's id does. */
    private static final String PREFIX = "allowance:";

    /** The state's key: each rule has its own for each account, and each hour. */
    public String key() {
        return PREFIX + subject.ruleId() + "#" + subject.account() + "#" + hour();
    }

    public static boolean isKey(String key) {
        return key.startsWith(PREFIX);
    }

    private Instant hour() {
        return now.truncatedTo(ChronoUnit.HOURS);
    }

    /** When what was held back is told: after the hour, when nobody whose clock is late adds to it. */
    public Instant due() {
        return hour().plus(Duration.ofHours(1)).plus(AlertState.GRACE);
    }
}
