package io.tributary.transform;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The size of the answer to a request. Every record's shortest answer is set aside first, so that there is always room to
 * name it; what is left goes to the records' data, first come, first served.
 */
final class Budget {
    /** More than a record's answer has besides its id and data. */
    private static final int OVERHEAD = 256;

    private static final int FRAME = 64;
    private long left;

    Budget(int bytes, List<SourceRecord> records) {
        left = (long) bytes - FRAME;
        for (SourceRecord record : records) {
            left -= overhead(record.id());
        }
    }

    private static int overhead(String id) {
        return OVERHEAD + id.getBytes(StandardCharsets.UTF_8).length;
    }

    /** How many bytes of data, before base64, there is room for. */
    int dataBytes() {
        return (int) Math.max(0, left / 4 * 3);
    }

    void spend(Outcome.Ok ok) {
        left -= base64(ok.data().length);
    }

    /** Whether a record's data would fit into an answer of its own. */
    static boolean fitsAlone(String id, int data) {
        return FRAME + overhead(id) + base64(data) <= Transformer.MAX_RESPONSE_BYTES;
    }

    private static long base64(long bytes) {
        return (bytes + 2) / 3 * 4;
    }
}
