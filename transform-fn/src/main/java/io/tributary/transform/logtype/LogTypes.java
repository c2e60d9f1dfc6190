package io.tributary.transform.logtype;

import java.util.List;

/**
 * Every log type, in the order in which their default log group patterns are tried and in which they are asked whether
 * they recognise an event. A list rather than a search of the class path: the order has meaning, and a native function
 * can list nothing at run time.
 */
public final class LogTypes {
    private LogTypes() {}

    /** New instances of all types, since each thread needs its own; the last takes what no other does. */
    public static List<LogType> create() {
        return List.of(
                // what comes without a log group
                new TributaryAlert(),
                // those whose groups have a prefix of AWS's own
                new WafLog(),
                new ResolverQuery(),
                new HostedZoneQuery(),
                new EksAudit(),
                new RdsLog(),
                new LambdaLog(),
                // those whose groups are named by whoever made them: a part of the name is all there is
                new GuardDutyFinding(),
                new CloudTrail(),
                new TransitGatewayFlowLog(),
                new VpcFlowLog(),
                new ApplicationLog());
    }
}
