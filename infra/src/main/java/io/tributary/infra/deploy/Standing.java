package io.tributary.infra.deploy;

import io.tributary.infra.FixedName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What stands in an account before a deployment. */
interface Standing {
    /**
     * The physical ids of what a stack has.
     *
     * @return nothing if there is no such stack, or one whose creation failed, which the CDK takes away first
     */
    Set<String> resources(String region, String stack);

    /**
     * What has a name.
     *
     * @return its physical id, of an alias that of the key behind it; empty if there is nothing
     */
    Optional<String> find(String region, FixedName name);

    /** The name of the account-level subscription policy, of which CloudWatch Logs allows one an account and Region. */
    Optional<String> subscriptionPolicy(String region);

    /**
     * The names of a log group's subscription filters.
     *
     * @return empty if there is no such log group
     */
    Optional<List<String>> subscriptionFilters(String region, String logGroup);

    /** How many resource policies CloudWatch Logs has. */
    int logResourcePolicies(String region);
}
