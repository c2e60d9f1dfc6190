package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;

/**
 * Logs of applications, and whatever no other type takes: JSON objects as the usual libraries write them, and plain
 * text. Nothing is rejected. What is no JSON object is text, multi-line or not.
 *
 * <p>Of an object, the first of the members listed here counts, directly in it or, for Elastic's schema, in {@code
 * log}. A time counts if it is within a day of the one that CloudWatch Logs gave: a clock that is far off, or a
 * timestamp that belongs to something else, must not move the event into another day's partition.
 *
 * <table>
 * <caption>Mapping</caption>
 * <tr><td>message, msg, event …</td><td>message</td></tr>
 * <tr><td>level, severity, log.level …</td><td>severity_id, metadata.log_level</td></tr>
 * <tr><td>timestamp, time, ts …</td><td>time, metadata.original_time</td></tr>
 * <tr><td>requestId, correlation_id, trace_id …</td><td>metadata.correlation_uid</td></tr>
 * <tr><td>logger, logger_name …</td><td>metadata.log_provider</td></tr>
 * <tr><td>all else</td><td>unmapped</td></tr>
 * </table>
 *
 * @see <a href="https://www.elastic.co/guide/en/ecs-logging/overview/current/intro.html">ECS logging</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">
 *     Lambda's JSON</a>
 */
final class ApplicationLog implements LogType {
    private static final Product PRODUCT = Product.aws("CloudWatch Logs", "cloud");

    private static final Name[] MESSAGES = names(
            "message", "msg", "@message", "short_message", "log", "event", "text", "body", "errorMessage", "error");
    private static final Name[] LEVELS = names(
            "level",
            "severity",
            "log.level",
            "@level",
            "levelname",
            "logLevel",
            "log_level",
            "loglevel",
            "lvl",
            "severityText",
            "severity_text");
    private static final Name[] TIMES = names("timestamp", "@timestamp", "time", "ts");
    /** What one invocation has in common comes before what joins several. */
    private static final Name[] CORRELATIONS = names(
            "requestId",
            "request_id",
            "AWSRequestId",
            "awsRequestId",
            "aws_request_id",
            "function_request_id",
            "correlationId",
            "correlation_id",
            "traceId",
            "trace_id",
            "trace.id",
            "xray_trace_id");

    private static final Name[] LOGGERS =
            names("logger", "logger_name", "loggerName", "log.logger", "@module", "logger.name");

    private static final Name LOG = Name.of("log");
    private static final Name LEVEL = Name.of("level");
    private static final Name LOGGER = Name.of("logger");

    private static final Name MESSAGE = Name.of("message");
    private static final Name LOG_LEVEL = Name.of("log_level");
    private static final Name LOG_PROVIDER = Name.of("log_provider");
    private static final Name CORRELATION_UID = Name.of("correlation_uid");

    private static final long DAY = 86_400_000;

    private static Name[] names(String... names) {
        Name[] result = new Name[names.length];
        for (int i = 0; i < names.length; i++) {
            result[i] = Name.of(names[i]);
        }
        return result;
    }

    @Override
    public String source() {
        return "application";
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        return write(event, document, PRODUCT, 0, 0);
    }

    /**
     * The mapping, for the product that runs the application.
     *
     * @param requestFrom where the event's text names its request, and {@code requestTo} where that ends; equal if
     * nowhere
     */
    static Parsed write(LogEvent event, Document document, Product product, int requestFrom, int requestTo) {
        JsonText json = event.json();
        boolean isText = event.payload() == JsonText.NONE || json.isEmpty(json.root());
        return isText
                ? writeText(event, document, product, requestFrom, requestTo)
                : writeObject(event, document, product);
    }

    private static Parsed writeText(
            LogEvent event, Document document, Product product, int requestFrom, int requestTo) {
        JsonOutput out = document.out();
        byte[] text = event.bytes();
        long level = LogLevel.find(text, event.from(), event.to());
        document.start(OcsfClass.BASE_EVENT, 0, severity(text, level), event.timestamp());
        int metadata = document.openMetadata(product, event);
        document.uid(event);
        if (level != LogLevel.NOWHERE) {
            out.member(LOG_LEVEL, text, (int) (level >> 32), (int) level);
        }
        if (requestTo > requestFrom) {
            out.member(CORRELATION_UID, text, requestFrom, requestTo);
        }
        out.closeObject(metadata);
        out.closeObject(document.openCloud(event, text, 0, 0, 0, 0));
        out.member(MESSAGE, text, event.from(), event.to());
        return Parsed.WRITTEN;
    }

