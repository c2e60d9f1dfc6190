package io.tributary.local.archive;

import io.tributary.archive.aws.S3Lifecycle;
import io.tributary.archive.lifecycle.Lifecycle;
import io.tributary.archive.lifecycle.LifecycleRule;
import io.tributary.archive.lifecycle.Reconciliation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sets a bucket's lifecycle rules. */
@Command(
        name = "lifecycle",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Makes a bucket's lifecycle rules those that the policy wants. Rules of others are kept; where nothing"
                        + " differs nothing is written.",
        footer = {
            "",
            "Examples:",
            "  tributary archive lifecycle --policy archive-policy.yaml --dry-run s3://example-archive"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the bucket has the rules, or --dry-run told what differs",
            "2:the command line is wrong",
            "3:the policy is wrong, or the bucket cannot be read or written"
        })
final class LifecycleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOptions options;

    @Option(names = "--policy", paramLabel = "FILE", required = true, description = "The archive's policy.")
    private Path policy;

    @Option(names = "--dry-run", description = "Tell what differs, and write nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        if (!options.isBucket()) {
            throw new ParameterException(spec.commandLine(), "Only a bucket has lifecycle rules: s3://name");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (ArchiveOptions archive = options) {
            List<LifecycleRule> wanted = Lifecycle.of(PolicyFile.read(Optional.of(policy)));
            S3Lifecycle lifecycle = new S3Lifecycle(archive.client(), archive.bucket());
            Reconciliation difference = dryRun ? lifecycle.compare(wanted) : lifecycle.apply(wanted);
            difference.lines().forEach(out::println);
            out.printf(
                    "%d rules, %d of others kept: %s%n",
                    wanted.size(),
                    difference.foreign(),
                    difference.isNothing() ? "nothing differs" : dryRun ? "nothing was written" : "written");
            out.flush();
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }
}
