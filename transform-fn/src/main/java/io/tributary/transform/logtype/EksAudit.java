package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.IpAddress;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;
import java.util.List;

/**
 * The control plane logs of EKS: Kubernetes audit events become API Activity; the lines of the API server, the
 * authenticator, the controller manager and the scheduler, which share their log group, are texts with a level.
 *
 * <p>The audit id, which all stages of a request share, is no id of the event: a client may choose it by the header {@code Audit-ID}.
 *
 * @see <a href="https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/">audit.k8s.io/v1</a>
 */
final class EksAudit implements LogType {
    private static final Product PRODUCT = Product.aws("EKS", "cloud");

    private static final Name KIND = Name.of("kind");
    private static final Name API_VERSION = Name.of("apiVersion");
    private static final Name LEVEL = Name.of("level");
    private static final Name AUDIT_ID = Name.of("auditID");
    private static final Name STAGE = Name.of("stage");
    private static final Name REQUEST_URI = Name.of("requestURI");
    private static final Name VERB = Name.of("verb");
    private static final Name USER = Name.of("user");
    private static final Name USERNAME = Name.of("username");
    private static final Name GROUPS = Name.of("groups");
    private static final Name SOURCE_IPS = Name.of("sourceIPs");
    private static final Name USER_AGENT = Name.of("userAgent");
    private static final Name OBJECT_REF = Name.of("objectRef");
    private static final Name RESOURCE = Name.of("resource");
    private static final Name NAMESPACE = Name.of("namespace");
    private static final Name RESPONSE_STATUS = Name.of("responseStatus");
    private static final Name CODE = Name.of("code");
    private static final Name REASON = Name.of("reason");
    private static final Name MESSAGE = Name.of("message");
    private static final Name REQUEST_OBJECT = Name.of("requestObject");
    private static final Name RESPONSE_OBJECT = Name.of("responseObject");
    private static final Name REQUEST_RECEIVED_TIMESTAMP = Name.of("requestReceivedTimestamp");
    private static final Name STAGE_TIMESTAMP = Name.of("stageTimestamp");
    private static final Name ANNOTATIONS = Name.of("annotations");
    private static final Name DECISION = Name.of("authorization.k8s.io/decision");

    private static final Name UID = Name.of("uid");
    private static final Name NAME = Name.of("name");
    private static final Name TYPE = Name.of("type");
    private static final Name LOG_LEVEL = Name.of("log_level");
    private static final Name LOG_VERSION = Name.of("log_version");
    private static final Name CORRELATION_UID = Name.of("correlation_uid");
    private static final Name EVENT_CODE = Name.of("event_code");
    private static final Name ACTOR = Name.of("actor");
    private static final Name APP_NAME = Name.of("app_name");
    private static final Name AUTHORIZATIONS = Name.of("authorizations");
    private static final Name DECISION_ATTRIBUTE = Name.of("decision");
    private static final Name API = Name.of("api");
    private static final Name OPERATION = Name.of("operation");
    private static final Name SERVICE = Name.of("service");
    private static final Name VERSION = Name.of("version");
    private static final Name REQUEST = Name.of("request");
    private static final Name RESPONSE = Name.of("response");
    private static final Name DATA = Name.of("data");
    private static final Name ERROR = Name.of("error");
    private static final Name ERROR_MESSAGE = Name.of("error_message");
    private static final Name HTTP_REQUEST = Name.of("http_request");
    private static final Name URL = Name.of("url");
    private static final Name PATH = Name.of("path");
    private static final Name USER_AGENT_ATTRIBUTE = Name.of("user_agent");
    private static final Name SRC_ENDPOINT = Name.of("src_endpoint");
    private static final Name IP = Name.of("ip");
    private static final Name INTERMEDIATE_IPS = Name.of("intermediate_ips");
    private static final Name SVC_NAME = Name.of("svc_name");
    private static final Name RESOURCES = Name.of("resources");
    private static final Name STATUS_ID = Name.of("status_id");
    private static final Name START_TIME = Name.of("start_time");

