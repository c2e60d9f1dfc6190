package io.tributary.transform;

import io.tributary.json.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses a record into a buffer that is used again for the next: gzip of any number of members (RFC 1952), or plain
 * text as it is. Unlike {@code GZIPInputStream} it does not take a broken further member for the end of the data.
 */
final class Gunzip implements AutoCloseable {
    private static final int FIRST_CAPACITY = 256 << 10;
    /** How much a record usually shrinks, so that the buffer is seldom grown. */
    private static final int USUAL_RATIO = 10;

    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int FILE_NAME = 8;
    private static final int COMMENT = 16;

    private final int maxBytes;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private byte[] buffer = {};
    private byte[] text = {};
    private int length;

    /** @param maxBytes the largest size after decompression */
    Gunzip(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The text, in an array that may be longer than {@link #length()}; valid until the next record. */
    byte[] text() {
        return text;
    }

    int length() {
        return length;
    }

    /** Reads a record. Bytes that are not UTF-8 become U+FFFD, so that one of them costs no more than itself. */
    void expand(byte[] data) throws MalformedRecordException {
        if (isGzip(data, 0)) {
            length = 0;
            int position = 0;
            while (position < data.length) {
                position = member(data, position);
            }
            text = buffer;
        } else {
            if (data.length > maxBytes) {
                throw tooLarge();
            }
            text = data;
            length = data.length;
        }
        if (!Utf8.isValid(text, 0, length)) {
            text = new String(text, 0, length, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            length = text.length;
        }
    }

    private static boolean isGzip(byte[] data, int at) {
        return data.length - at >= 2 && data[at] == 0x1f && data[at + 1] == (byte) 0x8b;
    }

    private MalformedRecordException tooLarge() {
        return new MalformedRecordException("expands to more than " + maxBytes + " bytes");
    }

    /** Reads one member; the position after it. */
    private int member(byte[] data, int start) throws MalformedRecordException {
        int body = header(data, start);
        inflater.reset();
        inflater.setInput(data, body, data.length - body);
        int from = length;
        try {
            while (!inflater.finished()) {
                if (length == buffer.length) {
                    grow(data.length);
                }
                int count = inflater.inflate(buffer, length, buffer.length - length);
                length += count;
                if (length > maxBytes) {
                    throw tooLarge();
                }
                if (count == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new MalformedRecordException("gzip data ends early");
                }
            }
        } catch (DataFormatException e) {
            throw new MalformedRecordException("gzip data is corrupt: " + e.getMessage());
        }
        int trailer = data.length - inflater.getRemaining();
        if (data.length - trailer < TRAILER) {
            throw new MalformedRecordException("gzip data ends early");
        }
        crc.reset();
        crc.update(buffer, from, length - from);
        if (crc.getValue() != littleEndian(data, trailer) || (length - from) != (int) littleEndian(data, trailer + 4)) {
            throw new MalformedRecordException("gzip data is corrupt: wrong checksum");
        }
        return trailer + TRAILER;
    }

    private static int header(byte[] data, int start) throws MalformedRecordException {
        if (!isGzip(data, start)) {
            throw new MalformedRecordException("bytes after the gzip data are not gzip");
        }
        if (data.length - start < HEADER + TRAILER) {
            throw new MalformedRecordException("gzip data ends early");
        }
        if (data[start + 2] != 8) {
            throw new MalformedRecordException("gzip data is corrupt: unknown compression method");
        }
        int flags = data[start + 3];
        int position = start + HEADER;
        if ((flags & EXTRA) != 0 && position + 2 <= data.length) {
            position += 2 + (data[position] & 0xff) + ((data[position + 1] & 0xff) << 8);
        }
        if ((flags & FILE_NAME) != 0) {
            position = afterZero(data, position);
        }
        if ((flags & COMMENT) != 0) {
            position = afterZero(data, position);
        }
        if ((flags & HEADER_CRC) != 0) {
            position += 2;
        }
        if (position > data.length) {
            throw new MalformedRecordException("gzip data ends early");
        }
        return position;
    }

    private static int afterZero(byte[] data, int from) {
        int i = from;
        while (i < data.length && data[i] != 0) {
            i++;
        }
        return i + 1;
    }

    private static long littleEndian(byte[] data, int at) {
        return data[at] & 0xffL
                | (data[at + 1] & 0xffL) << 8
                | (data[at + 2] & 0xffL) << 16
                | (data[at + 3] & 0xffL) << 24;
    }

    private void grow(int compressed) {
        long wanted =
                Math.max(Math.max(FIRST_CAPACITY, (long) compressed * USUAL_RATIO), buffer.length + buffer.length / 2L);
        // one byte more than allowed, so that reaching the limit is not mistaken for passing it
        buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, maxBytes + 1L));
    }

    @Override
    public void close() {
        inflater.end();
    }
}
