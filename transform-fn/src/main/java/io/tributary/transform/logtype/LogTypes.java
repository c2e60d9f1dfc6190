package io.tributary.transform.logtype;

import java.util.List;

/**
 * Every log type, in the order in which their default log group patterns are tried and in which they are asked whether
 * they recognise an event. A list rather than a search of the class path: the order has meaning, and a native function
 * can list nothing at run time.
 */
public final class LogTypes {
    /** All types; the last takes what no other does. */
    public static final List<LogType> ALL =
            List.of(new CloudTrail(), new VpcFlowLog(), new LambdaLog(), new RdsLog(), new ApplicationLog());

    private LogTypes() {}
}
