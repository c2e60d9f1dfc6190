package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.json.Numbers;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Logs of Lambda functions: what the platform says of invocations, as JSON ({@code platform.start}, {@code
 * platform.report} …) or as text ({@code START}, {@code REPORT} …), and the lines of the functions themselves, which
 * are {@linkplain ApplicationLog application logs}. All of one request have the same {@code metadata.correlation_uid}.
 *
 * <p>The figures of a text line go to {@code unmapped} under the names they have in JSON, so that one query finds both.
 *
 * <table>
 * <caption>Mapping of platform events</caption>
 * <tr><td>type, or the line's first word</td><td>metadata.event_code</td></tr>
 * <tr><td>time</td><td>time, metadata.original_time</td></tr>
 * <tr><td>record.requestId</td><td>metadata.correlation_uid</td></tr>
 * <tr><td>record.metrics.durationMs</td><td>duration, rounded; and unmapped, exactly</td></tr>
 * <tr><td>record.status</td><td>status_id, status_code; severity_id High if not success</td></tr>
 * <tr><td>record.errorType</td><td>status_detail</td></tr>
 * <tr><td>text</td><td>message</td></tr>
 * <tr><td>all else</td><td>unmapped.record</td></tr>
 * </table>
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">Log formats</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html">Platform events</a>
 */
final class LambdaLog implements LogType {
    /** What the value of a text field goes to. */
    private enum Target {
        METRICS,
        RECORD,
        TRACING,
        REQUEST,
        STATUS,
        ERROR_TYPE
    }

    /** The fields of text lines; a label's name is the one of JSON. */
    private enum Field {
        REQUEST_ID("RequestId", "requestId", Target.REQUEST),
        VERSION("Version", "version", Target.RECORD),
        DURATION("Duration", "durationMs", Target.METRICS),
        BILLED_DURATION("Billed Duration", "billedDurationMs", Target.METRICS),
        MEMORY_SIZE("Memory Size", "memorySizeMB", Target.METRICS),
        MAX_MEMORY_USED("Max Memory Used", "maxMemoryUsedMB", Target.METRICS),
        INIT_DURATION("Init Duration", "initDurationMs", Target.METRICS),
        RESTORE_DURATION("Restore Duration", "restoreDurationMs", Target.METRICS),
        BILLED_RESTORE_DURATION("Billed Restore Duration", "billedRestoreDurationMs", Target.METRICS),
        STATUS("Status", "status", Target.STATUS),
        ERROR_TYPE("Error Type", "errorType", Target.ERROR_TYPE),
        PHASE("Phase", "phase", Target.RECORD),
        RUNTIME_VERSION("Runtime Version", "runtimeVersion", Target.RECORD),
        RUNTIME_VERSION_ARN("Runtime Version ARN", "runtimeVersionArn", Target.RECORD),
        NAME("Name", "name", Target.RECORD),
        STATE("State", "state", Target.RECORD),
        TRACE_ID("XRAY TraceId", "traceId", Target.TRACING),
        SEGMENT_ID("SegmentId", "segmentId", Target.TRACING),
        SAMPLED("Sampled", "sampled", Target.TRACING);

        private final String label;
        private final Name name;
        private final Target target;

        Field(String label, String name, Target target) {
            this.label = label;
            this.name = Name.of(name);
            this.target = target;
        }
    }

    private static final Field[] FIELDS = Field.values();

    /** The fields' labels as they stand in a line. */
    private static final byte[][] LABELS =
            Arrays.stream(FIELDS).map(field -> ascii(field.label + ": ")).toArray(byte[][]::new);

    /** How the platform's lines begin: a word, and the label that always follows it. */
    private static final byte[][] PLATFORM_LINES = {
        ascii("START RequestId: "),
        ascii("END RequestId: "),
        ascii("REPORT RequestId: "),
        ascii("INIT_START Runtime Version: "),
        ascii("INIT_REPORT Init Duration: "),
        ascii("RESTORE_START Runtime Version: "),
        ascii("RESTORE_REPORT Restore Duration: "),
        ascii("XRAY TraceId: "),
        ascii("EXTENSION\tName: "),
        ascii("TELEMETRY\tName: "),
        ascii("LOGS\tName: ")
    };

