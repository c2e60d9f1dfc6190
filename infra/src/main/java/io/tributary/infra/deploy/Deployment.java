package io.tributary.infra.deploy;

import io.tributary.infra.InfraApp;
import io.tributary.infra.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** Deploys an account's stacks, or takes them away. */
final class Deployment {
    /** What Lambda keeps for functions that have reserved nothing. */
    private static final int UNRESERVED = 100;

    private final Settings settings;
    private final Path file;
    private final Account account;
    private final Cdk cdk;
    private final PrintWriter out;

    Deployment(Settings settings, Path file, Account account, Cdk cdk, PrintWriter out) {
        this.settings = settings;
        this.file = file;
        this.account = account;
        this.cdk = cdk;
        this.out = out;
    }

    /** The stacks of the account that the credentials are of. */
    Plan plan(boolean isGuardDuty) {
        return Plan.of(settings, account.id(settings.home()), isGuardDuty);
    }

    /** What would make a deployment fail half way, each with what to do about it. */
    List<String> obstacles(Plan plan) {
        List<String> obstacles = new ArrayList<>();
        String id = account.id(settings.home());
        for (String region : plan.regions()) {
            if (!account.isBootstrapped(region)) {
                obstacles.add("the CDK may not deploy to " + region + " yet: npx aws-cdk@" + Cdk.VERSION
                        + " bootstrap aws://" + id + "/" + region);
            }
        }
        if (plan.stacks().contains("TributaryLogging")) {
            try {
                concurrency().ifPresent(obstacles::add);
            } catch (SdkServiceException e) {
                // who may deploy may not be allowed to look
                out.println("not checked: how many concurrent invocations are free (" + e.getMessage() + ")");
            }
        }
        return obstacles;
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

    /**
     * Deploys.
     *
     * @return the CDK's exit code
     */
    int deploy(Plan plan) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("deploy"));
        arguments.addAll(plan.stacks());
        arguments.addAll(List.of("--require-approval", "never", "-c", "settings=" + file.toAbsolutePath()));
        int code = cdk.run(arguments);
        if (code == 0) {
            summary(plan);
        }
        return code;
    }

    private void summary(Plan plan) {
        out.println();
        out.println("deployed: " + String.join(", ", plan.stacks()));
        if (plan.stacks().contains("TributaryLogging")) {
            List<String> unconfirmed = account.unconfirmed(settings.home());
            if (!unconfirmed.isEmpty()) {
                out.println("not confirmed yet, and therefore not told: " + String.join(", ", unconfirmed)
                        + " (the mail is from AWS Notifications, and is valid for two days)");
            }
            if (settings.index().kind() != Settings.IndexKind.NONE) {
                out.println("the search engine needs its pipeline, templates and dashboards: tributary opensearch setup"
                        + " --endpoint <SearchEndpoint above> --sign "
                        + (settings.index().kind() == Settings.IndexKind.SERVERLESS ? "aoss" : "es") + " --region "
                        + settings.home());
            }
        }
        out.println("next: " + plan.next());
        out.flush();
    }

    /**
     * Takes stacks away, the last one first.
     *
     * @return the CDK's exit code
     */
    int destroy(Plan plan) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("destroy"));
        for (int i = plan.stacks().size() - 1; i >= 0; i--) {
            arguments.add(plan.stacks().get(i));
        }
        arguments.addAll(List.of("--force", "-c", "settings=" + file.toAbsolutePath()));
        int code = cdk.run(arguments);
        if (code == 0 && plan.stacks().contains("TributaryLogging")) {
            out.println();
            out.println(
                    "what stays, until you delete it: the buckets of the archive, the trail, access logs and work; the key"
                            + " that they are encrypted with; the search domain.");
            out.flush();
        }
        return code;
    }
}
