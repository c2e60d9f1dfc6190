package io.tributary.infra.deploy;

import io.tributary.infra.FixedName;
import io.tributary.infra.FixedName.Kind;
import io.tributary.infra.InfraApp;
import io.tributary.infra.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** What would make a deployment fail half way, each with what to do about it. What may not be looked at is told, and passes. */
final class Checks {
    /** What Lambda keeps for functions that have reserved nothing. */
    private static final int UNRESERVED = 100;

    /** CloudWatch Logs' quotas: subscription filters of a log group, and resource policies of an account and Region. */
    private static final int MOST_FILTERS = 5;

    private static final int MOST_RESOURCE_POLICIES = 10;

    /** Regions in which EventBridge allows fewer rules than are forwarded by. */
    private static final List<String> FEW_RULES = List.of("af-south-1", "eu-south-1");

    private final Settings settings;
    private final Path file;
    private final Account account;
    private final Standing standing;
    private final PrintWriter out;

    Checks(Settings settings, Path file, Account account, Standing standing, PrintWriter out) {
        this.settings = settings;
        this.file = file;
        this.account = account;
        this.standing = standing;
        this.out = out;
    }

    List<String> obstacles(Plan plan) {
        List<String> obstacles = new ArrayList<>();
        String id = account.id(settings.home());
        for (String region : plan.regions()) {
            if (!account.isBootstrapped(region)) {
                obstacles.add("the CDK may not deploy to " + region + " yet: ./tributary cdk bootstrap aws://" + id
                        + "/" + region);
            }
        }
        if (plan.stacks().contains(InfraApp.LOGGING)) {
            look("how many concurrent invocations are free", () -> concurrency().ifPresent(obstacles::add));
        }
        look("what an earlier deployment has left behind", () -> leftovers(plan, obstacles));
        look("subscriptions of others", () -> subscriptions(id, obstacles));
        if (plan.stacks().contains(InfraApp.ORGANIZATION) && !settings.isCentralized()) {
            out.println("not checked, since only each account can tell: whether another account has "
                    + (settings.logGroups().isEmpty()
                            ? "an account-level subscription policy of its own"
                            : "a log group of the list whose " + MOST_FILTERS + " subscription filters are taken")
                    + "; its part then fails, which aws cloudformation list-stack-instances --stack-set-name "
                    + InfraApp.STACK_SET + " tells");
        }
        if (settings.regions().stream().anyMatch(FEW_RULES::contains)) {
            out.println("not checked: EventBridge's quota of rules for a bus, which is 100 in "
                    + String.join(" and ", FEW_RULES)
                    + " until Service Quotas gives more: every account needs some 150 there");
        }
        return obstacles;
    }

    private void look(String what, Runnable check) {
        try {
            check.run();
        } catch (SdkServiceException e) {
            // who may deploy may not be allowed to look
            out.println("not checked: " + what + " (" + e.getMessage() + ")");
        }
    }

    private Optional<String> concurrency() {
        if (!account.hasFunctions(settings.home())) {
            int free = account.unreservedConcurrency(settings.home()) - UNRESERVED;
            if (free < InfraApp.RESERVED_CONCURRENCY) {
                return Optional.of("the functions reserve " + InfraApp.RESERVED_CONCURRENCY
                        + " concurrent invocations, and " + Math.max(0, free) + " are free in " + settings.home()
                        + ": ask Service Quotas for more of Lambda's concurrent executions");
            }
        }
        return Optional.empty();
    }

    /** Names that are taken, by something that is not the stack's that wants them. */
    private void leftovers(Plan plan, List<String> obstacles) {
        for (String stack : plan.stacks()) {
            String region = Plan.region(settings, stack);
            Set<String> own = standing.resources(region, stack);
            boolean areKept = false;
            String key = "";
            for (FixedName name : FixedName.of(settings, stack)) {
                Optional<String> found = standing.find(region, name);
                if (found.isPresent() && !own.contains(name.name())) {
                    obstacles.add(leftover(name, region));
                    areKept |= name.kind() == Kind.BUCKET || name.kind() == Kind.KEY_ALIAS;
                    key = name.kind() == Kind.KEY_ALIAS ? found.get() : key;
                }
            }
            if (areKept) {
                obstacles.addAll(keptOrBegunAnew(stack, key));
            }
            if (own.isEmpty() && stack.equals(InfraApp.LOGGING)) {
                resourcePolicies(region, obstacles);
            }
        }
    }

