package io.tributary.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.infra.Packages.Zip;
import java.io.IOException;
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
        assertThat(Zip.of(zip("bootstrap")).isNative()).isTrue();
        assertThat(Zip.of(zip("lib/a.jar")).isNative()).isFalse();
        assertThatThrownBy(() -> Zip.of(folder.resolve("none.zip")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.zip: no such file; ./mvnw package makes it");
    }

    private Path zip(String entry) throws IOException {
        Path file = folder.resolve("function.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
        }
        return file;
    }
}
