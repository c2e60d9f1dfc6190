package io.tributary.infra.deploy;

import io.tributary.infra.Settings;
import io.tributary.yaml.YamlException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkException;

/** {@code tributary deploy}, {@code tributary destroy} and {@code tributary cdk}. */
@Command(
        name = "tributary",
        description = "Puts Tributary on AWS, and takes it away again.",
        mixinStandardHelpOptions = true)
public final class Deploy implements Runnable {
    private static final int FAILED = 3;

    @Spec
    private CommandSpec spec;

    private final Account account;
    private final Standing standing;
    private final Cdk cdk;
    private final BufferedReader in;

    Deploy(Account account, Standing standing, Cdk cdk, BufferedReader in) {
        this.account = account;
        this.standing = standing;
        this.cdk = cdk;
        this.in = in;
    }

    public static void main(String[] arguments) {
        Path root = Path.of(System.getProperty("tributary.root", "..")).toAbsolutePath();
        Deploy deploy = new Deploy(
                new AwsAccount(),
                new AwsStanding(),
                Cdk.pinned(root.resolve("infra")),
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        System.exit(commandLine(deploy).execute(arguments));
    }

    static CommandLine commandLine(Deploy deploy) {
        CommandLine command = new CommandLine(deploy);
        // all that follows is the CDK's, its options, too
        command.getSubcommands().get("cdk").setUnmatchedOptionsArePositionalParams(true);
        return command.setExecutionExceptionHandler((e, commandLine, parsed) -> {
            if (e instanceof SdkException || e instanceof YamlException || e instanceof IllegalArgumentException) {
                commandLine.getErr().println("tributary: " + e.getMessage());
                return FAILED;
            }
            if (e instanceof NoSuchFileException missing) {
                commandLine
                        .getErr()
                        .println("tributary: " + missing.getFile()
                                + ": no such file; start from tributary.example.yaml");
                return FAILED;
            }
            if (e instanceof IOException) {
                commandLine.getErr().println("tributary: " + e.getMessage() + " (Node 20 or later has to be there)");
                return FAILED;
            }
            throw e;
        });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    @Command(
            name = "deploy",
            mixinStandardHelpOptions = true,
            description = {
                "Deploys the stacks of the account that the AWS credentials at hand are of: the logging account's first, then the"
                        + " management account's, then the logging account's with --guardduty.",
                "",
                "Before, it checks the settings, the account, whether the CDK may deploy there, quotas, what an earlier deployment has"
                        + " left behind, and subscriptions of others. After, it tells what is left to do."
            },
            footer = {
                "",
                "Examples:",
                "  AWS_PROFILE=logging tributary deploy",
                "  AWS_PROFILE=management tributary deploy"
            },
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:deployed",
                "1:the CDK failed, and told why",
                "2:the command line is wrong",
                "3:a check failed"
            })
    int deploy(
            @Option(
                            names = "--settings",
                            paramLabel = "FILE",
                            defaultValue = "tributary.yaml",
                            description = "Default: tributary.yaml.")
                    Path file,
            @Option(
                            names = "--guardduty",
                            description = "The logging account's second part: GuardDuty in every account.")
                    boolean isGuardDuty,
            @Option(names = "--yes", description = "Do not ask.") boolean isYes)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Deployment deployment = new Deployment(Settings.read(file), file, account, standing, cdk, out);
        Plan plan = deployment.plan(isGuardDuty);
        List<String> obstacles = deployment.obstacles(plan);
        if (!obstacles.isEmpty()) {
            obstacles.forEach(obstacle -> spec.commandLine().getErr().println("tributary: " + obstacle));
            return FAILED;
        }
        out.println("to be deployed: " + String.join(", ", plan.stacks()));
        return isYes || agrees("Deploy? [y/N] ", "y") ? deployment.deploy(plan) : FAILED;
    }

    @Command(
            name = "destroy",
            mixinStandardHelpOptions = true,
            description = {
                "Takes away the stacks of the account that the AWS credentials at hand are of: GuardDuty's (--guardduty) and the"
                        + " management account's first, the logging account's last.",
                "",
                "What holds data stays: the buckets, their key, and the search domain; the log stream goes with what is on it."
            },
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:gone",
                "1:the CDK failed, and told why",
                "2:the command line is wrong",
                "3:not agreed to, or a check failed"
            })
    int destroy(
            @Option(
                            names = "--settings",
                            paramLabel = "FILE",
                            defaultValue = "tributary.yaml",
                            description = "Default: tributary.yaml.")
                    Path file,
            @Option(names = "--guardduty", description = "The logging account's stacks of GuardDuty alone.")
                    boolean isGuardDuty,
            @Option(names = "--yes", description = "Do not ask.") boolean isYes)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Deployment deployment = new Deployment(Settings.read(file), file, account, standing, cdk, out);
        Plan plan = deployment.plan(isGuardDuty);
        out.println("to be taken away: " + String.join(", ", plan.stacks()));
        return isYes || agrees("Logs will no longer arrive. Type destroy to go on: ", "destroy")
                ? deployment.destroy(plan)
                : FAILED;
    }

    @Command(
            name = "cdk",
            description = {
                "Runs the CDK's own command line on the stacks, of the version that the project pins; its arguments are the CDK's.",
                "",
                "Examples:",
                "  tributary cdk bootstrap aws://123456789012/eu-central-1",
                "  tributary cdk diff"
            })
    int cdk(@Parameters(paramLabel = "ARGUMENT", description = "What the CDK is told.") List<String> arguments)
            throws Exception {
        return cdk.run(arguments == null ? List.of() : arguments);
    }

    private boolean agrees(String question, String answer) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(question);
        out.flush();
        String line = in.readLine();
        return line != null && line.strip().equalsIgnoreCase(answer);
    }
}
