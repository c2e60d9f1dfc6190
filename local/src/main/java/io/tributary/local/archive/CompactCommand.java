package io.tributary.local.archive;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.Planner;
import io.tributary.archive.compaction.WorkItem;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Compacts an archive. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Joins the small objects of closed days into few large ones, with a manifest for each, and deletes them.",
            "",
            "It may be interrupted at any time, run twice, and run at several places at once: nothing is lost, nothing is"
                    + " archived twice."
        },
        footer = {
            "",
            "Examples:",
            "  tributary archive run out",
            "  tributary archive run --policy archive-policy.yaml --heads s3://example-heads s3://example-archive"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all is compacted",
            "1:some objects could not be read; those that are damaged are below failed/compaction/",
            "2:the command line is wrong",
            "3:the archive cannot be read or written",
            "4:all is compacted that can be, but manifests of the archive are gone or changed; they are named"
        })
final class CompactCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOptions options;

    @Mixin
    private CompactionOptions compaction;

    @Mixin
    private HeadsOption heads;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        int[] counts = {0, 0, 0, 0};
        try (ArchiveOptions archive = options) {
            Chains chains = heads.chains(archive);
            ArchiveStore store = chains.store();
            compaction.each(store, (partition, own) -> {
                counts[0]++;
                List<WorkItem> items = new ArrayList<>();
                new Planner(store).plan(partition, "", items::add);
                Compactor compactor = new Compactor(
                        chains,
                        own.keeping(Instant.now()),
                        () -> UUID.randomUUID().toString(),
                        archive.executor());
                for (int i = 0; i < items.size(); i++) {
                    progress.show("%s %s: part %d of %d"
                            .formatted(partition.source(), partition.date(), i + 1, items.size()));
                    Compactor.Result result = compactor.compact(items.get(i));
                    progress.clear();
                    counts[1] += result.setAside().size();
                    counts[2] += result.refused().size();
                    counts[3] += result.problems().size();
                    print(partition, result, out);
                }
            });
            out.printf(
                    Locale.ROOT,
                    "%,d partitions, %,d objects set aside, %,d that may not be read%n",
                    counts[0],
                    counts[1],
                    counts[2]);
            archive.requests(out);
            out.flush();
            return counts[3] > 0 ? ArchiveCommand.NOT_INTACT : counts[1] + counts[2] > 0 ? 1 : 0;
        } catch (IOException e) {
            progress.clear();
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private static void print(Partition partition, Compactor.Result result, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%-18s %s  %,8d objects  %,12d events  %,14d bytes%n",
                partition.source(),
                partition.date(),
                result.archived(),
                result.events(),
                result.bytes());
        result.setAside().forEach(key -> out.println("  set aside: " + key));
        result.refused().forEach(reason -> out.println("  may not be read: " + reason));
        result.problems().forEach(problem -> out.println("  wrong: " + problem));
        out.flush();
    }
}
