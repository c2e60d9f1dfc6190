package io.tributary.local.opensearch;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything about OpenSearch. */
@Command(
        name = "opensearch",
        mixinStandardHelpOptions = true,
        description = "Prepares an OpenSearch for normalised events.",
        subcommands = SetupCommand.class)
public final class OpenSearchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which? There is setup");
    }
}
