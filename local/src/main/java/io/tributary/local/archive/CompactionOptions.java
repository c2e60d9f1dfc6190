package io.tributary.local.archive;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Partition;
import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.archive.policy.SourcePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is compacted. */
final class CompactionOptions {
    @Option(names = "--policy", paramLabel = "FILE", description = "The archive's policy. Default: the preset minimal.")
    private Optional<Path> policy = Optional.empty();

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only this source.")
    private Optional<String> source = Optional.empty();

    @Option(
            names = "--before",
            paramLabel = "DATE",
            description = "Days before this one. Default: those that the policy does not keep searchable.")
    private Optional<LocalDate> before = Optional.empty();

    /** What is called with each partition. */
    interface Visitor {
        void partition(Partition partition, SourcePolicy policy) throws IOException;
    }

    /** Calls back with each partition that is to be compacted. */
    void each(ArchiveStore store, Visitor visitor) throws IOException {
        ArchivePolicy rules = PolicyFile.read(policy);
        for (String root : List.of(Partition.EVENTS, Partition.TRAIL_FILES)) {
            for (Partition partition : Partition.all(store, root)) {
                Optional<SourcePolicy> own = rules.of(partition);
                if (own.isPresent() && isWanted(partition, own.get())) {
                    visitor.partition(partition, own.get());
                }
            }
        }
    }

    private boolean isWanted(Partition partition, SourcePolicy own) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return before.map(partition.date()::isBefore).orElseGet(() -> own.isClosed(partition.date(), today))
                && source.map(partition.source()::equals).orElse(true);
    }
}
