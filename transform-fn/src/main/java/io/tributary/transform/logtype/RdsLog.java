package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import io.tributary.json.Numbers;
import io.tributary.ocsf.IpAddress;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;
import io.tributary.transform.logtype.AuditPluginLine.Column;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Logs of RDS and Aurora databases. The log group names the kind of log, and the instance or cluster; in a cluster's,
 * the log stream names the instance. Three kinds are taken apart, wherever they are found: {@link AuditPluginLine},
 * {@link SlowQuery} and {@link PostgresLine}. All others are kept as the message, with their level; nothing is
 * rejected.
 *
 * <table>
 * <caption>Mapping</caption>
 * <tr><td>audit: CONNECT, FAILED_CONNECT, DISCONNECT, CHANGEUSER</td><td>Authentication</td></tr>
 * <tr><td>audit: all else</td><td>Base Event: a query is its message, the user its actor</td></tr>
 * <tr><td>slowquery</td><td>Base Event: the statement is its message, Query_time its duration</td></tr>
 * <tr><td>postgresql</td><td>Base Event: the level is its severity, the user and process its actor</td></tr>
 * <tr><td>instance, cluster</td><td>device.name, device.groups</td></tr>
 * <tr><td>kind of log</td><td>metadata.type</td></tr>
 * <tr><td>all else</td><td>unmapped</td></tr>
 * </table>
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.html">
 *
 *     Publishing database logs to CloudWatch Logs</a>
 */
final class RdsLog implements LogType {
    private static final Product PRODUCT = Product.aws("RDS", "cloud", "host");
    private static final String LOG_GROUPS = "/aws/rds/";
    private static final String CLUSTERS = "/aws/rds/cluster/";
    private static final String INSTANCES = "/aws/rds/instance/";

    private static final Name TYPE = Name.of("type");
    private static final Name EVENT_CODE = Name.of("event_code");
    private static final Name LOG_LEVEL = Name.of("log_level");
    private static final Name MESSAGE = Name.of("message");
    private static final Name DURATION = Name.of("duration");
    private static final Name DEVICE = Name.of("device");
    private static final Name TYPE_ID = Name.of("type_id");
    private static final Name NAME = Name.of("name");
    private static final Name HOSTNAME = Name.of("hostname");
    private static final Name GROUPS = Name.of("groups");
    private static final Name ACTOR = Name.of("actor");
    private static final Name USER = Name.of("user");
    private static final Name SESSION = Name.of("session");
    private static final Name PROCESS = Name.of("process");
    private static final Name PID = Name.of("pid");
    private static final Name UID = Name.of("uid");
    private static final Name SERVICE = Name.of("service");
    private static final Name SRC_ENDPOINT = Name.of("src_endpoint");
    private static final Name DST_ENDPOINT = Name.of("dst_endpoint");
    private static final Name IP = Name.of("ip");
    private static final Name IS_REMOTE = Name.of("is_remote");
    private static final Name STATUS_ID = Name.of("status_id");
    private static final Name STATUS_CODE = Name.of("status_code");
    private static final Name UNMAPPED = Name.of("unmapped");
    private static final Name TIME = Name.of("time");
    private static final Name HOST = Name.of("host");
    private static final Name PORT = Name.of("port");
    private static final Name DATABASE = Name.of("database");
    private static final Name EFFECTIVE_USER = Name.of("effective_user");

    private static final int SERVER = 1;
    private static final int NO_LOGON = 0;
    private static final int LOGON = 1;
    private static final int LOGOFF = 2;
    private static final int ACCOUNT_SWITCH = 7;
    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;

    /** Centuries; more would not fit once they are milliseconds. */
    private static final int MOST_SECOND_DIGITS = 12;

    /** How far into a line of MySQL's error log its code is looked for. */
    private static final int LONGEST_PREFIX = 120;

