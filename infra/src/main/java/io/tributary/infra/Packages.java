package io.tributary.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** The functions' packages, {@code function.zip} of each module. */
record Packages(Zip transform, Zip alert, Zip archive) {
    /**
     * A function's package.
     *
     * @param isNative whether it is a native executable, which needs no Java
     */
    record Zip(Path file, boolean isNative) {
        /**
         * Looks into a package.
         *
         * @throws IllegalArgumentException if there is none
         */
        static Zip of(Path file) throws IOException {
            if (!Files.exists(file)) {
                throw new IllegalArgumentException(
                        file + ": no such file; ./mvnw package makes it, with -Dnative as a" + " native executable");
            }
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return new Zip(file, zip.getEntry("bootstrap") != null);
            }
        }
    }

    /** Those of this checkout. */
    static Packages of(Path root) throws IOException {
        return new Packages(
                Zip.of(root.resolve("transform-fn/target/function.zip")),
                Zip.of(root.resolve("alert-fn/target/function.zip")),
                Zip.of(root.resolve("archive-fn/target/function.zip")));
    }
}