    private static final int CREATE = 1;
    private static final int READ = 2;
    private static final int UPDATE = 3;
    private static final int DELETE = 4;
    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;
    private static final int FIRST_ERROR_CODE = 400;

    private JsonText json = new JsonText();
    private JsonOutput out = new JsonOutput(16);

    @Override
    public String source() {
        return "eks-audit";
    }

    @Override
    public List<String> logGroups() {
        return List.of("/aws/eks/*");
    }

    @Override
    public boolean recognises(LogEvent event) {
        JsonText text = event.json();
        int audit = text.root();
        return text.startsWith(text.find(audit, API_VERSION), "audit.k8s.io/")
                && text.is(text.find(audit, KIND), "Event");
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        boolean object = event.from() < event.to() && event.bytes()[event.from()] == '{';
        if (!object) {
            // a line of another part of the control plane: text with a level
            return ApplicationLog.write(event, document, PRODUCT, 0, 0);
        }
        json = event.json();
        out = document.out();
        int audit = json.root();
        int id = string(audit, AUDIT_ID);
        if (id == JsonText.NONE) {
            return new Parsed.Rejected("no Kubernetes audit event: expected a JSON object with an auditID");
        }
        int stageTime = json.find(audit, STAGE_TIMESTAMP);
        int received = json.find(audit, REQUEST_RECEIVED_TIMESTAMP);
        long own = Timestamps.parseIso(json, stageTime);
        long time = own == Timestamps.NONE ? event.timestamp() : own;
        int verb = string(audit, VERB);
        document.start(OcsfClass.API_ACTIVITY, activity(verb), Severity.INFORMATIONAL, time);
        metadata(event, document, audit, id, own == Timestamps.NONE ? JsonText.NONE : stageTime);
        out.closeObject(document.openCloud(event, event.bytes(), 0, 0, 0, 0));
        actor(audit);
        api(audit, id, verb);
        http(audit);
        endpoint(json.find(audit, SOURCE_IPS));
        resource(json.find(audit, OBJECT_REF));
        long start = Timestamps.parseIso(json, received);
        if (start != Timestamps.NONE) {
            out.member(START_TIME, start);
            json.take(received);
        }
        long code = json.integer(json.find(json.find(audit, RESPONSE_STATUS), CODE), -1);
        if (code >= 0) {
            out.member(STATUS_ID, code >= FIRST_ERROR_CODE ? FAILURE : SUCCESS);
        }
        document.unmapped(json);
        return Parsed.WRITTEN;
    }

    private int activity(int verb) {
        if (json.is(verb, "get") || json.is(verb, "list") || json.is(verb, "watch")) {
            return READ;
        }
        if (json.is(verb, "create")) {
            return CREATE;
        }
        if (json.is(verb, "update") || json.is(verb, "patch")) {
            return UPDATE;
        }
        return json.startsWith(verb, "delete") ? DELETE : OcsfClass.OTHER_ACTIVITY;
    }

    private void metadata(LogEvent event, Document document, int audit, int id, int time) {
        int stage = string(audit, STAGE);
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        out.string(CORRELATION_UID, json, id);
        document.originalTime(json, time);
        out.text(EVENT_CODE, json, stage);
        out.text(LOG_LEVEL, json, string(audit, LEVEL));
        out.text(LOG_VERSION, json, string(audit, API_VERSION));
        out.closeObject(metadata);
    }

