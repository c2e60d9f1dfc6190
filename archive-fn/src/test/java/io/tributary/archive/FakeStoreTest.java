package io.tributary.archive;

class FakeStoreTest extends ArchiveStoreContract {
    @Override
    protected ArchiveStore store() {
        return new FakeStore();
    }
}
