package io.tributary.archive.compaction;

import io.tributary.archive.compaction.Manifest.Member;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Looks through an object of gzip members as its bytes pass: where each member begins, whether it is whole, and what events an
 * {@link EventReader} finds in it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipScanner implements AutoCloseable {
    private static final int FIXED_HEADER = 10;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int TRAILER = 8;

    private enum State {
        BEGIN,
        HEADER,
        EXTRA_LENGTH,
        SKIP,
        TEXT,
        DATA,
        TRAILER
    }

    private final EventReader reader;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final MessageDigest expanded = Digests.sha256();
    private final byte[] out = new byte[64 << 10];
    private final byte[] small = new byte[FIXED_HEADER];
    private final List<Member> members = new ArrayList<>();

    private State state = State.BEGIN;
    private int smallLength;
    private int flags;
    private int skip;
    private long position;
    private long memberStart;
    private long memberExpanded;
    private long events;

    GzipScanner(EventReader reader) {
        this.reader = reader;
    }

    /**
     * Looks at the next bytes.
     *
     * @throws MalformedObjectException if they do not belong to gzip members of lines
     */
    void scan(byte[] bytes, int from, int length) throws MalformedObjectException {
        int at = from;
        int end = from + length;
        while (at < end) {
            at = scanMember(bytes, at, end);
        }
    }

    /**
     * Looks at the next bytes, to the end of the member or of the bytes.
     *
     * @return where it stopped
     */
    int scanMember(byte[] bytes, int from, int end) throws MalformedObjectException {
        int at = from;
        do {
            int before = at;
            at = step(bytes, at, end);
            position += at - before;
        } while (at < end && state != State.BEGIN);
        return at;
    }

    /** Whether the next byte is the first of a member. */
    boolean isBetweenMembers() {
        return state == State.BEGIN;
    }

    private int step(byte[] bytes, int at, int end) throws MalformedObjectException {
        return switch (state) {
            case BEGIN -> {
                memberStart = position;
                memberExpanded = 0;
                crc.reset();
                inflater.reset();
                smallLength = 0;
                state = State.HEADER;
                yield at;
            }
            case HEADER -> header(bytes, at);
            case EXTRA_LENGTH -> {
                small[smallLength++] = bytes[at];
                if (smallLength == 2) {
                    skip = Byte.toUnsignedInt(small[0]) | Byte.toUnsignedInt(small[1]) << 8;
                    flags &= ~EXTRA;
                    state = skip > 0 ? State.SKIP : afterHeader();
                }
                yield at + 1;
            }
            case SKIP -> {
                if (--skip == 0) {
                    state = afterHeader();
                }
                yield at + 1;
            }
            case TEXT -> {
                if (bytes[at] == 0) {
                    flags &= (flags & NAME) != 0 ? ~NAME : ~COMMENT;
                    state = afterHeader();
                }
                yield at + 1;
            }
            case DATA -> data(bytes, at, end);
            case TRAILER -> trailer(bytes, at);
        };
    }

    private int header(byte[] bytes, int at) throws MalformedObjectException {
        small[smallLength++] = bytes[at];
        if (smallLength == FIXED_HEADER) {
            if ((small[0] & 0xff) != 0x1f || (small[1] & 0xff) != 0x8b || small[2] != 8) {
                throw new MalformedObjectException("not gzip at byte " + memberStart);
            }
            flags = small[3];
            smallLength = 0;
            state = afterHeader();
        }
        return at + 1;
    }

    /** What of the optional header comes next. */
    private State afterHeader() {
        smallLength = 0;
        if ((flags & EXTRA) != 0) {
            return State.EXTRA_LENGTH;
        }
        if ((flags & (NAME | COMMENT)) != 0) {
            return State.TEXT;
        }
        if ((flags & HEADER_CRC) != 0) {
            flags &= ~HEADER_CRC;
            skip = 2;
            return State.SKIP;
        }
        return State.DATA;
    }

    private int data(byte[] bytes, int at, int end) throws MalformedObjectException {
        inflater.setInput(bytes, at, end - at);
        try {
            while (true) {
                int count = inflater.inflate(out);
                if (count > 0) {
                    crc.update(out, 0, count);
                    expanded.update(out, 0, count);
                    memberExpanded += count;
                    reader.read(out, 0, count);
                } else if (inflater.finished()) {
                    smallLength = 0;
                    state = State.TRAILER;
                    return end - inflater.getRemaining();
                } else if (inflater.needsDictionary()) {
                    throw new MalformedObjectException("gzip data with a dictionary at byte " + memberStart);
                } else {
                    return end;
                }
            }
        } catch (DataFormatException e) {
            throw new MalformedObjectException("damaged gzip data in the member at byte " + memberStart);
        }
    }

    private int trailer(byte[] bytes, int at) throws MalformedObjectException {
        small[smallLength++] = bytes[at];
        if (smallLength == TRAILER) {
            if (littleEndian(0) != crc.getValue() || littleEndian(4) != (memberExpanded & 0xffffffffL)) {
                throw new MalformedObjectException("a wrong checksum in the member at byte " + memberStart);
            }
            EventReader.Events found = reader.endMember();
            events += found.count();
            members.add(new Member(
                    found.account(), found.region(), memberStart, position + 1 - memberStart, found.count()));
            state = State.BEGIN;
        }
        return at + 1;
    }

    private long littleEndian(int from) {
        long value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << 8 | Byte.toUnsignedInt(small[from + i]);
        }
        return value;
    }

    /**
     * Says that there are no more bytes.
     *
     * @throws MalformedObjectException if the object ends within a member, or is empty
     */
    void finish() throws MalformedObjectException {
        if (state != State.BEGIN) {
            throw new MalformedObjectException("the object ends within the member at byte " + memberStart);
        }
        if (members.isEmpty()) {
            throw new MalformedObjectException("the object is empty");
        }
    }

    /** The members, with offsets within the object. */
    List<Member> members() {
        return members;
    }

    long events() {
        return events;
    }

    /** The SHA-256 of all that was decompressed, in hexadecimal. */
    String sha256Expanded() {
        return HexFormat.of().formatHex(expanded.digest());
    }

    @Override
    public void close() {
        inflater.end();
    }
}
