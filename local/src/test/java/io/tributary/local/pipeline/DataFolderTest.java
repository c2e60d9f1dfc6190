package io.tributary.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path parent;

    /** Also one that an earlier version has made for everybody. */
    @Test
    void whatIsKeptIsForItsOwnerAlone() throws Exception {
        assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
        Path open = Files.createDirectory(parent.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        for (Path path : new Path[] {open, parent.resolve("a/new/one")}) {
            try (DataFolder folder = DataFolder.open(path, false)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                        .isEqualTo("rwx------");
            }
        }
    }
}
