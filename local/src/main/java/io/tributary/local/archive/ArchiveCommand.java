package io.tributary.local.archive;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything about the archive. */
@Command(
        name = "archive",
        mixinStandardHelpOptions = true,
        description =
                "Joins small objects of the archive, verifies it, brings it back, reports on it, and sets its lifecycle"
                        + " rules.",
        subcommands = {
            PlanCommand.class,
            CompactCommand.class,
            VerifyCommand.class,
            RestoreCommand.class,
            ReplayCommand.class,
            ReportCommand.class,
            LifecycleCommand.class
        })
public final class ArchiveCommand implements Runnable {
    /** How a command ends that did all that could be done, though something of the archive is gone or changed. */
    static final int NOT_INTACT = 4;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Which of plan, run, verify, restore, replay, report and lifecycle?");
    }
}
