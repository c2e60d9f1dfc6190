package io.tributary.infra.deploy;

import io.tributary.infra.FixedName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An account in which a test has put things. */
final class FakeStanding implements Standing {
    /** Physical ids by Region and name. */
    final Map<String, String> found = new HashMap<>();

    /** What stacks have, by Region and stack. */
    final Map<String, Set<String>> stacks = new HashMap<>();

    /** Names of account-level subscription policies, by Region. */
    final Map<String, String> policies = new HashMap<>();

    /** Filters of log groups, by Region and name. */
    final Map<String, List<String>> filters = new HashMap<>();

    /** What was asked for, by Region and name. */
    final Set<String> asked = new HashSet<>();

    int logResourcePolicies;
    Optional<RuntimeException> refusal = Optional.empty();

    private static String key(String region, String name) {
        return region + " " + name;
    }

    void put(String region, String name, String id) {
        found.put(key(region, name), id);
    }

    @Override
    public Set<String> resources(String region, String stack) {
        refusal.ifPresent(e -> {
            throw e;
        });
        return stacks.getOrDefault(key(region, stack), Set.of());
    }

    @Override
    public Optional<String> find(String region, FixedName name) {
        asked.add(key(region, name.name()));
        return Optional.ofNullable(found.get(key(region, name.name())));
    }

    @Override
    public Optional<String> subscriptionPolicy(String region) {
        return Optional.ofNullable(policies.get(region));
    }

    @Override
    public Optional<List<String>> subscriptionFilters(String region, String logGroup) {
        return Optional.ofNullable(filters.get(key(region, logGroup)));
    }

    @Override
    public int logResourcePolicies(String region) {
        return logResourcePolicies;
    }
}
