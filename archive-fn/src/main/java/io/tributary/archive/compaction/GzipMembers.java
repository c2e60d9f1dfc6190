package io.tributary.archive.compaction;

/** Finds the ends of gzip members as their bytes pass. */
public final class GzipMembers {
    private final GzipScanner scanner = new GzipScanner(new EventReader() {
        @Override
        public void read(byte[] bytes, int from, int to) {}

        @Override
        public Events endMember() {
            return new Events("", "", 0);
        }

        @Override
        public long firstTime() {
            return 0;
        }

        @Override
        public long lastTime() {
            return 0;
        }
    });

    /**
     * Passes bytes to the end of the member, or of the bytes.
     *
     * @return where it stopped
     * @throws MalformedObjectException if they are none of a member
     */
    public int pass(byte[] bytes, int from, int to) throws MalformedObjectException {
        return scanner.scanMember(bytes, from, to);
    }

    /** Whether the last bytes that passed were the end of a member. */
    public boolean isAtEnd() {
        return scanner.isBetweenMembers();
    }
}