    private static final byte[] TRACE_ID_LABEL = ascii("TraceId: ");
    private static final byte[] REQUEST_ID_LABEL = ascii("RequestId: ");
    private static final byte[] ERROR = ascii(" Error: ");
    private static final byte[] EXITED = ascii(" Process exited before completing request");
    private static final byte[] TIMED_OUT = ascii("Task timed out after ");

    private static final Product PRODUCT = Product.aws("Lambda", "cloud");

    private static final Name TYPE = Name.of("type");
    private static final Name TIME = Name.of("time");
    private static final Name RECORD = Name.of("record");
    private static final Name REQUEST_ID = Name.of("requestId");
    private static final Name STATUS = Name.of("status");
    private static final Name ERROR_TYPE = Name.of("errorType");
    private static final Name METRICS = Name.of("metrics");
    private static final Name TRACING = Name.of("tracing");
    private static final Name DURATION_MS = Name.of("durationMs");

    private static final Name EVENT_CODE = Name.of("event_code");
    private static final Name CORRELATION_UID = Name.of("correlation_uid");
    private static final Name MESSAGE = Name.of("message");
    private static final Name DURATION = Name.of("duration");
    private static final Name STATUS_ID = Name.of("status_id");
    private static final Name STATUS_CODE = Name.of("status_code");
    private static final Name STATUS_DETAIL = Name.of("status_detail");
    private static final Name UNMAPPED = Name.of("unmapped");

    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;
    private static final int REQUEST_ID_LENGTH = 36;
    /** How many words may stand before the request id of a function's line: time, level, and one more. */
    private static final int WORDS_BEFORE_REQUEST_ID = 3;

    // where the values of the current text line are, by field; an empty range for none
    private final int[] from = new int[FIELDS.length];
    private final int[] to = new int[FIELDS.length];

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String source() {
        return "lambda";
    }

    @Override
    public List<String> logGroups() {
        return List.of("/aws/lambda/*");
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        JsonText json = event.json();
        int payload = event.payload();
        if (payload != JsonText.NONE) {
            return json.startsWith(json.find(payload, TYPE), "platform.")
                    ? writePlatformEvent(event, document)
                    : ApplicationLog.write(event, document, PRODUCT, 0, 0);
        }
        for (byte[] beginning : PLATFORM_LINES) {
            if (startsWith(event, event.from(), beginning)) {
                return writePlatformLine(event, document);
            }
        }
        int request = requestId(event);
        int requestEnd = request + REQUEST_ID_LENGTH;
        if (request >= 0 && isFailure(event, request)) {
            return writeFailure(event, document, request);
        }
        return ApplicationLog.write(event, document, PRODUCT, Math.max(request, 0), request < 0 ? 0 : requestEnd);
    }

    // ---- JSON

    private static Parsed writePlatformEvent(LogEvent event, Document document) {
        JsonOutput out = document.out();
        JsonText json = event.json();
        int payload = event.payload();
        int record = json.find(payload, RECORD);
        int status = json.find(record, STATUS);
        int timeNode = json.find(payload, TIME);
        long own = Timestamps.parseIso(json, timeNode);
        long time = own == Timestamps.NONE ? event.timestamp() : own;
        int type = json.find(payload, TYPE);
        document.start(OcsfClass.BASE_EVENT, 0, severity(json, type, status), time);
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        if (own != Timestamps.NONE) {
            document.originalTime(json, timeNode);
        }
        out.string(EVENT_CODE, json, type);
        int request = json.find(record, REQUEST_ID);
        if (json.isString(request)) {
            out.text(CORRELATION_UID, json, request);
        }
        out.closeObject(metadata);
        out.closeObject(document.openCloud(event, json, JsonText.NONE, JsonText.NONE));
        if (json.isString(record)) {
            out.string(MESSAGE, json, record);
        }
        int duration = json.find(json.find(record, METRICS), DURATION_MS);
        if (json.kind(duration) == JsonText.Kind.NUMBER) {
            duration(out, json.bytes(), json.start(duration), json.end(duration));
        }
        if (json.isString(status) && !json.isEmpty(status)) {
            out.member(STATUS_ID, json.is(status, "success") ? SUCCESS : FAILURE);
            out.string(STATUS_CODE, json, status);
        }
        int errorType = json.find(record, ERROR_TYPE);
        if (json.isString(errorType)) {
            out.text(STATUS_DETAIL, json, errorType);
        }
        document.unmapped(json);
        return Parsed.WRITTEN;
    }

