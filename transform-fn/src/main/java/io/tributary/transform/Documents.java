package io.tributary.transform;

import io.tributary.json.JsonOutput;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The documents of a record's data. They are read back from it rather than kept, so that memory does not grow with them,
 * and what is indexed is what was archived.
 */
final class Documents {
    private static final int CHUNK = 64 << 10;
    private static final int MEMBER_HEADER = 10;
    private static final int MEMBER_TRAILER = 8;

    private Documents() {}

    /** Calls back with each document, without its line feed, of data that {@link NdjsonWriter} made. */
    static void forEach(byte[] data, Consumer<byte[]> action) {
        JsonOutput line = new JsonOutput(4096);
        if (data.length == 0 || data[0] == '{') {
            lines(data, 0, data.length, line, action);
            return;
        }
        byte[] chunk = new byte[CHUNK];
        Inflater inflater = new Inflater(true);
        try {
            int position = 0;
            while (position < data.length) {
                inflater.reset();
                inflater.setInput(data, position + MEMBER_HEADER, data.length - position - MEMBER_HEADER);
                while (!inflater.finished()) {
                    int count = inflater.inflate(chunk);
                    if (count == 0 && inflater.needsInput()) {
                        throw new IllegalStateException("our own gzip member ends early");
                    }
                    lines(chunk, 0, count, line, action);
                }
                position = data.length - inflater.getRemaining() + MEMBER_TRAILER;
            }
        } catch (DataFormatException e) {
            throw new IllegalStateException("our own gzip member is corrupt", e);
        } finally {
            inflater.end();
        }
    }

    private static void lines(byte[] bytes, int from, int to, JsonOutput line, Consumer<byte[]> action) {
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                if (line.length() == 0) {
                    action.accept(Arrays.copyOfRange(bytes, start, i));
                } else {
                    action.accept(line.raw(bytes, start, i).toByteArray());
                    line.truncate(0);
                }
                start = i + 1;
            }
        }
        line.raw(bytes, start, to);
    }
}
