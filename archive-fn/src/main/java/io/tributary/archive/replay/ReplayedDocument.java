package io.tributary.archive.replay;

import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.Timestamps;
import java.util.Arrays;
import java.util.Optional;

/**
 * A document of the archive.
 *
 * @param json one line, without its end
 * @param uid its {@code metadata.uid}, by which it is known wherever it was indexed before
 * @param time that it is found by, its {@code @timestamp}, or {@code time} where it has none; epoch milliseconds
 * @param account empty if it has none
 */
public record ReplayedDocument(byte[] json, String uid, long time, String account) {
    private static final Name METADATA = Name.of("metadata");
    private static final Name UID = Name.of("uid");
    private static final Name TIMESTAMP = Name.of("@timestamp");
    private static final Name TIME = Name.of("time");
    private static final Name CLASS_UID = Name.of("class_uid");
    private static final Name CLOUD = Name.of("cloud");
    private static final Name ACCOUNT = Name.of("account");

    /** Reads documents, for one thread. */
    static final class Reader {
        private final JsonText json = new JsonText();

        /** The document of a line; empty if it is none of ours. */
        Optional<ReplayedDocument> read(byte[] bytes, int from, int to) {
            json.parse(bytes, from, to);
            int root = json.root();
            if (!json.isObject(root) || !json.isInteger(json.find(root, CLASS_UID))) {
                return Optional.empty();
            }
            Optional<String> uid = json.text(json.find(METADATA, UID));
            long timestamp = Timestamps.parseIso(json, json.find(root, TIMESTAMP));
            long time = timestamp == Timestamps.NONE ? json.integer(json.find(root, TIME), -1) : timestamp;
            return uid.isEmpty() || time < 0
                    ? Optional.empty()
                    : Optional.of(new ReplayedDocument(
                            Arrays.copyOfRange(bytes, json.start(root), json.end(root)),
                            uid.get(),
                            time,
                            json.text(json.find(CLOUD, ACCOUNT, UID)).orElse("")));
        }
    }
}