    private static Severity severity(JsonText json, int type, int status) {
        boolean failed = json.isString(status) && !json.isEmpty(status) && !json.is(status, "success");
        if (failed || json.is(type, "platform.fault")) {
            return Severity.HIGH;
        }
        return json.is(type, "platform.logsDropped") ? Severity.MEDIUM : Severity.INFORMATIONAL;
    }

    // ---- text of the platform

    private Parsed writePlatformLine(LogEvent event, Document document) {
        JsonOutput out = document.out();
        byte[] text = event.bytes();
        int word = event.from();
        while (text[word] != ' ' && text[word] != '\t') {
            word++;
        }
        split(event, word + 1);
        boolean failed = has(Field.STATUS) && !isSuccess(text);
        document.start(OcsfClass.BASE_EVENT, 0, failed ? Severity.HIGH : Severity.INFORMATIONAL, event.timestamp());
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        out.member(EVENT_CODE, text, event.from(), word);
        member(out, CORRELATION_UID, text, Field.REQUEST_ID);
        out.closeObject(metadata);
        out.closeObject(document.openCloud(event, text, 0, 0, 0, 0));
        out.member(MESSAGE, text, event.from(), event.to());
        if (has(Field.DURATION)) {
            duration(out, text, from(Field.DURATION), to(Field.DURATION));
        }
        if (has(Field.STATUS)) {
            out.member(STATUS_ID, failed ? FAILURE : SUCCESS);
            member(out, STATUS_CODE, text, Field.STATUS);
        }
        member(out, STATUS_DETAIL, text, Field.ERROR_TYPE);
        int unmapped = out.openObject(UNMAPPED);
        int record = out.openObject(RECORD);
        members(out, text, Target.RECORD);
        int metrics = out.openObject(METRICS);
        members(out, text, Target.METRICS);
        out.closeObject(metrics);
        int tracing = out.openObject(TRACING);
        members(out, text, Target.TRACING);
        out.closeObject(tracing);
        out.closeObject(record);
        out.closeObject(unmapped);
        return Parsed.WRITTEN;
    }

    /**
     * Finds the fields of a line: labels and values, separated by tabs. The message keeps the ones that are not known.
     */
    private void split(LogEvent event, int start) {
        byte[] text = event.bytes();
        Arrays.fill(from, 0);
        Arrays.fill(to, 0);
        int i = start;
        while (i < event.to()) {
            int field = field(event, i);
            // only after a request id does the next label follow a space
            boolean spaces = field == Field.REQUEST_ID.ordinal();
            int value = field < 0 ? i : valueStart(text, i);
            int end = value;
            while (end < event.to() && text[end] != '\t' && text[end] != '\n' && !(spaces && text[end] == ' ')) {
                end++;
            }
            if (field >= 0) {
                from[field] = value;
                to[field] = withoutUnit(text, value, end);
            }
            i = end + 1;
        }
    }

    /** The field whose label stands here; the index of {@link #FIELDS}, or -1. */
    private static int field(LogEvent event, int at) {
        for (int i = 0; i < FIELDS.length; i++) {
            if (startsWith(event, at, LABELS[i])) {
                return i;
            }
        }
        // in the XRAY line the label's first word is the line's
        return startsWith(event, at, TRACE_ID_LABEL) ? Field.TRACE_ID.ordinal() : -1;
    }

    private static int valueStart(byte[] text, int label) {
        int i = label;
        while (text[i] != ':') {
            i++;
        }
        return i + 2;
    }

    private static int withoutUnit(byte[] text, int from, int to) {
        int end = to;
        while (end > from && (text[end - 1] == ' ' || text[end - 1] == '\r')) {
            end--;
        }
        boolean unit = end - from > 3
                && text[end - 3] == ' '
                && (text[end - 2] == 'm' && text[end - 1] == 's' || text[end - 2] == 'M' && text[end - 1] == 'B');
        return unit ? end - 3 : end;
    }

    private int from(Field field) {
        return from[field.ordinal()];
    }

    private int to(Field field) {
        return to[field.ordinal()];
    }

    private boolean has(Field field) {
        return to(field) > from(field);
    }

    private boolean isSuccess(byte[] text) {
        return to(Field.STATUS) - from(Field.STATUS) == 7 && text[from(Field.STATUS)] == 's';
    }

