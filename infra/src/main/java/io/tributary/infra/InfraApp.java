package io.tributary.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleJson;
import io.tributary.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.DefaultStackSynthesizer;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.StackProps;

/** The CDK app: the stacks of a settings file, {@code cdk deploy -c settings=tributary.yaml}. */
public final class InfraApp {
    /** Concurrent invocations that the functions reserve. */
    public static final int RESERVED_CONCURRENCY = Ingestion.CONCURRENCY + Alerting.CONCURRENCY + Archiving.CONCURRENCY;

    /** The logging account's stack, in its home Region. */
    public static final String LOGGING = "TributaryLogging";

    /** The organization's stack, in the home Region. */
    public static final String ORGANIZATION = "TributaryOrganization";

    /** What the logging account's stacks of other Regions begin with; the Region follows. */
    public static final String REGION = "TributaryRegion-";

    /** What the management account's stacks begin with; the Region follows. */
    public static final String MANAGEMENT = "TributaryManagement-";

    /** What the stacks of GuardDuty begin with; the Region follows. */
    public static final String GUARD_DUTY = "TributaryGuardDuty-";

    /** What the subscription of copies by centralization is called, whose log groups' names say where they are from. */
    public static final String SUBSCRIPTION = "tributary";

    /**
     * What a Region's subscriptions are called, an account's and a log group's: the transform function reads the Region from it, since an
     * account-level policy can emit no system field that tells.
     */
    public static String subscription(String region) {
        return SUBSCRIPTION + "-" + region;
    }

    /** What puts every account on board. */
    public static final String STACK_SET = "tributary-member";

    private InfraApp() {}

    public static void main(String[] arguments) throws IOException {
        App app = new App();
        Path root = Path.of(System.getProperty("tributary.root", ".."));
        Path file = Optional.ofNullable((String) app.getNode().tryGetContext("settings"))
                .map(Path::of)
                .orElse(root.resolve("tributary.yaml"));
        try {
            Settings settings = Settings.read(file);
            build(app, settings, Packages.of(root), RuleJson.readResource(), Path.of("target"));
            app.synth();
        } catch (YamlException | IllegalArgumentException e) {
            System.err.println("tributary: " + e.getMessage());
            System.exit(3);
        } catch (NoSuchFileException e) {
            System.err.println("tributary: " + e.getMessage() + ": no such file; start from tributary.example.yaml");
            System.exit(3);
        }
    }

    /**
     * Adds all stacks.
     *
     * @param work where the members' template is written
     */
    static void build(App app, Settings settings, Packages packages, List<Rule> rules, Path work) throws IOException {
        // by policy, since a bucket that its owner owns all of has no lists of access
        app.getNode().setContext("@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy", true);
        new LoggingStack(
                app,
                LOGGING,
                properties(settings.logging(), settings.home(), "Tributary: the pipeline"),
                settings,
                packages,
                rules);
        for (String region : settings.isCentralized() ? List.<String>of() : settings.otherRegions()) {
            new RegionStack(
                    app,
                    REGION + region,
                    properties(settings.logging(), region, "Tributary: the entrance of a Region"),
                    settings);
        }
        Path member = Files.createDirectories(work).resolve("member.template.json");
        Files.write(member, member(settings, rules));
        for (String region : settings.regions()) {
            // StackSets with service-managed permissions leave the management account out
            new MemberStack(
                    app,
                    MANAGEMENT + region,
                    properties(
                            settings.management(), region, "Tributary: sends the management account's logs and events"),
                    settings,
                    rules,
                    true);
            if (settings.isGuardDuty()) {
                new GuardDutyStack(
                        app,
                        GUARD_DUTY + region,
                        properties(settings.logging(), region, "Tributary: GuardDuty in every account"));
            }
        }
        new OrganizationStack(
                app,
                ORGANIZATION,
                properties(settings.administrator(), settings.home(), "Tributary: the organization"),
                settings,
                member.toAbsolutePath());
        Aspects.of(app).add(AwsSolutionsChecks.Builder.create().verbose(true).build());
    }

    /** The template that every account has in every Region. */
    static byte[] member(Settings settings, List<Rule> rules) throws IOException {
        App app = new App(AppProps.builder().analyticsReporting(false).build());
        MemberStack stack = new MemberStack(
                app,
                "TributaryMember",
                StackProps.builder()
                        .description("Tributary: sends an account's logs and events to the logging account")
                        .synthesizer(DefaultStackSynthesizer.Builder.create()
                                .generateBootstrapVersionRule(false)
                                .build())
                        .build(),
                settings,
                rules,
                false);
        Aspects.of(app).add(AwsSolutionsChecks.Builder.create().verbose(true).build());
        return new ObjectMapper()
                .writeValueAsBytes(
                        app.synth().getStackArtifact(stack.getArtifactId()).getTemplate());
    }

    private static StackProps properties(String account, String region, String description) {
        return StackProps.builder()
                .env(Environment.builder().account(account).region(region).build())
                .description(description)
                .analyticsReporting(false)
                .build();
    }
}
