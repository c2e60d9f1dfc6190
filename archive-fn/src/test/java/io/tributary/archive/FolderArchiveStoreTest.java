package io.tributary.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderArchiveStoreTest extends ArchiveStoreContract {
    @TempDir
    private Path folder;

    @Override
    protected ArchiveStore store() {
        return new FolderArchiveStore(folder);
    }

    @Test
    void whatIsCreatedIsWholeAndLeavesNothingBeside() throws IOException {
        store().create("a/b", new byte[] {1});
        store().create("a/b", new byte[] {2});
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(folder.resolve("a/b"));
        }
    }
}
