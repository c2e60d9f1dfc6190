package io.tributary.infra;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The functions' packages, {@code function.zip} of each module. */
record Packages(Zip transform, Zip alert, Zip archive) {
    /**
     * A function's package.
     *
     * @param isNative whether it is a native executable, which needs no Java
     * @param isArm whether it is to run on 64-bit ARM, the cheaper machine, or on x86-64: a native executable can but on what it was built for
     */
    record Zip(Path file, boolean isNative, boolean isArm) {
        private static final int ELF_HEADER_BYTES = 20;
        private static final int ELF_MAGIC = 0x464c457f;
        private static final int ELF_MACHINE_AT = 18;
        private static final int X86_64 = 62;
        private static final int AARCH64 = 183;

        /**
         * Looks into a package.
         *
         * @throws IllegalArgumentException if there is none, or it is a native executable that Lambda cannot run
         */
        static Zip of(Path file) throws IOException {
            if (!Files.exists(file)) {
                throw new IllegalArgumentException(
                        file + ": no such file; ./mvnw package makes it, with -Dnative as a" + " native executable");
            }
            try (ZipFile zip = new ZipFile(file.toFile())) {
                ZipEntry bootstrap = zip.getEntry("bootstrap");
                return bootstrap == null
                        ? new Zip(file, false, true)
                        : new Zip(file, true, isArm(file, zip, bootstrap));
            }
        }

        /** As its ELF header says. */
        private static boolean isArm(Path file, ZipFile zip, ZipEntry bootstrap) throws IOException {
            byte[] header;
            try (InputStream in = zip.getInputStream(bootstrap)) {
                header = in.readNBytes(ELF_HEADER_BYTES);
            }
            if (header.length == ELF_HEADER_BYTES) {
                ByteBuffer elf = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
                int machine = elf.getInt(0) == ELF_MAGIC ? elf.getShort(ELF_MACHINE_AT) : 0;
                if (machine == X86_64 || machine == AARCH64) {
                    return machine == AARCH64;
                }
            }
            throw new IllegalArgumentException(
                    file + ": the executable is for neither x86-64 nor 64-bit ARM under Linux, which Lambda runs");
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
