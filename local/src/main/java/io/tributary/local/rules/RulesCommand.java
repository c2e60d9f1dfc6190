package io.tributary.local.rules;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything about rules. */
@Command(
        name = "rules",
        mixinStandardHelpOptions = true,
        description = "Tests rules, runs them over files, and shows what they would say.",
        subcommands = {TestCommand.class, RunCommand.class, ShowCommand.class})
public final class RulesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which of test, run and show?");
    }
}
