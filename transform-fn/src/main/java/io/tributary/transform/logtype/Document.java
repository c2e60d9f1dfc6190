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
    private static final Name UNMAPPED = Name.of("unmapped");

    private static final int ACTIVITIES = 100;

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
    private String source = "";
    private long processedTime;
    private int variableStart;
    private long time;
    private Product product;
    private byte[] metadata = {};
    private byte[] account = {};
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
    public void begin(Origin origin, String source, long processedTime) {
        this.origin = origin;
        this.source = source;
        this.processedTime = processedTime;
        this.product = null;
        this.account = origin.account().getBytes(StandardCharsets.UTF_8);
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

    /** Opens the document with its class, activity, severity and time. */
    public void start(OcsfClass ocsfClass, int activityId, Severity severity, long time) {
        this.time = time;
        out.openObject();
        out.name(TIMESTAMP).raw((byte) '"');
        timestamp(time);
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
        if (!origin.logGroup().isEmpty()) {
            constant.member(LOG_NAME, origin.logGroup());
        }
        if (!origin.logStream().isEmpty()) {
            constant.member(LOG_SOURCE, origin.logStream());
        }
        constant.member(PROCESSED_TIME, processedTime);
        return constant.toByteArray();
    }

    /** {@code metadata.uid} of an event whose source gives it no id: the one of CloudWatch Logs, else a hash of it. */
    public void uid(LogEvent event) {
        if (event.idFrom() == event.idTo()) {
            out.member(UID, event.hash());
        } else {
            out.name(UID)
                    .raw((byte) '"')
                    .raw(event.idBytes(), event.idFrom(), event.idTo())
                    .raw((byte) '"');
        }
    }

    /** {@code metadata.uid}: the source's own event id, or where the event has none, that of CloudWatch Logs. */
    public void uid(LogEvent event, JsonText json, int id) {
        if (json.isString(id) && !json.isEmpty(id)) {
            out.string(UID, json, id);
        } else {
            uid(event);
        }
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
     * Opens {@code cloud} with the account and Region of the event: its own where it names them, else those that CloudWatch
     * Logs gave, else the envelope's. The caller may add {@code zone}, and closes it.
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
        if (ownAccount) {
            json.take(accountNode);
        }
        if (ownRegion) {
            json.take(regionNode);
        }
        return mark;
    }

    private static boolean isPlain(JsonText json, int node) {
        return json.isString(node) && !json.isEmpty(node) && !json.isEscaped(node);
    }

    /** As the other, with the event's own account and Region as ranges of {@code bytes}; empty for none. */
    public int openCloud(LogEvent event, byte[] bytes, int accountFrom, int accountTo, int regionFrom, int regionTo) {
        int mark = out.length();
        boolean ownAccount =
                accountTo > accountFrom && !Arrays.equals(bytes, accountFrom, accountTo, account, 0, account.length);
        if (!ownAccount
                && regionTo <= regionFrom
                && event.systemAccount().isEmpty()
                && event.systemRegion().isEmpty()) {
            // by far the most events are of the envelope's account and name no Region
            out.raw(cloudMember);
            return mark;
        }
        out.openObject(CLOUD);
        out.member(PROVIDER, "AWS");
        if (regionTo > regionFrom) {
            out.member(REGION, bytes, regionFrom, regionTo);
        } else if (!event.systemRegion().isEmpty()) {
            out.member(REGION, event.systemRegion());
        } else {
            out.raw(regionMember);
        }
        if (ownAccount) {
            account(bytes, accountFrom, accountTo);
        } else if (accountTo <= accountFrom && !event.systemAccount().isEmpty()) {
            out.raw(accountMember(event.systemAccount()));
        } else {
            out.raw(accountMember);
        }
        return mark;
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
