package io.tributary.archive;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FolderArchiveStoreTest extends ArchiveStoreContract {
    @TempDir
    private Path folder;

    @Override
    protected ArchiveStore store() {
        return new FolderArchiveStore(folder);
    }
}
