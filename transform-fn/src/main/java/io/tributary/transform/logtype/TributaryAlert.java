package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.IpAddress;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;

/**
 * Tributary's own alerts, which the alert function puts on the log stream as EventBridge events. Only an event that comes
 * without a log group is taken for one: what is in a log group may have been written by anybody.
 */
final class TributaryAlert implements LogType {
    private static final Product PRODUCT = Product.of("Tributary", "Alerts", "cloud");

    private static final Name SOURCE = Name.of("source");
    private static final Name TIME = Name.of("time");
    private static final Name ID = Name.of("id");
    private static final Name ACCOUNT = Name.of("account");
    private static final Name REGION = Name.of("region");

    private static final Name KEY = Name.of("key");
    private static final Name RULE = Name.of("rule");
    private static final Name TITLE = Name.of("title");
    private static final Name WHY = Name.of("why");
    private static final Name SEVERITY_ID = Name.of("severity_id");
    private static final Name TECHNIQUES = Name.of("techniques");
    private static final Name IS_FOLLOW_UP = Name.of("is_follow_up");
    private static final Name IS_SENT = Name.of("is_sent");
    private static final Name EVENTS = Name.of("events");
    private static final Name EVENT_UID = Name.of("event_uid");
    private static final Name EVENT_TIME = Name.of("event_time");
    private static final Name FINDING_TYPE = Name.of("finding_type");
    private static final Name WHO = Name.of("who");
    private static final Name ADDRESS = Name.of("address");

    private static final Name CORRELATION_UID = Name.of("correlation_uid");
    private static final Name MESSAGE = Name.of("message");
    private static final Name COUNT = Name.of("count");
    private static final Name IS_ALERT = Name.of("is_alert");
    private static final Name STATUS_ID = Name.of("status_id");
    private static final Name FINDING_INFO = Name.of("finding_info");
    private static final Name UID = Name.of("uid");
    private static final Name NAME = Name.of("name");
    private static final Name DESC = Name.of("desc");
    private static final Name CREATED_TIME = Name.of("created_time");
    private static final Name LAST_SEEN_TIME = Name.of("last_seen_time");
    private static final Name ANALYTIC = Name.of("analytic");
    private static final Name TYPE_ID = Name.of("type_id");
    private static final Name TYPES = Name.of("types");
    private static final Name ATTACKS = Name.of("attacks");
    private static final Name TECHNIQUE = Name.of("technique");
    private static final Name EVIDENCES = Name.of("evidences");
    private static final Name API = Name.of("api");
    private static final Name OPERATION = Name.of("operation");
    private static final Name SERVICE = Name.of("service");
    private static final Name ACTOR = Name.of("actor");
    private static final Name USER = Name.of("user");
    private static final Name SRC_ENDPOINT = Name.of("src_endpoint");
    private static final Name IP = Name.of("ip");
    private static final Name SVC_NAME = Name.of("svc_name");

    private static final int CREATE = 1;
    private static final int UPDATE = 2;
    private static final int NEW = 1;
    private static final int ANALYTIC_RULE = 1;

    private JsonText json = new JsonText();
    private JsonOutput out = new JsonOutput(16);

    @Override
    public String source() {
        return "tributary-alerts";
    }