    private void actor(int audit) {
        int actor = out.openObject(ACTOR);
        int user = json.find(audit, USER);
        int name = string(user, USERNAME);
        int uid = string(user, UID);
        if (name != JsonText.NONE || uid != JsonText.NONE) {
            int mark = out.openObject(USER);
            out.text(NAME, json, name);
            out.text(UID, json, uid);
            groups(json.find(user, GROUPS));
            out.closeObject(mark);
        } else {
            out.member(APP_NAME, "Kubernetes");
        }
        int decision = string(json.find(audit, ANNOTATIONS), DECISION);
        if (decision != JsonText.NONE) {
            int array = out.openArray(AUTHORIZATIONS);
            int authorization = out.openObject();
            out.text(DECISION_ATTRIBUTE, json, decision);
            out.closeObject(authorization);
            out.closeArray(array);
        }
        out.closeObject(actor);
    }

    private void groups(int groups) {
        if (!json.isArray(groups)) {
            return;
        }
        int array = out.openArray(GROUPS);
        for (int group = json.first(groups); group != JsonText.NONE; group = json.next(group)) {
            if (string(group) != JsonText.NONE) {
                int mark = out.openObject();
                out.text(NAME, json, group);
                out.closeObject(mark);
            }
        }
        out.closeArray(array);
    }

    private void api(int audit, int id, int verb) {
        int api = out.openObject(API);
        if (!out.text(OPERATION, json, verb)) {
            out.member(OPERATION, "unknown");
        }
        int service = out.openObject(SERVICE);
        out.member(NAME, "kubernetes");
        out.closeObject(service);
        out.text(VERSION, json, string(json.find(audit, OBJECT_REF), API_VERSION));
        int request = out.openObject(REQUEST);
        out.repeat(UID, json, id);
        out.object(DATA, json, json.find(audit, REQUEST_OBJECT));
        out.closeObject(request);
        int status = json.find(audit, RESPONSE_STATUS);
        int response = out.openObject(RESPONSE);
        out.integer(CODE, json, json.find(status, CODE));
        out.text(ERROR, json, string(status, REASON));
        out.text(ERROR_MESSAGE, json, string(status, MESSAGE));
        out.object(DATA, json, json.find(audit, RESPONSE_OBJECT));
        out.closeObject(response);
        out.closeObject(api);
    }

    private void http(int audit) {
        int http = out.openObject(HTTP_REQUEST);
        int url = out.openObject(URL);
        out.text(PATH, json, string(audit, REQUEST_URI));
        out.closeObject(url);
        out.text(USER_AGENT_ATTRIBUTE, json, string(audit, USER_AGENT));
        out.closeObject(http);
    }

    /** The first address is the client's, the others are those of proxies. */
    private void endpoint(int addresses) {
        int endpoint = out.openObject(SRC_ENDPOINT);
        int first = json.isArray(addresses) ? json.first(addresses) : JsonText.NONE;
        if (IpAddress.is(json, first)) {
            out.string(IP, json, first);
            int array = out.openArray(INTERMEDIATE_IPS);
            for (int next = json.next(first); next != JsonText.NONE; next = json.next(next)) {
                if (IpAddress.is(json, next)) {
                    out.stringElement(json, next);
                }
            }
            out.closeArray(array);
        } else {
            out.member(SVC_NAME, "unknown");
        }
        out.closeObject(endpoint);
    }

    private void resource(int reference) {
        int type = string(reference, RESOURCE);
        int name = string(reference, NAME);
        if (type == JsonText.NONE && name == JsonText.NONE) {
            return;
        }
        int array = out.openArray(RESOURCES);
        int mark = out.openObject();
        // who lists or creates names no one resource: its kind is all the name there is
        boolean named = out.text(NAME, json, name);
        named |= out.text(UID, json, string(reference, UID));
        if (!named) {
            out.repeat(NAME, json, type);
        }
        out.text(TYPE, json, type);
        out.text(NAMESPACE, json, string(reference, NAMESPACE));
        out.closeObject(mark);
        out.closeArray(array);
    }

    private int string(int object, Name member) {
        return string(json.find(object, member));
    }

    /** The node, or {@link JsonText#NONE} if it is no string with a text. */
    private int string(int node) {
        return json.isString(node) && !json.isEmpty(node) ? node : JsonText.NONE;
    }
}
