package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * One OCSF document while it is written. A log type calls, in this order, {@link #start}, {@link #openMetadata} (and
 * closes it), {@link #openCloud} (and closes it), then writes its attributes to {@link #out()}, and ends with {@link
 * #unmapped}.
 *
 * <p>Documents are lean: captions that only restate an id ({@code class_name}, {@code type_name} …) are written only where
 * configured.
 */
public final class Document {
    /** The version of the schema that documents conform to. */
    public static final String OCSF_VERSION = "1.8.0";

    private static final Name TIMESTAMP = Name.of("@timestamp");
    private static final Name TIME = Name.of("time");
    private static final Name METADATA = Name.of("metadata");
    private static final Name LOG_NAME = Name.of("log_name");
    private static final Name LOG_SOURCE = Name.of("log_source");
    private static final Name SOURCE = Name.of("source");
    private static final Name PROCESSED_TIME = Name.of("processed_time");
    private static final Name LOGGED_TIME = Name.of("logged_time");
    private static final Name ORIGINAL_TIME = Name.of("original_time");
    private static final Name CLOUD = Name.of("cloud");
    private static final Name PROVIDER = Name.of("provider");
    private static final Name REGION = Name.of("region");
    private static final Name ACCOUNT = Name.of("account");
    private static final Name NAME = Name.of("name");
    private static final Name UID = Name.of("uid");
    private static final Name TENANT_UID = Name.of("tenant_uid");
    private static final Name TRANSMIT_TIME = Name.of("transmit_time");
    private static final Name ORIGINAL_EVENT_UID = Name.of("original_event_uid");
    private static final Name UNMAPPED = Name.of("unmapped");

    private static final int ACTIVITIES = 100;

    /** Longer ids are no ids of any source; a search engine's are at most 512 bytes. */
    private static final int LONGEST_ID = 256;

    /** {@code "class_uid":…,"severity_id":…}, by class, activity and severity. */
    private final byte[][] heads = new byte[OcsfClass.values().length * ACTIVITIES * Severity.values().length][];

    private static final long MINUTE = 60_000;

    /** {@code 2026-01-31T23:59:} of the last event: the next is mostly of the same minute. */
    private final byte[] minutePrefix = new byte[17];

    private long lastMinute = -1;

    private final JsonOutput out;
    private final Map<String, String> accountNames;
    private final boolean captions;

    private Origin origin = Origin.NONE;
    private Arrival arrival = new Arrival(0, 0);
    private String source = "";
    private int variableStart;
    private long time;
    private long timestamp;
    private boolean accountHolds;
    private boolean regionHolds;
    private Product product;
    private byte[] metadata = {};
    private byte[] account = {};
    private byte[] region = {};
    /** What stands before the id that CloudWatch Logs gave an event. */
    private byte[] uidPrefix = {};

    private byte[] accountMember = {};
    private byte[] regionMember = {};
    /** {@code ,"cloud":{…} } with the envelope's account and Region, open. */
    private byte[] cloudMember = {};

    /**
     * @param out what documents are written to
     * @param accountNames names by account id
     * @param captions whether to write the captions of ids
     */
    public Document(JsonOutput out, Map<String, String> accountNames, boolean captions) {
        this.out = out;
        this.accountNames = Map.copyOf(accountNames);
        this.captions = captions;
    }

    /** What the following documents have in common: encoded once for an envelope. */
    public void begin(Origin origin, String source, Arrival arrival) {
        this.origin = origin;
        this.source = source;
        this.arrival = arrival;
        this.product = null;
        this.account = origin.account().getBytes(StandardCharsets.UTF_8);
        this.region = origin.region().getBytes(StandardCharsets.UTF_8);
        this.uidPrefix = uidPrefix(account);
        this.accountMember = accountMember(origin.account());
        this.regionMember = regionMember(origin.region());
        JsonOutput cloud = new JsonOutput(128);
        cloud.raw((byte) ' ').name(CLOUD).raw((byte) '{');
        cloud.member(PROVIDER, "AWS");
        cloud.raw(regionMember).raw(accountMember);
        this.cloudMember = afterBlank(cloud);
    }

    public JsonOutput out() {
        return out;
    }

    /** Where the part of the document begins that depends on more than the envelope and the time. */
    public int variableStart() {
        return variableStart;
    }

    /**
     * Opens the document with its class, activity, severity and time. {@code @timestamp} is the time by which it is stored and found:
     * {@code time} itself, unless that lies far from the delivery.
     */
    public void start(OcsfClass ocsfClass, int activityId, Severity severity, long time) {
        this.time = time;
        this.timestamp = arrival.clamp(origin, time);
        out.openObject();
        out.name(TIMESTAMP).raw((byte) '"');
        timestamp(timestamp);
        out.raw((byte) '"');
        out.member(TIME, time);
        int index = (ocsfClass.ordinal() * ACTIVITIES + activityId) * Severity.values().length + severity.ordinal();
        byte[] head = heads[index];
        if (head == null) {
            head = head(ocsfClass, activityId, severity);
            heads[index] = head;
        }
        out.raw(head);
    }

    /** The time by which the document that was started last is found, epoch milliseconds. */
    public long timestamp() {
        return timestamp;
    }

    private void timestamp(long time) {
        long minute = time / MINUTE;
        if (minute != lastMinute) {
            lastMinute = minute;
            int start = out.length();
            Timestamps.writeIso(out, time);
            System.arraycopy(out.bytes(), start, minutePrefix, 0, minutePrefix.length);
            return;
        }
        int ofMinute = (int) (time - minute * MINUTE);
        out.raw(minutePrefix)
                .digits(ofMinute / 1000, 2)
                .raw((byte) '.')
                .digits(ofMinute % 1000, 3)
                .raw((byte) 'Z');
    }

    private byte[] head(OcsfClass ocsfClass, int activityId, Severity severity) {
        JsonOutput head = new JsonOutput(128);
        head.raw((byte) ' ');
        head.member(Name.of("class_uid"), ocsfClass.uid());
        head.member(Name.of("category_uid"), ocsfClass.categoryUid());
        head.member(Name.of("activity_id"), activityId);
        head.member(Name.of("type_uid"), ocsfClass.uid() * 100L + activityId);
        head.member(Name.of("severity_id"), severity.id());
        if (captions) {
            String activity = ocsfClass.activityCaption(activityId);
            head.member(Name.of("class_name"), ocsfClass.caption());
            head.member(Name.of("category_name"), ocsfClass.categoryCaption());
            head.member(Name.of("activity_name"), activity);
            head.member(Name.of("type_name"), ocsfClass.caption() + ": " + activity);
            head.member(Name.of("severity"), severity.caption());
        }
        return Arrays.copyOfRange(head.bytes(), 1, head.length());
    }

    /**
     * Opens {@code metadata} with what does not depend on the event, and the time that CloudWatch Logs has, where it differs. The
     * caller adds {@link #uid} and, where the source names them, {@link #originalTime}, {@code event_code},
     * {@code log_version} and the like, and closes it with {@link JsonOutput#closeObject}.
     */
    public int openMetadata(Product product, LogEvent event) {
        int mark = out.openObject(METADATA);
        if (this.product != product) {
            this.product = product;
            this.metadata = metadata(product);
        }
        out.raw(metadata);
        if (!arrival.isTold(timestamp)) {
            // of a file, or a record that was put back after a long time
            out.member(TRANSMIT_TIME, origin.kind() == Origin.Kind.FILE ? timestamp : arrival.delivered());
        }
        variableStart = out.length();
        if (event.timestamp() != time) {
            out.member(LOGGED_TIME, event.timestamp());
        }
        return mark;
    }

    private byte[] metadata(Product product) {
        JsonOutput constant = new JsonOutput(256);
        constant.raw(product.encoded());
        constant.member(SOURCE, source);
        if (!origin.account().isEmpty()) {
            constant.member(TENANT_UID, origin.account());
        }
        if (!origin.logGroup().isEmpty()) {
            constant.member(LOG_NAME, origin.logGroup());
        }
        if (!origin.logStream().isEmpty()) {
            constant.member(LOG_SOURCE, origin.logStream());
        }
        constant.member(PROCESSED_TIME, arrival.processed());
        return constant.toByteArray();
    }

    private static byte[] uidPrefix(byte[] account) {
        JsonOutput prefix = new JsonOutput(16);
        if (account.length > 0) {
            prefix.escaped(account, 0, account.length).raw((byte) '/');
        }
        return prefix.toByteArray();
    }

    /**
     * {@code metadata.uid} of an event: the account that delivered it, and the id that CloudWatch Logs, or EventBridge, gave it, else a hash of it.
     * Nobody who writes a log line can choose either.
     */
    public void uid(LogEvent event) {
        out.name(UID).raw((byte) '"').raw(uidPrefix);
        if (event.idFrom() == event.idTo()) {
            out.ascii(event.hash());
        } else {
            out.raw(event.idBytes(), event.idFrom(), event.idTo());
        }
        out.raw((byte) '"');
    }

    /**
     * {@code metadata.uid} of an event that has an id of its source's: it counts only where the origin is trusted. For ids that the source
     * itself makes unique; where the source's client, or whoever writes the line, can choose one, two events may have the same, and the second would
     * replace the first: such a type calls {@link #uid(LogEvent)}. An id that does not count is {@code metadata.original_event_uid}.
     */
    public void uid(LogEvent event, JsonText json, int id) {
        uid(event, json, id, JsonText.NONE);
    }

    /**
     * As the other, with an id that several events share, and what tells them apart.
     *
     * @param version such as the time of an update; {@link JsonText#NONE} if the id is one event's alone
     */
    public void uid(LogEvent event, JsonText json, int id, int version) {
        if (!origin.isTrusted() || !isId(json, id) || version != JsonText.NONE && !isId(json, version)) {
            uid(event);
            out.text(ORIGINAL_EVENT_UID, json, id);
            return;
        }
        out.name(UID).raw((byte) '"').raw(json.bytes(), json.start(id) + 1, json.end(id) - 1);
        if (version != JsonText.NONE) {
            out.raw((byte) '@').raw(json.bytes(), json.start(version) + 1, json.end(version) - 1);
        }
        out.raw((byte) '"');
        json.take(id);
    }

    /** Whether a value can be an id, and is of no form that {@link #uid(LogEvent)} makes. */
    private static boolean isId(JsonText json, int node) {
        if (!json.isString(node) || json.isEmpty(node) || json.end(node) - json.start(node) > LONGEST_ID) {
            return false;
        }
        for (int i = json.start(node) + 1; i < json.end(node) - 1; i++) {
            byte b = json.bytes()[i];
            if (b <= ' ' || b == 0x7f || b == '\\' || b == '/') {
                return false;
            }
        }
        return true;
    }

    /** {@code metadata.original_time}: the event's time as its source wrote it. */
    public void originalTime(JsonText json, int node) {
        out.text(ORIGINAL_TIME, json, node);
    }

    /** {@code metadata.original_time}: the event's time as its source wrote it. */
    public void originalTime(byte[] bytes, int from, int to) {
        out.member(ORIGINAL_TIME, bytes, from, to);
    }

    /**
     * Opens {@code cloud} with the account and Region of the event: of a trusted origin its own where it names them; else, and of all others, the
     * account that delivered it, and the Region that CloudWatch Logs tells. What an event of another origin names and is otherwise is a claim, and
     * stays where it is. The caller may add {@code zone}, and closes it.
     *
     * @param accountNode the event's own account, or {@link JsonText#NONE}
     * @param regionNode the event's own Region, or {@link JsonText#NONE}
     */
    public int openCloud(LogEvent event, JsonText json, int accountNode, int regionNode) {
        boolean ownAccount = isPlain(json, accountNode);
        boolean ownRegion = isPlain(json, regionNode);
        int mark = openCloud(
                event,
                json.bytes(),
                ownAccount ? json.start(accountNode) + 1 : 0,
                ownAccount ? json.end(accountNode) - 1 : 0,
                ownRegion ? json.start(regionNode) + 1 : 0,
                ownRegion ? json.end(regionNode) - 1 : 0);
        if (ownAccount && accountHolds) {
            json.take(accountNode);
        }
        if (ownRegion && regionHolds) {
            json.take(regionNode);
        }
        return mark;
    }

    private static boolean isPlain(JsonText json, int node) {
        return json.isString(node) && !json.isEmpty(node) && !json.isEscaped(node);
    }

    /**
     * As the other, with the event's own account and Region as ranges of {@code bytes}; empty for none. {@link #accountHolds} and {@link
     * #regionHolds} tell whether they are those of the document.
     */
    public int openCloud(LogEvent event, byte[] bytes, int accountFrom, int accountTo, int regionFrom, int regionTo) {
        int mark = out.length();
        boolean otherAccount =
                accountTo > accountFrom && !Arrays.equals(bytes, accountFrom, accountTo, account, 0, account.length);
        boolean otherRegion =
                regionTo > regionFrom && !Arrays.equals(bytes, regionFrom, regionTo, region, 0, region.length);
        accountHolds = origin.isTrusted() || !otherAccount;
        regionHolds = origin.isTrusted() || !otherRegion;
        boolean isOfEnvelope =
                event.systemAccount().isEmpty() && event.systemRegion().isEmpty();
        if (isOfEnvelope && !(otherAccount && accountHolds) && !(otherRegion && regionHolds)) {
            // by far the most events are of the envelope's account and Region, or may name no other
            out.raw(cloudMember);
            return mark;
        }
        out.openObject(CLOUD);
        out.member(PROVIDER, "AWS");
        region(event.systemRegion(), bytes, regionFrom, regionTo);
        if (otherAccount && accountHolds) {
            account(bytes, accountFrom, accountTo);
        } else if (accountTo <= accountFrom && !event.systemAccount().isEmpty()) {
            out.raw(accountMember(event.systemAccount()));
        } else {
            out.raw(accountMember);
        }
        return mark;
    }

    private void region(String system, byte[] bytes, int from, int to) {
        if (to > from && origin.isTrusted()) {
            out.member(REGION, bytes, from, to);
        } else if (!system.isEmpty()) {
            byte[] told = system.getBytes(StandardCharsets.UTF_8);
            regionHolds = Arrays.equals(bytes, from, to, told, 0, told.length);
            out.member(REGION, told, 0, told.length);
        } else {
            out.raw(regionMember);
        }
    }

    /** Whether the account that the event names is that of the document, whose {@code cloud} was opened last. */
    public boolean accountHolds() {
        return accountHolds;
    }

    /** Whether the Region that the event names is that of the document, whose {@code cloud} was opened last. */
    public boolean regionHolds() {
        return regionHolds;
    }

    private void account(byte[] bytes, int from, int to) {
        if (accountNames.isEmpty()) {
            int mark = out.openObject(ACCOUNT);
            out.member(UID, bytes, from, to);
            out.closeObject(mark);
        } else {
            out.raw(accountMember(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        }
    }

    private byte[] accountMember(String id) {
        JsonOutput member = new JsonOutput(64);
        if (!id.isEmpty()) {
            member.raw((byte) ' ');
            int mark = member.openObject(ACCOUNT);
            member.member(UID, id);
            String name = accountNames.get(id);
            if (name != null) {
                member.member(NAME, name);
            }
            member.closeObject(mark);
        }
        return afterBlank(member);
    }

    private static byte[] regionMember(String region) {
        JsonOutput member = new JsonOutput(32);
        if (!region.isEmpty()) {
            member.raw((byte) ' ').member(REGION, region);
        }
        return afterBlank(member);
    }

    /** What follows the blank that makes the first member start with a comma. */
    private static byte[] afterBlank(JsonOutput member) {
        return Arrays.copyOfRange(member.bytes(), Math.min(1, member.length()), member.length());
    }

    /** Everything that the mapping did not take, under {@code unmapped}. */
    public void unmapped(JsonText json) {
        out.remainder(UNMAPPED, json, json.root());
    }
}