    @Override
    public boolean recognises(LogEvent event) {
        JsonText text = event.json();
        return event.origin().logGroup().isEmpty()
                && event.isEventBridge()
                && text.is(text.find(text.root(), SOURCE), "tributary.alert");
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        json = event.json();
        out = document.out();
        int alert = event.payload();
        int sent = json.find(json.root(), TIME);
        int key = string(alert, KEY);
        int rule = string(alert, RULE);
        long time = Timestamps.parseIso(json, sent);
        if (time == Timestamps.NONE || key == JsonText.NONE || rule == JsonText.NONE) {
            return new Parsed.Rejected("no alert: expected time, key and rule");
        }
        boolean again = json.kind(json.find(alert, IS_FOLLOW_UP)) == JsonText.Kind.TRUE;
        int level = json.find(alert, SEVERITY_ID);
        document.start(OcsfClass.DETECTION_FINDING, again ? UPDATE : CREATE, severity(level), time);
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event, json, json.find(json.root(), ID));
        out.text(CORRELATION_UID, json, string(alert, EVENT_UID));
        document.originalTime(json, sent);
        out.closeObject(metadata);
        out.closeObject(
                document.openCloud(event, json, json.find(json.root(), ACCOUNT), json.find(json.root(), REGION)));
        out.text(MESSAGE, json, string(alert, MESSAGE));
        findingInfo(alert, key, rule, time);
        evidence(alert);
        out.integer(COUNT, json, json.find(alert, EVENTS));
        out.bool(IS_ALERT, json, json.find(alert, IS_SENT));
        out.member(STATUS_ID, NEW);
        document.unmapped(json);
        return Parsed.WRITTEN;
    }

    private void findingInfo(int alert, int key, int rule, long time) {
        int info = out.openObject(FINDING_INFO);
        out.text(UID, json, key);
        int title = string(alert, TITLE);
        out.repeat(TITLE, json, title);
        out.text(DESC, json, string(alert, WHY));
        out.member(CREATED_TIME, time);
        int seen = string(alert, EVENT_TIME);
        long eventTime = Timestamps.parseIso(json, seen);
        if (eventTime != Timestamps.NONE) {
            out.member(LAST_SEEN_TIME, eventTime);
            json.take(seen);
        }
        int findingType = string(alert, FINDING_TYPE);
        if (findingType != JsonText.NONE) {
            int types = out.openArray(TYPES);
            out.stringElement(json, findingType);
            out.closeArray(types);
        }
        int analytic = out.openObject(ANALYTIC);
        out.member(TYPE_ID, ANALYTIC_RULE);
        out.text(UID, json, rule);
        out.text(NAME, json, title);
        out.closeObject(analytic);
        int techniques = json.find(alert, TECHNIQUES);
        if (json.isArray(techniques)) {
            attacks(techniques);
        }
        out.closeObject(info);
    }

    private void attacks(int techniques) {
        int attacks = out.openArray(ATTACKS);
        for (int one = json.first(techniques); one != JsonText.NONE; one = json.next(one)) {
            if (string(one) != JsonText.NONE) {
                int attack = out.openObject();
                int technique = out.openObject(TECHNIQUE);
                out.text(UID, json, one);
                out.closeObject(technique);
                out.closeObject(attack);
            }
        }
        out.closeArray(attacks);
    }

    private void evidence(int alert) {
        int evidences = out.openArray(EVIDENCES);
        int evidence = out.openObject();
        int operation = string(alert, OPERATION);
        if (operation != JsonText.NONE) {
            int api = out.openObject(API);
            out.text(OPERATION, json, operation);
            int service = out.openObject(SERVICE);
            out.text(NAME, json, string(alert, SERVICE));
            out.closeObject(service);
            out.closeObject(api);
        }
        int who = string(alert, WHO);
        if (who != JsonText.NONE) {
            int actor = out.openObject(ACTOR);
            int user = out.openObject(USER);
            out.text(NAME, json, who);
            out.closeObject(user);
            out.closeObject(actor);
        }
        int address = string(alert, ADDRESS);
        int endpoint = out.openObject(SRC_ENDPOINT);
        if (IpAddress.is(json, address)) {
            out.string(IP, json, address);
        } else {
            out.text(SVC_NAME, json, address);
        }
        out.closeObject(endpoint);
        out.closeObject(evidence);
        out.closeArray(evidences);
    }

    private Severity severity(int node) {
        long id = json.integer(node, -1);
        for (Severity severity : Severity.values()) {
            if (severity.id() == id) {
                json.take(node);
                return severity;
            }
        }
        return Severity.UNKNOWN;
    }

    private int string(int object, Name member) {
        return string(json.find(object, member));
    }

    /** The node, or {@link JsonText#NONE} if it is no string with a text. */
    private int string(int node) {
        return json.isString(node) && !json.isEmpty(node) ? node : JsonText.NONE;
    }
}
