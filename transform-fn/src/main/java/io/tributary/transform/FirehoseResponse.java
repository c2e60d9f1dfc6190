package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;

/**
 * Writes the answer to a transformation request: every record by its id, with its result.
 *
 * @see <a href="https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html">Status model</a>
 */
public final class FirehoseResponse {
    private static final Name RECORDS = Name.of("records");
    private static final Name RECORD_ID = Name.of("recordId");
    private static final Name RESULT = Name.of("result");
    private static final Name DATA = Name.of("data");
    private static final Name METADATA = Name.of("metadata");
    private static final Name PARTITION_KEYS = Name.of("partitionKeys");

    private FirehoseResponse() {}

    public static void write(List<SourceRecord> records, List<Outcome> outcomes, OutputStream target)
            throws IOException {
        JsonOutput out = new JsonOutput(64 << 10);
        int object = out.openObject();
        int array = out.openArray(RECORDS);
        for (int i = 0; i < records.size(); i++) {
            int record = out.openObject();
            out.member(RECORD_ID, records.get(i).id());
            Outcome outcome = outcomes.get(i);
            if (outcome instanceof Outcome.Ok ok) {
                ok(out, ok);
            } else {
                out.member(RESULT, outcome instanceof Outcome.Dropped ? "Dropped" : "ProcessingFailed");
            }
            out.closeObject(record);
        }
        if (records.isEmpty()) {
            out.raw((byte) ']');
        } else {
            out.closeArray(array);
        }
        out.closeObject(object);
        target.write(out.bytes(), 0, out.length());
    }

    private static void ok(JsonOutput out, Outcome.Ok ok) {
        out.member(RESULT, "Ok");
        byte[] base64 = Base64.getEncoder().encode(ok.data());
        out.name(DATA).raw((byte) '"').raw(base64).raw((byte) '"');
        int metadata = out.openObject(METADATA);
        int keys = out.openObject(PARTITION_KEYS);
        ok.partitionKeys().forEach((key, value) -> out.member(Name.of(key), value));
        out.closeObject(keys);
        out.closeObject(metadata);
    }
}
