package io.tributary.transform.logtype;

/**
 * Where the events of one envelope come from.
 *
 * @param account the account that owns the log group
 * @param region the Region to assume for events that do not name theirs; empty if unknown
 * @param logGroup the log group's name; empty for events that came without CloudWatch Logs
 * @param logStream the log stream's name; empty for events that came without CloudWatch Logs
 */
public record Origin(String account, String region, String logGroup, String logStream) {
    static final Origin NONE = new Origin("", "", "", "");
}
