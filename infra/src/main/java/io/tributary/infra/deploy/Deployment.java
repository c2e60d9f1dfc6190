package io.tributary.infra.deploy;

import io.tributary.infra.InfraApp;
import io.tributary.infra.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Deploys an account's stacks, or takes them away. */
final class Deployment {
    private final Settings settings;
    private final Path file;
    private final Account account;
    private final Standing standing;
    private final Cdk cdk;
    private final PrintWriter out;

    Deployment(Settings settings, Path file, Account account, Standing standing, Cdk cdk, PrintWriter out) {
        this.settings = settings;
        this.file = file;
        this.account = account;
        this.standing = standing;
        this.cdk = cdk;
        this.out = out;
    }

    /** The stacks of the account that the credentials are of. */
    Plan plan(boolean isGuardDuty) {
        return Plan.of(settings, account.id(settings.home()), isGuardDuty);
    }

    /** What would make a deployment fail half way, each with what to do about it. */
    List<String> obstacles(Plan plan) {
        return new Checks(settings, file, account, standing, out).obstacles(plan);
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
        if (plan.stacks().contains(InfraApp.LOGGING)) {
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
        if (code == 0 && plan.stacks().contains(InfraApp.LOGGING)) {
            out.println();
            out.println(
                    "what stays, until you delete it: the buckets of the archive, its chains' heads, the trail, access logs and"
                            + " work; the key that they are encrypted with, and its alias; the search domain. The next deployment"
                            + " tells how to go on with them, or without.");
            out.flush();
        }
        return code;
    }
}
