package io.tributary.archive.replay;

import io.tributary.archive.compaction.GzipMembers;
import io.tributary.archive.compaction.MalformedObjectException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes apart what Firehose writes of source records: one after the other, with nothing between them. Each is a gzip member or a
 * JSON object.
 */
final class RecordSplitter {
    private static final int BUFFER = 64 << 10;
    private static final int GZIP = 0x1f;

    /** No stream takes a record of more than 10 MiB. */
    private static final int MOST_BYTES = 64 << 20;

    private enum State {
        BETWEEN,
        MEMBER,
        OBJECT
    }

    private final GzipMembers members = new GzipMembers();
    private final ByteArrayOutputStream record = new ByteArrayOutputStream();
    private State state = State.BETWEEN;
    private int depth;
    private boolean inString;
    private boolean isEscaped;

    /** What is called with each record. */
    interface Visitor {
        void record(byte[] data) throws IOException;
    }

    /**
     * Takes an object apart.
     *
     * @throws UnreadableRecordsException if what follows is no record; those before it were called back with
     */
    void split(InputStream in, Visitor visitor) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            int at = 0;
            while (at < length) {
                at = step(buffer, at, length, visitor);
                if (record.size() > MOST_BYTES) {
                    throw new UnreadableRecordsException("a record is larger than a stream takes");
                }
            }
        }
        if (state != State.BETWEEN) {
            throw new UnreadableRecordsException("it ends within a record");
        }
    }

    private int step(byte[] buffer, int at, int end, Visitor visitor) throws IOException {
        switch (state) {
            case BETWEEN -> {
                byte next = buffer[at];
                if (next == GZIP) {
                    state = State.MEMBER;
                } else if (next == '{') {
                    state = State.OBJECT;
                } else if (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
                    return at + 1;
                } else {
                    throw new UnreadableRecordsException("there is neither gzip nor JSON after a record");
                }
                return at;
            }
            case MEMBER -> {
                int to = pass(buffer, at, end);
                record.write(buffer, at, to - at);
                if (members.isAtEnd()) {
                    emit(visitor);
                }
                return to;
            }
            case OBJECT -> {
                int to = object(buffer, at, end);
                record.write(buffer, at, to - at);
                if (depth == 0) {
                    emit(visitor);
                }
                return to;
            }
        }
        throw new IllegalStateException(state.name());
    }

    private int pass(byte[] buffer, int at, int end) throws UnreadableRecordsException {
        try {
            return members.pass(buffer, at, end);
        } catch (MalformedObjectException e) {
            throw new UnreadableRecordsException(e.getMessage());
        }
    }

    private void emit(Visitor visitor) throws IOException {
        state = State.BETWEEN;
        visitor.record(record.toByteArray());
        record.reset();
    }

    /** Goes on to the end of the object, or of the bytes. */
    private int object(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte next = bytes[i];
            if (isEscaped) {
                isEscaped = false;
            } else if (inString) {
                isEscaped = next == '\\';
                inString = next != '"';
            } else if (next == '"') {
                inString = true;
            } else if (next == '{') {
                depth++;
            } else if (next == '}') {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return to;
    }
}