    private static String leftover(FixedName found, String region) {
        String name = found.name();
        return switch (found.kind()) {
            case BUCKET -> "the bucket " + name + " stands there, and is no stack's that is deployed";
            case KEY_ALIAS -> "the name of a key, " + name + ", is taken in " + region;
            case STREAM ->
                "the Kinesis stream " + name + " stands in " + region
                        + ": once nobody reads it any more, aws kinesis delete-stream --stream-name " + name
                        + " --region "
                        + region;
            case LOG_GROUP ->
                "the log group " + name + " stands in " + region
                        + ": aws logs delete-log-group takes it away with what was logged, --log-group-name " + name
                        + " --region " + region;
            case TRAIL ->
                "the trail " + name + " stands in " + region + ": aws cloudtrail delete-trail --name " + name
                        + " --region " + region + ", and deploy at once, since nothing is logged until then";
        };
    }

    /** Buckets are of no use without the key that their objects are encrypted with. */
    private List<String> keptOrBegunAnew(String stack, String key) {
        return List.of(
                "to go on with these buckets, import them with their key into a new stack, and deploy then:"
                        + " ./tributary cdk import " + stack + " -c settings=" + file.toAbsolutePath()
                        + "; it asks for every resource: give the buckets, the alias "
                        + (key.isEmpty() ? "" : "and the key " + key + " ") + "of Storage, and leave out all others",
                "to begin anew, take the statements whose names begin with Keep out of the buckets' policies, delete all versions, which"
                        + " Object Lock allows when its time is over, or in governance mode with --bypass-governance-retention, then the"
                        + " buckets, and the alias: aws kms delete-alias --alias-name " + FixedName.ALIAS
                        + "; whoever deletes the key, too, can never read what it has encrypted");
    }

    private void resourcePolicies(String region, List<String> obstacles) {
        if (settings.index().isDomain() && standing.logResourcePolicies(region) >= MOST_RESOURCE_POLICIES) {
            obstacles.add("CloudWatch Logs has " + MOST_RESOURCE_POLICIES + " resource policies in " + region
                    + " already, and the search domain's logs need one: join some of them, or delete one that is of no use (aws"
                    + " logs describe-resource-policies)");
        }
    }

    /** Every account of the units subscribes its own log groups, this one, too. */
    private void subscriptions(String id, List<String> obstacles) {
        if (settings.isCentralized()) {
            if (id.equals(settings.logging())) {
                policy(settings.home(), InfraApp.SUBSCRIPTION, obstacles);
            }
        } else if (settings.logGroups().isEmpty()) {
            settings.regions().forEach(region -> policy(region, InfraApp.subscription(region), obstacles));
        } else {
            settings.logGroups().stream()
                    .filter(place -> place.account().equals(id))
                    .forEach(place -> filters(place, obstacles));
        }
    }

    private void policy(String region, String own, List<String> obstacles) {
        standing.subscriptionPolicy(region)
                .filter(name -> !name.equals(own))
                .ifPresent(
                        name -> obstacles.add("the account-level subscription policy " + name + " stands in " + region
                                + ", where CloudWatch Logs allows one: delete it (aws logs delete-account-policy --policy-type"
                                + " SUBSCRIPTION_FILTER_POLICY --policy-name " + name + " --region " + region
                                + "), or have log groups subscribed one by one (sources: {log groups: […]})"));
    }

    private void filters(Settings.Place place, List<String> obstacles) {
        Optional<List<String>> filters = standing.subscriptionFilters(place.region(), place.name());
        if (filters.isEmpty()) {
            obstacles.add("there is no log group " + place.name() + " in " + place.region()
                    + ": make it, or take it out of the list");
        } else if (filters.get().size() >= MOST_FILTERS
                && !filters.get().contains(InfraApp.subscription(place.region()))) {
            obstacles.add("the log group " + place.name() + " in " + place.region() + " has all of its " + MOST_FILTERS
                    + " subscription filters (" + String.join(", ", filters.get())
                    + "): delete one of them, or take it out of the list");
        }
    }
}
