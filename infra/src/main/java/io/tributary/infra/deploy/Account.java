package io.tributary.infra.deploy;

import java.util.List;

/** What is asked of AWS before and after a deployment. */
interface Account {
    /** The account's id. */
    String id(String region);

    /** Whether the CDK may deploy there. */
    boolean isBootstrapped(String region);

    /** Concurrent invocations of Lambda that are reserved for no function. */
    int unreservedConcurrency(String region);

    /** Whether the functions are there already, and have reserved theirs. */
    boolean hasFunctions(String region);

    /** Addresses that are to be told of alerts, and have not confirmed that they want it. */
    List<String> unconfirmed(String region);
}
