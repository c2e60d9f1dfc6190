package io.tributary.infra;

import java.nio.file.Files;
import java.nio.file.Path;

/** The functions' packages, {@code function.zip} of each module. */
record Packages(Path transform, Path alert, Path archive) {
    Packages {
        for (Path file : new Path[] {transform, alert, archive}) {
            if (!Files.exists(file)) {
                throw new IllegalArgumentException(file + ": no such file; ./mvnw package -Dnative makes it");
            }
        }
    }

    /** Those of this checkout. */
    static Packages of(Path root) {
        return new Packages(
                root.resolve("transform-fn/target/function.zip"),
                root.resolve("alert-fn/target/function.zip"),
                root.resolve("archive-fn/target/function.zip"));
    }
}
