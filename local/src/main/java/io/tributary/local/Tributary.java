package io.tributary.local;

import io.tributary.local.archive.ArchiveCommand;
import io.tributary.local.estimate.EstimateCommand;
import io.tributary.local.opensearch.OpenSearchCommand;
import io.tributary.local.pipeline.LocalCommand;
import io.tributary.local.rules.RulesCommand;
import io.tributary.local.transform.TransformCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkException;

/** Tributary on one machine. */
@Command(
        name = "tributary",
        mixinStandardHelpOptions = true,
        version = "Tributary 0.1.0",
        description = "Brings the logs of every AWS account together. This command runs its functions on this machine.",
        footer = {
            "",
            "Commands deploy and destroy put it on AWS, and take it away again; cdk runs the CDK: tributary deploy --help"
        },
        subcommands = {
            LocalCommand.class,
            TransformCommand.class,
            RulesCommand.class,
            ArchiveCommand.class,
            OpenSearchCommand.class,
            EstimateCommand.class,
            AutoComplete.GenerateCompletion.class
        })
public final class Tributary implements Runnable {
    private static final int FAILED = 3;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Tributary()).setExecutionExceptionHandler((e, commandLine, parsed) -> {
            if (e instanceof SdkException) {
                // credentials, Region, network: nothing that a stack trace explains
                commandLine.getErr().println("tributary: " + e.getMessage());
                return FAILED;
            }
            throw e;
        });
    }
}
