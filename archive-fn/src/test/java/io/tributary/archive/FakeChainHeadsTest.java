package io.tributary.archive;

class FakeChainHeadsTest extends ChainHeadsContract {
    @Override
    protected ArchiveStore store() {
        return new FakeStore();
    }
}