    private static final byte[] SYSTEM = "[System] ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CODE = "[MY-".getBytes(StandardCharsets.US_ASCII);

    private final AuditPluginLine audit = new AuditPluginLine();
    private final SlowQuery slowQuery = new SlowQuery();
    private final PostgresLine postgres = new PostgresLine();

    @Override
    public String source() {
        return "rds";
    }

    @Override
    public List<String> logGroups() {
        return List.of("/aws/rds/instance/*", "/aws/rds/cluster/*");
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        byte[] text = event.bytes();
        if (audit.parse(text, event.from(), event.to())) {
            int activity = logonActivity();
            return activity == NO_LOGON ? writeAudit(event, document) : writeLogon(event, document, activity);
        }
        if (slowQuery.parse(text, event.from(), event.to())) {
            return writeSlowQuery(event, document);
        }
        if (postgres.parse(text, event.from(), event.to())) {
            return writePostgres(event, document);
        }
        return writeText(event, document);
    }

    // ---- audit

    private int logonActivity() {
        if (audit.is(Column.OPERATION, "CONNECT") || audit.is(Column.OPERATION, "FAILED_CONNECT")) {
            return LOGON;
        }
        if (audit.is(Column.OPERATION, "DISCONNECT")) {
            return LOGOFF;
        }
        return audit.is(Column.OPERATION, "CHANGEUSER") ? ACCOUNT_SWITCH : NO_LOGON;
    }

    private Parsed writeLogon(LogEvent event, Document document, int activity) {
        JsonOutput out = document.out();
        boolean refused = audit.is(Column.OPERATION, "FAILED_CONNECT");
        boolean failed = refused || audit.has(Column.RETCODE) && !audit.is(Column.RETCODE, "0");
        document.start(
                OcsfClass.AUTHENTICATION, activity, failed ? Severity.LOW : Severity.INFORMATIONAL, audit.time());
        auditMetadata(event, document);
        int user = out.openObject(USER);
        // the anonymous user's name is empty
        out.member(NAME, event.bytes(), audit.from(Column.USERNAME), audit.to(Column.USERNAME));
        audit.take(Column.USERNAME);
        out.closeObject(user);
        source(event, out);
        int destination = out.openObject(DST_ENDPOINT);
        audit.write(out, HOSTNAME, Column.SERVERHOST);
        out.member(NAME, instance(event));
        out.closeObject(destination);
        int service = out.openObject(SERVICE);
        out.member(NAME, "Amazon RDS");
        out.closeObject(service);
        auditSession(out);
        out.member(STATUS_ID, failed ? FAILURE : SUCCESS);
        audit.write(out, STATUS_CODE, Column.RETCODE);
        device(event, out);
        auditUnmapped(out);
        return Parsed.WRITTEN;
    }

    private void source(LogEvent event, JsonOutput out) {
        if (!audit.has(Column.HOST)) {
            return;
        }
        boolean local = audit.is(Column.HOST, "localhost") || audit.is(Column.HOST, "127.0.0.1");
        boolean address = IpAddress.is(event.bytes(), audit.from(Column.HOST), audit.to(Column.HOST));
        int source = out.openObject(SRC_ENDPOINT);
        audit.write(out, address ? IP : HOSTNAME, Column.HOST);
        out.closeObject(source);
        out.member(IS_REMOTE, !local);
    }

    private Parsed writeAudit(LogEvent event, Document document) {
        JsonOutput out = document.out();
        document.start(OcsfClass.BASE_EVENT, 0, Severity.INFORMATIONAL, audit.time());
        auditMetadata(event, document);
        if (audit.isQuery()) {
            audit.writeQuery(out, MESSAGE);
        }
        if (audit.isInteger(Column.RETCODE)) {
            out.member(STATUS_ID, audit.is(Column.RETCODE, "0") ? SUCCESS : FAILURE);
            audit.write(out, STATUS_CODE, Column.RETCODE);
        }
        int actor = out.openObject(ACTOR);
        int user = out.openObject(USER);
        audit.write(out, NAME, Column.USERNAME);
        out.closeObject(user);
        auditSession(out);
        out.closeObject(actor);
        int device = openDevice(event, out);
        audit.write(out, HOSTNAME, Column.SERVERHOST);
        out.closeObject(device);
        auditUnmapped(out);
        return Parsed.WRITTEN;
    }

    private void auditMetadata(LogEvent event, Document document) {
        JsonOutput out = document.out();
        int metadata = openMetadata(event, document);
        document.originalTime(event.bytes(), audit.from(Column.TIMESTAMP), audit.to(Column.TIMESTAMP));
        audit.take(Column.TIMESTAMP);
        audit.write(out, EVENT_CODE, Column.OPERATION);
        closeMetadata(event, document, metadata);
    }

    private void auditSession(JsonOutput out) {
        int session = out.openObject(SESSION);
        audit.write(out, UID, Column.CONNECTIONID);
        out.closeObject(session);
    }

    private void auditUnmapped(JsonOutput out) {
        int unmapped = out.openObject(UNMAPPED);
        audit.writeRest(out);
        out.closeObject(unmapped);
    }

    // ---- slow queries

    private Parsed writeSlowQuery(LogEvent event, Document document) {
        JsonOutput out = document.out();
        byte[] text = event.bytes();
        boolean timed = slowQuery.time() != Timestamps.NONE;
        long time = timed ? slowQuery.time() : event.timestamp();
        document.start(OcsfClass.BASE_EVENT, 0, Severity.INFORMATIONAL, time);
        int metadata = openMetadata(event, document);
        if (timed) {
            document.originalTime(text, slowQuery.timeFrom(), slowQuery.timeTo());
        }
        closeMetadata(event, document, metadata);
        member(out, MESSAGE, text, slowQuery.statement(), event.to());
        int queryTime = slowQuery.queryTime();
        duration(out, text, slowQuery.valueFrom(queryTime), slowQuery.valueTo(queryTime));
        int actor = out.openObject(ACTOR);
        int user = out.openObject(USER);
        member(out, NAME, text, slowQuery.userFrom(), slowQuery.userTo());
        out.closeObject(user);
        int connection = slowQuery.connection();
        if (connection >= 0) {
            int session = out.openObject(SESSION);
            member(out, UID, text, slowQuery.valueFrom(connection), slowQuery.valueTo(connection));
            out.closeObject(session);
        }
        out.closeObject(actor);
        device(event, out);
        int unmapped = out.openObject(UNMAPPED);
        if (!timed) {
            member(out, TIME, text, slowQuery.timeFrom(), slowQuery.timeTo());
        }
        member(out, EFFECTIVE_USER, text, slowQuery.effectiveUserFrom(), slowQuery.effectiveUserTo());
        member(out, HOST, text, slowQuery.hostFrom(), slowQuery.hostTo());
        member(out, IP, text, slowQuery.addressFrom(), slowQuery.addressTo());
        slowQuery.write(out, connection);
        out.closeObject(unmapped);
        return Parsed.WRITTEN;
    }

    /** Seconds with a fraction, as milliseconds. */
    private static void duration(JsonOutput out, byte[] text, int from, int to) {
        int point = from;
        while (point < to && text[point] != '.') {
            point++;
        }
        if (!Numbers.isLong(text, from, point) || point - from > MOST_SECOND_DIGITS || text[from] == '-') {
            return;
        }
        long millis = Numbers.parseLong(text, from, point) * 1000;
        int scale = 100;
        for (int i = point + 1; i < to && scale > 0; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return;
            }
            millis += (long) (text[i] - '0') * scale;
            scale /= 10;
        }
        out.member(DURATION, millis);
    }