    private void member(JsonOutput out, Name name, byte[] text, Field field) {
        if (has(field)) {
            out.member(name, text, from(field), to(field));
        }
    }

    private void members(JsonOutput out, byte[] text, Target target) {
        for (Field field : FIELDS) {
            if (field.target == target && has(field)) {
                if (isDecimal(text, from(field), to(field))) {
                    out.name(field.name).raw(text, from(field), to(field));
                } else {
                    out.member(field.name, text, from(field), to(field));
                }
            }
        }
    }

    // ---- text about failures

    /** Where a line of text names its request: behind {@code RequestId: }, or among its first words; -1 if nowhere. */
    private static int requestId(LogEvent event) {
        byte[] text = event.bytes();
        int i = event.from();
        if (startsWith(event, i, REQUEST_ID_LABEL)) {
            i += REQUEST_ID_LABEL.length;
        }
        for (int words = 0; words <= WORDS_BEFORE_REQUEST_ID && i < event.to(); words++) {
            int end = i;
            while (end < event.to() && text[end] > ' ') {
                end++;
            }
            if (isRequestId(text, i, end)) {
                return i;
            }
            if (end < event.to() && text[end] == '\n') {
                return -1;
            }
            i = end + 1;
        }
        return -1;
    }

    private static boolean isRequestId(byte[] text, int from, int to) {
        if (to - from != REQUEST_ID_LENGTH) {
            return false;
        }
        for (int i = 0; i < REQUEST_ID_LENGTH; i++) {
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            if (hyphen ? text[from + i] != '-' : Character.digit(text[from + i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFailure(LogEvent event, int request) {
        int after = request + REQUEST_ID_LENGTH;
        return isTimeout(event, request)
                || startsWith(event, event.from(), REQUEST_ID_LABEL)
                        && (startsWith(event, after, ERROR) || startsWith(event, after, EXITED));
    }

    /** {@code <time> <request id> Task timed out after 3.00 seconds}, or with {@code RequestId:} and {@code Error:}. */
    private static boolean isTimeout(LogEvent event, int request) {
        int after = request + REQUEST_ID_LENGTH;
        return startsWith(event, after + 1, TIMED_OUT)
                || startsWith(event, after, ERROR) && startsWith(event, after + ERROR.length, TIMED_OUT);
    }

    private static Parsed writeFailure(LogEvent event, Document document, int request) {
        JsonOutput out = document.out();
        byte[] text = event.bytes();
        document.start(OcsfClass.BASE_EVENT, 0, Severity.HIGH, event.timestamp());
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        out.member(CORRELATION_UID, text, request, request + REQUEST_ID_LENGTH);
        out.closeObject(metadata);
        out.closeObject(document.openCloud(event, text, 0, 0, 0, 0));
        out.member(MESSAGE, text, event.from(), event.to());
        out.member(STATUS_ID, FAILURE);
        out.member(STATUS_CODE, isTimeout(event, request) ? "timeout" : "error");
        return Parsed.WRITTEN;
    }

    // ---- figures

    /** Writes milliseconds with a fraction as whole ones, rounded. */
    private static void duration(JsonOutput out, byte[] text, int from, int to) {
        int point = from;
        while (point < to && text[point] != '.') {
            point++;
        }
        boolean whole = Numbers.isLong(text, from, point) && text[from] != '-';
        if (whole && (point == to || isDecimal(text, from, to))) {
            boolean up = point + 1 < to && text[point + 1] >= '5';
            out.member(DURATION, Numbers.parseLong(text, from, point) + (up ? 1 : 0));
        }
    }

    /** Whether this is a number as JSON has it, with a fraction or without, that everybody reads alike. */
    private static boolean isDecimal(byte[] text, int from, int to) {
        int point = from;
        while (point < to && text[point] != '.') {
            point++;
        }
        if (!Numbers.isLong(text, from, point) || point + 1 == to) {
            return false;
        }
        for (int i = point + 1; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return Numbers.isExact(text, from, to);
    }

    private static boolean startsWith(LogEvent event, int at, byte[] expected) {
        if (at + expected.length > event.to()) {
            return false;
        }
        byte[] text = event.bytes();
        for (int i = 0; i < expected.length; i++) {
            if (text[at + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
