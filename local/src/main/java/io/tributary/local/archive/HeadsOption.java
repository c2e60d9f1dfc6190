package io.tributary.local.archive;

import io.tributary.archive.compaction.ChainHeads;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.StoredChainHeads;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the heads of an archive's chains of manifests are kept. */
final class HeadsOption {
    @Option(
            names = "--heads",
            paramLabel = "PLACE",
            description =
                    "Where the heads of the archive's manifests are kept: s3://bucket, or a folder, where nobody can delete them who"
                            + " can delete the archive. Without it whatever is in the archive is believed.")
    private Optional<String> place = Optional.empty();

    /** The chains of an archive. */
    Chains chains(ArchiveOptions archive) throws IOException {
        ChainHeads heads = place.isPresent()
                ? new StoredChainHeads(archive.store(place.get()), archive.isBucket() ? archive.bucket() : "")
                : ChainHeads.NONE;
        return new Chains(archive.store(), heads, InstantSource.system());
    }
}