    // ---- PostgreSQL

    private Parsed writePostgres(LogEvent event, Document document) {
        JsonOutput out = document.out();
        byte[] text = event.bytes();
        document.start(OcsfClass.BASE_EVENT, 0, postgres.severity(), postgres.time());
        int metadata = openMetadata(event, document);
        document.originalTime(text, postgres.timeFrom(), postgres.timeTo());
        out.member(LOG_LEVEL, text, postgres.levelFrom(), postgres.levelTo());
        closeMetadata(event, document, metadata);
        out.member(MESSAGE, text, postgres.message(), event.to());
        int actor = out.openObject(ACTOR);
        int process = out.openObject(PROCESS);
        out.member(PID, postgres.process());
        out.closeObject(process);
        int user = out.openObject(USER);
        member(out, NAME, text, postgres.userFrom(), postgres.userTo());
        out.closeObject(user);
        out.closeObject(actor);
        device(event, out);
        int unmapped = out.openObject(UNMAPPED);
        member(out, HOST, text, postgres.hostFrom(), postgres.hostTo());
        member(out, PORT, text, postgres.portFrom(), postgres.portTo());
        member(out, DATABASE, text, postgres.databaseFrom(), postgres.databaseTo());
        out.closeObject(unmapped);
        return Parsed.WRITTEN;
    }

