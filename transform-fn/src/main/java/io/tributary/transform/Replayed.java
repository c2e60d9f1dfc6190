package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.DeliveryWindow;
import io.tributary.ocsf.Timestamps;
import io.tributary.transform.logtype.LogEvent;

/**
 * Documents from the archive that are put on the log stream again, in envelopes like those of CloudWatch Logs. They stay as they
 * are, so that they are searchable under their old {@code metadata.uid}, and have a partition of their own, so that they are not
 * archived a second time. Nobody else can have this owner: CloudWatch Logs writes the account's id there.
 */
final class Replayed {
    /** The owner of an envelope of them. */
    static final String OWNER = "tributary.replay";

    /** The source of their partition. */
    static final String SOURCE = "replayed";

    private static final Name TIMESTAMP = Name.of("@timestamp");
    private static final Name TIME = Name.of("time");
    private static final Name CLASS_UID = Name.of("class_uid");
    private static final Name METADATA = Name.of("metadata");
    private static final Name UID = Name.of("uid");
    private static final Name TRANSMIT_TIME = Name.of("transmit_time");
    private static final Name PROCESSED_TIME = Name.of("processed_time");

    private Replayed() {}

    /**
     * Writes the document, without its closing brace. It is as it was, but that the time by which it is found lies near the one at which it was
     * made: documents of before that was so may claim any.
     *
     * @param json what it is indexed by
     * @return the time by which it is found, epoch milliseconds; {@link Timestamps#NONE} if it is no document of ours, and nothing was written
     */
    static long write(LogEvent event, JsonText json, JsonOutput out) {
        json.parse(event.bytes(), event.from(), event.to());
        int root = json.root();
        int metadata = json.find(root, METADATA);
        if (!json.isString(json.find(metadata, UID)) || !json.isInteger(json.find(root, CLASS_UID))) {
            return Timestamps.NONE;
        }
        int timestamp = json.find(root, TIMESTAMP);
        long own = Timestamps.parseIso(json, timestamp);
        long time = own == Timestamps.NONE ? json.integer(json.find(root, TIME), Timestamps.NONE) : own;
        if (!Timestamps.isValid(time)) {
            return Timestamps.NONE;
        }
        long made = json.integer(
                json.find(metadata, TRANSMIT_TIME), json.integer(json.find(metadata, PROCESSED_TIME), time));
        long found = Timestamps.isValid(made) ? DeliveryWindow.clampProcessed(time, made) : time;
        if (found == own) {
            out.raw(json.bytes(), json.start(root), json.end(root) - 1);
        } else {
            json.take(timestamp);
            out.openObject();
            out.name(TIMESTAMP).raw((byte) '"');
            Timestamps.writeIso(out, found);
            out.raw((byte) '"');
            out.remainingMembers(json, root);
        }
        return found;
    }
}