    private static Parsed writeObject(LogEvent event, Document document, Product product) {
        JsonOutput out = document.out();
        JsonText json = event.json();
        int object = event.payload();
        int nested = json.find(object, LOG);
        int level = level(json, object, nested);
        int message = scalar(json, object, MESSAGES);
        int timeNode = time(json, object);
        long time = near(event, timeNode);
        document.start(OcsfClass.BASE_EVENT, 0, severity(json, level, message), time);
        int metadata = document.openMetadata(product, event);
        document.uid(event);
        document.originalTime(json, timeNode);
        out.text(LOG_LEVEL, json, level);
        int logger = scalar(json, object, LOGGERS);
        out.text(LOG_PROVIDER, json, logger == JsonText.NONE ? scalar(json, json.find(nested, LOGGER)) : logger);
        out.text(CORRELATION_UID, json, scalar(json, object, CORRELATIONS));
        out.closeObject(metadata);
        out.closeObject(document.openCloud(event, json, JsonText.NONE, JsonText.NONE));
        out.text(MESSAGE, json, message);
        document.unmapped(json);
        return Parsed.WRITTEN;
    }

    // ---- members

    private static int level(JsonText json, int object, int nested) {
        int level = scalar(json, object, LEVELS);
        return level == JsonText.NONE ? scalar(json, json.find(nested, LEVEL)) : level;
    }

    /** The first member of these that is text or a number. */
    private static int scalar(JsonText json, int object, Name[] names) {
        for (Name name : names) {
            int node = scalar(json, json.find(object, name));
            if (node != JsonText.NONE) {
                return node;
            }
        }
        return JsonText.NONE;
    }

    private static int scalar(JsonText json, int node) {
        boolean number = json.kind(node) == JsonText.Kind.NUMBER;
        return number || json.isString(node) && !json.isEmpty(node) ? node : JsonText.NONE;
    }

    // ---- severity

    private static Severity severity(byte[] text, long level) {
        return level == LogLevel.NOWHERE ? Severity.UNKNOWN : LogLevel.ofWord(text, (int) (level >> 32), (int) level);
    }

    private static Severity severity(JsonText json, int level, int message) {
        if (json.isInteger(level)) {
            return LogLevel.ofNumber(json.integer(level, -1));
        }
        if (json.isString(level)) {
            return LogLevel.ofWord(json.bytes(), json.start(level) + 1, json.end(level) - 1);
        }
        if (!json.isString(message)) {
            return Severity.UNKNOWN;
        }
        // a line of text that was only wrapped
        byte[] bytes = json.bytes();
        return severity(bytes, LogLevel.find(bytes, json.start(message) + 1, json.end(message) - 1));
    }

    // ---- time

    /** The first member that is a time. */
    private static int time(JsonText json, int object) {
        for (Name name : TIMES) {
            int node = json.find(object, name);
            if (millis(json, node) != Timestamps.NONE) {
                return node;
            }
        }
        return JsonText.NONE;
    }

    private static long near(LogEvent event, int node) {
        long time = millis(event.json(), node);
        return time != Timestamps.NONE && Math.abs(time - event.timestamp()) <= DAY ? time : event.timestamp();
    }

    private static long millis(JsonText json, int node) {
        boolean string = json.isString(node);
        if (!string && json.kind(node) != JsonText.Kind.NUMBER) {
            return Timestamps.NONE;
        }
        int quote = string ? 1 : 0;
        int from = json.start(node) + quote;
        int to = json.end(node) - quote;
        long iso = string ? Timestamps.parseIso(json.bytes(), from, to) : Timestamps.NONE;
        return iso == Timestamps.NONE ? epoch(json.bytes(), from, to) : iso;
    }

    /**
     * An epoch time of 10 digits in seconds, with any fraction, or of 13, 16 or 19 in milli-, micro- or nanoseconds.
     */
    private static long epoch(byte[] text, int from, int to) {
        int digits = digits(text, from, to);
        boolean fraction = from + digits < to;
        if (fraction && (digits != 10 || text[from + digits] != '.')) {
            return Timestamps.NONE;
        }
        int point = from + digits + 1;
        if (fraction && (point == to || digits(text, point, to) != to - point)) {
            return Timestamps.NONE;
        }
        if (digits != 10 && digits != 13 && digits != 16 && digits != 19) {
            return Timestamps.NONE;
        }
        long millis = 0;
        for (int i = 0; i < 13; i++) {
            // the fraction of seconds follows its point
            int at = from + i + (digits == 10 && i >= 10 ? 1 : 0);
            millis = millis * 10 + (at < to ? text[at] - '0' : 0);
        }
        return Timestamps.isValid(millis) ? millis : Timestamps.NONE;
    }

    private static int digits(byte[] text, int from, int to) {
        int i = from;
        while (i < to && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        return i - from;
    }
}