    // ---- all else

    private static Parsed writeText(LogEvent event, Document document) {
        JsonOutput out = document.out();
        byte[] text = event.bytes();
        long level = LogLevel.find(text, event.from(), event.to());
        int levelFrom = (int) (level >> 32);
        int levelTo = (int) level;
        int system = level == LogLevel.NOWHERE ? indexOf(event, SYSTEM) : -1;
        Severity severity = level == LogLevel.NOWHERE ? Severity.UNKNOWN : LogLevel.ofWord(text, levelFrom, levelTo);
        document.start(OcsfClass.BASE_EVENT, 0, system < 0 ? severity : Severity.INFORMATIONAL, event.timestamp());
        int metadata = openMetadata(event, document);
        if (level != LogLevel.NOWHERE) {
            out.member(LOG_LEVEL, text, levelFrom, levelTo);
        } else if (system >= 0) {
            out.member(LOG_LEVEL, "System");
        }
        int code = indexOf(event, CODE);
        int codeEnd = code < 0 ? -1 : code + "[MY-010914".length();
        if (code >= 0 && codeEnd < event.to() && text[codeEnd] == ']') {
            out.member(EVENT_CODE, text, code + 1, codeEnd);
        }
        closeMetadata(event, document, metadata);
        out.member(MESSAGE, text, event.from(), event.to());
        device(event, out);
        return Parsed.WRITTEN;
    }

    private static int indexOf(LogEvent event, byte[] expected) {
        byte[] text = event.bytes();
        int limit = Math.min(event.to() - expected.length, event.from() + LONGEST_PREFIX);
        for (int i = event.from(); i <= limit; i++) {
            int matched = 0;
            while (matched < expected.length && text[i + matched] == expected[matched]) {
                matched++;
            }
            if (matched == expected.length) {
                return i;
            }
        }
        return -1;
    }

    // ---- what all have in common

    /** Opens the metadata, with the kind of log. */
    private static int openMetadata(LogEvent event, Document document) {
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        String logGroup = event.origin().logGroup();
        if (logGroup.startsWith(LOG_GROUPS)) {
            document.out().member(TYPE, logGroup.substring(logGroup.lastIndexOf('/') + 1));
        }
        return metadata;
    }

    private static void closeMetadata(LogEvent event, Document document, int metadata) {
        document.out().closeObject(metadata);
        document.out().closeObject(document.openCloud(event, event.bytes(), 0, 0, 0, 0));
    }

    private static void device(LogEvent event, JsonOutput out) {
        out.closeObject(openDevice(event, out));
    }

    /** Opens the database server that reports, with its cluster. */
    private static int openDevice(LogEvent event, JsonOutput out) {
        int device = out.openObject(DEVICE);
        out.member(TYPE_ID, SERVER);
        out.member(NAME, instance(event));
        String cluster = cluster(event);
        if (!cluster.isEmpty()) {
            int groups = out.openArray(GROUPS);
            int group = out.openObject();
            out.member(NAME, cluster);
            out.member(TYPE, "DB cluster");
            out.closeObject(group);
            out.closeArray(groups);
        }
        return device;
    }

    private static String cluster(LogEvent event) {
        String logGroup = event.origin().logGroup();
        return logGroup.startsWith(CLUSTERS) ? part(logGroup, CLUSTERS.length(), '/') : "";
    }

    /**
     * The instance: named by its log group, or in a cluster's by the log stream, perhaps followed by a dot and more.
     */
    private static String instance(LogEvent event) {
        String logGroup = event.origin().logGroup();
        String instance = logGroup.startsWith(INSTANCES)
                ? part(logGroup, INSTANCES.length(), '/')
                : part(event.origin().logStream(), 0, '.');
        return instance.isEmpty() ? "unknown" : instance;
    }

    private static String part(String text, int from, char separator) {
        int end = text.indexOf(separator, from);
        return end < 0 ? text.substring(from) : text.substring(from, end);
    }

    /** A string, unless it is empty. */
    private static void member(JsonOutput out, Name name, byte[] text, int from, int to) {
        if (to > from) {
            out.member(name, text, from, to);
        }
    }
}
