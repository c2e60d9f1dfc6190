package io.tributary.local.archive;

import io.tributary.archive.cost.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which prices a command computes with. */
final class PriceFile {
    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = "Prices of S3, in the form of the project's prices.json. Default: that.")
    private Optional<Path> file = Optional.empty();

    Prices prices() throws IOException {
        return file.isPresent() ? Prices.parse(Files.readAllBytes(file.get())) : Prices.usual();
    }
}
