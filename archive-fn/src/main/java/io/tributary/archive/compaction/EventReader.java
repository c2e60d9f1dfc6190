package io.tributary.archive.compaction;

/** Reads the events of an object as its decompressed bytes pass, member by member. */
interface EventReader {
    /**
     * The events of a member.
     *
     * @param account empty if none tells
     */
    record Events(String account, String region, long count) {}

    void read(byte[] bytes, int from, int to) throws MalformedObjectException;

    /** Ends a member. */
    Events endMember() throws MalformedObjectException;

    /** Of all events, epoch milliseconds; 0 if none tells. */
    long firstTime();

    long lastTime();
}
