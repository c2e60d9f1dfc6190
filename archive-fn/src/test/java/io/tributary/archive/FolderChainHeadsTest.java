package io.tributary.archive;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FolderChainHeadsTest extends ChainHeadsContract {
    @TempDir
    private Path folder;

    @Override
    protected ArchiveStore store() {
        return new FolderArchiveStore(folder);
    }
}
