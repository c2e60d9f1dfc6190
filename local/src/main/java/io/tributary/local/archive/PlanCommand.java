package io.tributary.local.archive;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.compaction.Planner;
import io.tributary.archive.compaction.WorkItem;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells what a run would compact. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Tells what a run would join, in pieces as the function works on them. Changes nothing.",
        footer = {"", "Examples:", "  tributary archive plan --before 2027-01-01 out"},
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:this is the plan", "2:the command line is wrong", "3:the archive cannot be read"})
final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOptions options;

    @Mixin
    private CompactionOptions compaction;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (ArchiveOptions archive = options) {
            ArchiveStore store = archive.store();
            int[] items = {0};
            compaction.each(store, (partition, own) -> {
                List<WorkItem> planned = new ArrayList<>();
                new Planner(store).plan(partition, "", planned::add);
                items[0] += planned.size();
                planned.forEach(item -> out.printf(
                        Locale.ROOT,
                        "%-18s %s  %s … %s%n",
                        partition.source(),
                        partition.date(),
                        name(item.first()),
                        name(item.last())));
            });
            out.printf(Locale.ROOT, "%,d parts to make%n", items[0]);
            out.flush();
            return 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }
}
