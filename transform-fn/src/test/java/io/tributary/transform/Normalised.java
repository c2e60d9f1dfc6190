package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.transform.logtype.Arrival;
import io.tributary.transform.logtype.LogEvent;
import io.tributary.transform.logtype.Origin;
import java.nio.charset.StandardCharsets;

/**
 * One event, normalised at a fixed time.
 *
 * @param document without its line feed
 */
record Normalised(String document, String source, boolean isRejected, long time) {
    /** 2026-03-01T10:00:00Z. */
    static final long LOGGED = 1_772_359_200_000L;

    static final long PROCESSED = LOGGED + 5_000;

    private static final byte[] ID =
            "39526091784780418849722705040817278826855179647008100000".getBytes(StandardCharsets.US_ASCII);

    static Normalised of(Fixture fixture) {
        return of(fixture, fixture.message());
    }

    /** Another message, from where the fixture comes from. */
    static Normalised of(Fixture fixture, byte[] message) {
        return of(fixture.settings(), fixture.origin(), message);
    }

    static Normalised of(TransformSettings settings, Origin origin, byte[] message) {
        JsonOutput out = new JsonOutput(1024);
        Normaliser normaliser = new Normaliser(settings, out);
        normaliser.begin(origin, new Arrival(LOGGED, PROCESSED));
        long time = normaliser.write(
                new LogEvent().set(origin, message, 0, message.length, LOGGED).id(ID, 0, ID.length));
        String line = out.toString();
        if (!line.endsWith("}\n")) {
            throw new AssertionError("a document ends with its line feed, not with: " + line);
        }
        return new Normalised(
                line.substring(0, line.length() - 1), normaliser.lastSource(), normaliser.lastRejected(), time);
    }
}
