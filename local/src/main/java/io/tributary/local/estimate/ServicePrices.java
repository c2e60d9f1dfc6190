package io.tributary.local.estimate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.archive.cost.Prices;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Prices of all services, from the file that the archive's report computes with.
 *
 * @param archive those of S3
 * @param services all others, by service and what is charged for
 */
record ServicePrices(Prices archive, JsonNode services) {
    /** Reads a file; without one, the project's own. */
    static ServicePrices read(Optional<Path> file) throws IOException {
        byte[] text;
        if (file.isPresent()) {
            text = Files.readAllBytes(file.get());
        } else {
            try (InputStream in = Prices.class.getResourceAsStream("/prices.json")) {
                text = Objects.requireNonNull(in).readAllBytes();
            }
        }
        return new ServicePrices(
                Prices.parse(text), new ObjectMapper().readTree(text).path("services"));
    }

    double of(String name) {
        if (!services.path(name).isNumber()) {
            throw new IllegalArgumentException("the price of " + name + " is missing");
        }
        return services.path(name).asDouble();
    }
}
