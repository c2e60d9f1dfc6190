package io.tributary.transform.logtype;

/**
 * Who delivered the events of one envelope. That is known of them whatever they say: what a line says of its account, Region and id is a claim
 * of whoever wrote it, and counts only where the origin {@linkplain #isTrusted is trusted}.
 *
 * @param kind how the events came
 * @param account the account that delivered them: the log group's owner, or the event's account on the event bus; empty if unknown
 * @param region the Region to assume for events that do not name theirs; empty if unknown
 * @param logGroup the log group's name; empty for events that came without CloudWatch Logs
 * @param logStream the log stream's name; empty for events that came without CloudWatch Logs
 * @param trustedAs the configured origin by which a log group's events may speak for other accounts; empty if they may not
 */
public record Origin(Kind kind, String account, String region, String logGroup, String logStream, String trustedAs) {
    /** Nothing is known. */
    static final Origin NONE = logGroup("", "", "", "", "");

    /** How events come. */
    public enum Kind {
        /** In an envelope of CloudWatch Logs: the log group's owner may have written them. */
        LOG_GROUP,
        /** Without an envelope, from a rule of the organization's event bus or from a function of this project: nobody else can write them. */
        EVENT_BUS,
        /** From a file: whoever hands it to the command line vouches for it. */
        FILE
    }

    /** Events of a log group, which speak for its owner, and for others if {@code trustedAs} says by what. */
    public static Origin logGroup(String owner, String region, String logGroup, String logStream, String trustedAs) {
        return new Origin(Kind.LOG_GROUP, owner, region, logGroup, logStream, trustedAs);
    }

    /** Events of the event bus. */
    public static Origin eventBus(String account, String region) {
        return new Origin(Kind.EVENT_BUS, account, region, "", "", "");
    }

    /** Events of a file, under the name of a log group. */
    public static Origin file(String account, String region, String logGroup, String logStream) {
        return new Origin(Kind.FILE, account, region, logGroup, logStream, "");
    }

    /** Whether its events may speak for other accounts: what they say of their account, Region and id is true. */
    public boolean isTrusted() {
        return kind != Kind.LOG_GROUP || !trustedAs.isEmpty();
    }
}
