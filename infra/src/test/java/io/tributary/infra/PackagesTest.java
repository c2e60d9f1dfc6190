package io.tributary.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.infra.Packages.Zip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagesTest {
    @TempDir
    private Path folder;

    @Test
    void aNativeExecutableIsKnownByItsName() throws IOException {
        assertThat(Zip.of(zip("bootstrap", elf(183))).isNative()).isTrue();
        assertThat(Zip.of(zip("lib/a.jar", new byte[0])).isNative()).isFalse();
        assertThatThrownBy(() -> Zip.of(folder.resolve("none.zip")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.zip: no such file; ./mvnw package makes it");
    }

    /** A function that is to run on another machine than it was built for fails at every invocation. */
    @Test
    void aNativeExecutableRunsOnWhatItWasBuiltFor() throws IOException {
        assertThat(Zip.of(zip("bootstrap", elf(183))).isArm()).isTrue();
        assertThat(Zip.of(zip("bootstrap", elf(62))).isArm()).isFalse();
        assertThat(Zip.of(zip("lib/a.jar", new byte[0])).isArm()).isTrue();
        for (byte[] executable : new byte[][] {elf(40), "#!/bin/sh".getBytes(StandardCharsets.UTF_8), new byte[64]}) {
            assertThatThrownBy(() -> Zip.of(zip("bootstrap", executable)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("which Lambda runs");
        }
    }

    private static byte[] elf(int machine) {
        byte[] header = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, header, 0, 7);
        header[18] = (byte) machine;
        return header;
    }

    private Path zip(String entry, byte[] content) throws IOException {
        Path file = folder.resolve("function.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content);
        }
        return file;
    }
}
