package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
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

    private static final Name TIME = Name.of("time");
    private static final Name CLASS_UID = Name.of("class_uid");
    private static final Name METADATA = Name.of("metadata");
    private static final Name UID = Name.of("uid");

    private Replayed() {}

    /**
     * Writes the document, without its closing brace.
     *
     * @return its time, epoch milliseconds; {@link Timestamps#NONE} if it is no document of ours, and nothing was written
     */
    static long write(LogEvent event, JsonOutput out) {
        JsonText json = event.json();
        int root = json.root();
        if (!json.isObject(root)
                || !json.isString(json.find(METADATA, UID))
                || !json.isInteger(json.find(root, CLASS_UID))) {
            return Timestamps.NONE;
        }
        long time = json.integer(json.find(root, TIME), Timestamps.NONE);
        if (!Timestamps.isValid(time)) {
            return Timestamps.NONE;
        }
        out.raw(event.bytes(), json.start(root), json.end(root) - 1);
        return time;
    }
}
