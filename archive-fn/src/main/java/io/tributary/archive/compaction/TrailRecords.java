package io.tributary.archive.compaction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.tributary.archive.Partition;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * CloudTrail's own log files, {@code {"Records": […]}}, a file a member. It reads token by token as the bytes come, so that a file
 * of any size needs no more memory than a token.
 */
final class TrailRecords implements EventReader {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int RECORD_DEPTH = 2;

    private final Partition partition;
    private JsonParser parser;
    private int depth;
    private boolean inRecords;
    private boolean isTime;
    private long count;
    private long firstTime = Long.MAX_VALUE;
    private long lastTime;

    /** @param partition tells account and Region, as all files of it have the same */
    TrailRecords(Partition partition) {
        this.partition = partition;
        parser = parser();
    }

    private static JsonParser parser() {
        try {
            return JSON.createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void read(byte[] bytes, int from, int to) throws MalformedObjectException {
        try {
            ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).feedInput(bytes, from, to);
            tokens();
        } catch (IOException e) {
            throw new MalformedObjectException("a CloudTrail file that is no JSON");
        }
    }

    private void tokens() throws IOException {
        for (JsonToken token = parser.nextToken();
                token != JsonToken.NOT_AVAILABLE && token != null;
                token = parser.nextToken()) {
            switch (token) {
                case FIELD_NAME -> {
                    if (depth == 1) {
                        inRecords = parser.currentName().equals("Records");
                    }
                    isTime = inRecords
                            && depth == RECORD_DEPTH + 1
                            && parser.currentName().equals("eventTime");
                }
                case START_OBJECT, START_ARRAY -> {
                    if (token == JsonToken.START_OBJECT && inRecords && depth == RECORD_DEPTH) {
                        count++;
                    }
                    depth++;
                }
                case END_OBJECT, END_ARRAY -> depth--;
                case VALUE_STRING -> {
                    if (isTime) {
                        time(parser.getText());
                    }
                }
                default -> {
                    // other values tell nothing that is wanted
                }
            }
        }
    }

    private void time(String text) {
        try {
            long time = Instant.parse(text).toEpochMilli();
            firstTime = Math.min(firstTime, time);
            lastTime = Math.max(lastTime, time);
        } catch (DateTimeException e) {
            // an event without a valid time is kept as any other
        }
    }

    @Override
    public Events endMember() throws MalformedObjectException {
        try {
            ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).endOfInput();
            tokens();
            parser.close();
        } catch (IOException e) {
            throw new MalformedObjectException("a CloudTrail file that is no JSON");
        }
        if (depth != 0) {
            throw new MalformedObjectException("a CloudTrail file that ends within its JSON");
        }
        Events events = new Events(partition.account(), partition.region(), count);
        count = 0;
        inRecords = false;
        parser = parser();
        return events;
    }

    @Override
    public long firstTime() {
        return firstTime == Long.MAX_VALUE ? 0 : firstTime;
    }

    @Override
    public long lastTime() {
        return lastTime;
    }
}
