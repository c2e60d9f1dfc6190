package io.tributary.local.archive;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.Planner;
import io.tributary.archive.compaction.WorkItem;
import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.archive.policy.SourcePolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
            "  tributary archive run --policy archive-policy.yaml s3://example-archive"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all is compacted",
            "1:some objects could not be read, and are below failed/compaction/",
            "2:the command line is wrong",
            "3:the archive cannot be read or written"
        })
final class CompactCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOptions options;

    @Option(names = "--policy", paramLabel = "FILE", description = "The archive's policy. Default: the preset minimal.")
    private Optional<Path> policy = Optional.empty();

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only this source.")
    private Optional<String> source = Optional.empty();

    @Option(
            names = "--before",
            paramLabel = "DATE",
            description = "Days before this one. Default: those that the policy does not keep searchable.")
    private Optional<LocalDate> before = Optional.empty();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (ArchiveOptions archive = options) {
            ArchiveStore store = archive.store();
            ArchivePolicy rules = PolicyFile.read(policy);
            int setAside = 0;
            int partitions = 0;
            for (Partition partition : Partition.all(store, "events/")) {
                SourcePolicy own = rules.sources().get(partition.source());
                if (own != null && isClosed(partition, own)) {
                    partitions++;
                    setAside += compact(archive, store, partition, own, out);
                }
            }
            out.printf(Locale.ROOT, "%d partitions, %d objects set aside%n", partitions, setAside);
            out.flush();
            return setAside > 0 ? 1 : 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private boolean isClosed(Partition partition, SourcePolicy own) {
        LocalDate end =
                before.orElseGet(() -> LocalDate.now(ZoneOffset.UTC).minusDays(Math.max(1, own.searchableDays())));
        return partition.date().isBefore(end)
                && source.map(partition.source()::equals).orElse(true);
    }

    private static int compact(
            ArchiveOptions archive, ArchiveStore store, Partition partition, SourcePolicy own, PrintWriter out)
            throws IOException {
        List<WorkItem> items = new ArrayList<>();
        new Planner(store).plan(partition, "", items::add);
        Compactor compactor = new Compactor(
                store, own.keeping(Instant.now()), () -> UUID.randomUUID().toString(), archive.executor());
        int setAside = 0;
        for (WorkItem item : items) {
            Compactor.Result result = compactor.compact(item);
            setAside += result.setAside().size();
            out.printf(
                    Locale.ROOT,
                    "%-18s %s  %,8d objects  %,12d events  %,14d bytes%n",
                    partition.source(),
                    partition.date(),
                    result.archived(),
                    result.events(),
                    result.bytes());
            result.setAside().forEach(key -> out.println("  set aside: " + key));
            out.flush();
        }
        return setAside;
    }
}
