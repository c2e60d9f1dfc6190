package io.tributary.local.archive;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Partition;
import io.tributary.archive.integrity.ArchiveVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Verifies an archive. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Verifies that every part of the archive is there with the content that its manifest names, and that"
                        + " the manifests follow each other. What is asleep in a Glacier class is not read.",
        footer = {"", "Examples:", "  tributary archive verify out", "  tributary archive verify s3://example-archive"},
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the archive is intact",
            "1:it is not",
            "2:the command line is wrong",
            "3:the archive cannot be read"
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOptions options;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (ArchiveOptions archive = options) {
            ArchiveStore store = archive.store();
            int parts = 0;
            long events = 0;
            int problems = 0;
            for (Partition partition : Partition.all(store, "archive/")) {
                ArchiveVerifier.Result result = new ArchiveVerifier(store).verify(partition, Optional.empty(), true);
                parts += result.parts();
                events += result.events();
                problems += result.problems().size();
                result.problems().forEach(problem -> out.println("wrong: " + problem));
                result.orphans().forEach(orphan -> out.println("rubbish of a run that ended early: " + orphan));
            }
            out.printf(
                    Locale.ROOT,
                    "%,d parts with %,d events: %s%n",
                    parts,
                    events,
                    problems == 0 ? "intact" : problems + " problems");
            out.flush();
            return problems == 0 ? 0 : 1;
        } catch (IOException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }
}
