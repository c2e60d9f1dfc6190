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
 * GuardDuty findings, as EventBridge events or bare: all severities, with attack sequences, whose signals become the
 * finding's related events. Each update of a finding is an event of its own: {@code finding_info.uid} is the finding's id,
 * {@code metadata.uid} that id and the time of the update.
 *
 * @see <a href="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html">Findings in
 *     EventBridge</a>
 */
final class GuardDutyFinding implements LogType {
    private static final Product PRODUCT = Product.aws("GuardDuty", "cloud");

    private static final Name SOURCE = Name.of("source");
    private static final Name ID = Name.of("id");
    private static final Name ARN = Name.of("arn");
    private static final Name TYPE = Name.of("type");
    private static final Name TITLE = Name.of("title");
    private static final Name DESCRIPTION = Name.of("description");
    private static final Name SEVERITY = Name.of("severity");
    private static final Name CONFIDENCE = Name.of("confidence");
    private static final Name ACCOUNT_ID = Name.of("accountId");
    private static final Name REGION = Name.of("region");
    private static final Name SCHEMA_VERSION = Name.of("schemaVersion");
    private static final Name CREATED_AT = Name.of("createdAt");
    private static final Name UPDATED_AT = Name.of("updatedAt");
    private static final Name TIME = Name.of("time");
    private static final Name SERVICE = Name.of("service");
    private static final Name ARCHIVED = Name.of("archived");
    private static final Name EVENT_FIRST_SEEN = Name.of("eventFirstSeen");
    private static final Name EVENT_LAST_SEEN = Name.of("eventLastSeen");
    private static final Name COUNT = Name.of("count");
    private static final Name ACTION = Name.of("action");
    private static final Name DETECTION = Name.of("detection");
    private static final Name SEQUENCE = Name.of("sequence");
    private static final Name SIGNALS = Name.of("signals");
    private static final Name UID = Name.of("uid");
    private static final Name NAME = Name.of("name");
    private static final Name FIRST_SEEN_AT = Name.of("firstSeenAt");
    private static final Name LAST_SEEN_AT = Name.of("lastSeenAt");

    private static final Name NETWORK_CONNECTION_ACTION = Name.of("networkConnectionAction");
    private static final Name PORT_PROBE_ACTION = Name.of("portProbeAction");
    private static final Name PORT_PROBE_DETAILS = Name.of("portProbeDetails");
    private static final Name DNS_REQUEST_ACTION = Name.of("dnsRequestAction");
    private static final Name AWS_API_CALL_ACTION = Name.of("awsApiCallAction");
    private static final Name KUBERNETES_API_CALL_ACTION = Name.of("kubernetesApiCallAction");
    private static final Name RDS_LOGIN_ATTEMPT_ACTION = Name.of("rdsLoginAttemptAction");
    private static final Name REMOTE_IP_DETAILS = Name.of("remoteIpDetails");
    private static final Name LOCAL_IP_DETAILS = Name.of("localIpDetails");
    private static final Name REMOTE_PORT_DETAILS = Name.of("remotePortDetails");
    private static final Name LOCAL_PORT_DETAILS = Name.of("localPortDetails");
    private static final Name IP_ADDRESS_V4 = Name.of("ipAddressV4");
    private static final Name IP_ADDRESS_V6 = Name.of("ipAddressV6");
    private static final Name PORT = Name.of("port");
    private static final Name CONNECTION_DIRECTION = Name.of("connectionDirection");
    private static final Name PROTOCOL = Name.of("protocol");
    private static final Name DOMAIN = Name.of("domain");
    private static final Name API = Name.of("api");
    private static final Name SERVICE_NAME = Name.of("serviceName");
    private static final Name ERROR_CODE = Name.of("errorCode");
    private static final Name VERB = Name.of("verb");
    private static final Name REQUEST_URI = Name.of("requestUri");
    private static final Name CITY = Name.of("city");
    private static final Name CITY_NAME = Name.of("cityName");
    private static final Name COUNTRY = Name.of("country");
    private static final Name COUNTRY_NAME = Name.of("countryName");
    private static final Name ORGANIZATION = Name.of("organization");
    private static final Name ASN = Name.of("asn");
    private static final Name ASN_ORG = Name.of("asnOrg");

    private static final Name RESOURCE = Name.of("resource");

    private static final Name ORIGINAL_TIME = Name.of("original_time");
    private static final Name URL = Name.of("url");
    private static final Name PATH = Name.of("path");
    private static final Name LOG_VERSION = Name.of("log_version");
    private static final Name FINDING_INFO = Name.of("finding_info");
    private static final Name UID_ALT = Name.of("uid_alt");
    private static final Name DESC = Name.of("desc");
    private static final Name TYPES = Name.of("types");
    private static final Name CREATED_TIME = Name.of("created_time");
    private static final Name MODIFIED_TIME = Name.of("modified_time");
    private static final Name FIRST_SEEN_TIME = Name.of("first_seen_time");
    private static final Name LAST_SEEN_TIME = Name.of("last_seen_time");
    private static final Name RELATED_EVENTS = Name.of("related_events");
    private static final Name TYPE_NAME = Name.of("type");
    private static final Name IS_ALERT = Name.of("is_alert");
    private static final Name STATUS_ID = Name.of("status_id");
    private static final Name CONFIDENCE_SCORE = Name.of("confidence_score");
    private static final Name EVIDENCES = Name.of("evidences");
    private static final Name SRC_ENDPOINT = Name.of("src_endpoint");
    private static final Name DST_ENDPOINT = Name.of("dst_endpoint");
    private static final Name IP = Name.of("ip");
    private static final Name LOCATION = Name.of("location");
    private static final Name AUTONOMOUS_SYSTEM = Name.of("autonomous_system");
    private static final Name NUMBER = Name.of("number");
    private static final Name CONNECTION_INFO = Name.of("connection_info");
    private static final Name DIRECTION = Name.of("direction");
    private static final Name DIRECTION_ID = Name.of("direction_id");
    private static final Name PROTOCOL_NAME = Name.of("protocol_name");
    private static final Name QUERY = Name.of("query");
    private static final Name HOSTNAME = Name.of("hostname");
    private static final Name OPERATION = Name.of("operation");
    private static final Name RESPONSE = Name.of("response");
    private static final Name ERROR = Name.of("error");
    private static final Name RESOURCES = Name.of("resources");
    private static final Name DATA = Name.of("data");
    private static final Name EVENT_COUNT = Name.of("count");

    private static final int CREATE = 1;
    private static final int UPDATE = 2;
    private static final int NEW = 1;
    private static final int ARCHIVED_STATUS = 5;
    private static final int LARGEST_PORT = 65_535;

    /** A resource of a finding: where it is, and which of its members are its id and its name. */
    private record Resource(String type, Name details, Name uid, Name name) {
        static Resource of(String type, String details, String uid, String name) {
            return new Resource(type, Name.of(details), Name.of(uid), Name.of(name));
        }
    }

    private static final List<Resource> RESOURCE_DETAILS = List.of(
            Resource.of("Instance", "instanceDetails", "instanceId", "imageDescription"),
            Resource.of("AccessKey", "accessKeyDetails", "accessKeyId", "userName"),
            Resource.of("S3Bucket", "s3BucketDetails", "arn", "name"),
            Resource.of("EKSCluster", "eksClusterDetails", "arn", "name"),
            Resource.of("ECSCluster", "ecsClusterDetails", "arn", "name"),
            Resource.of("Container", "containerDetails", "id", "name"),
            Resource.of("RDSDBInstance", "rdsDbInstanceDetails", "dbInstanceArn", "dbInstanceIdentifier"),
            Resource.of("RDSLimitlessDB", "rdsLimitlessDbDetails", "dbShardGroupArn", "dbShardGroupIdentifier"),
            Resource.of("Lambda", "lambdaDetails", "functionArn", "functionName"));

    private JsonText json = new JsonText();
    private JsonOutput out = new JsonOutput(16);

    @Override
    public String source() {
        return "guardduty";
    }

    @Override
    public List<String> logGroups() {
        return List.of("/aws/events/guardduty*", "*guardduty*");
    }

    @Override
    public boolean recognises(LogEvent event) {
        JsonText text = event.json();
        if (event.isEventBridge()) {
            return text.is(text.find(text.root(), SOURCE), "aws.guardduty");
        }
        int finding = event.payload();
        int arn = text.find(finding, ARN);
        return text.startsWith(arn, "arn:aws")
                && text.text(arn).filter(value -> value.contains(":guardduty:")).isPresent()
                && text.isString(text.find(finding, TYPE))
                && !text.isNull(text.find(finding, SEVERITY));
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        json = event.json();
        out = document.out();
        int finding = event.payload();
        int id = string(finding, ID);
        int type = string(finding, TYPE);
        if (id == JsonText.NONE || type == JsonText.NONE) {
            return new Parsed.Rejected("no GuardDuty finding: expected a JSON object with id and type");
        }
        int service = json.find(finding, SERVICE);
        int created = json.find(finding, CREATED_AT);
        int updated = json.find(finding, UPDATED_AT);
        long time = firstTime(updated, json.find(service, EVENT_LAST_SEEN), json.find(json.root(), TIME));
        if (time == Timestamps.NONE) {
            time = event.timestamp();
        }
        boolean archived = json.kind(json.find(service, ARCHIVED)) == JsonText.Kind.TRUE;
        boolean first = json.integer(json.find(service, COUNT), 1) <= 1;
        document.start(
                OcsfClass.DETECTION_FINDING, first ? CREATE : UPDATE, severity(json.find(finding, SEVERITY)), time);
        metadata(event, document, finding, id, updated);
        out.closeObject(document.openCloud(event, json, json.find(finding, ACCOUNT_ID), json.find(finding, REGION)));
        findingInfo(finding, id, type, service, created, updated);
        evidences(json.find(service, ACTION));
        resources(json.find(finding, RESOURCE));
        out.integer(CONFIDENCE_SCORE, json, json.find(finding, CONFIDENCE));
        out.integer(EVENT_COUNT, json, positive(json.find(service, COUNT)));
        out.member(IS_ALERT, !archived);
        out.member(STATUS_ID, archived ? ARCHIVED_STATUS : NEW);
        document.unmapped(json);
        return Parsed.WRITTEN;
    }

    private int positive(int count) {
        return json.integer(count, 0) > 0 ? count : JsonText.NONE;
    }

    private long firstTime(int... nodes) {
        for (int node : nodes) {
            long time = Timestamps.parseIso(json, node);
            if (time != Timestamps.NONE) {
                return time;
            }
        }
        return Timestamps.NONE;
    }

    /**
     * A finding that is updated is another event: its id alone would be that of all of them. The id of an EventBridge event would not do,
     * either: the same update reaches the stream by more than one bus.
     */
    private void metadata(LogEvent event, Document document, int finding, int id, int updated) {
        int metadata = document.openMetadata(PRODUCT, event);
        if (string(updated) == JsonText.NONE) {
            document.uid(event);
        } else {
            document.uid(event, json, id, updated);
        }
        out.text(LOG_VERSION, json, json.find(finding, SCHEMA_VERSION));
        out.repeat(ORIGINAL_TIME, json, string(updated));
        out.closeObject(metadata);
    }

    /** The ranges that GuardDuty documents; a number below 1 has none. */
    private Severity severity(int node) {
        double value;
        try {
            value = json.isNull(node) ? -1 : Double.parseDouble(json.text(node).orElse(""));
        } catch (NumberFormatException e) {
            return Severity.UNKNOWN;
        }
        if (value >= 9) {
            return Severity.CRITICAL;
        }
        if (value >= 7) {
            return Severity.HIGH;
        }
        if (value >= 4) {
            return Severity.MEDIUM;
        }
        return value >= 1 ? Severity.LOW : value >= 0 ? Severity.INFORMATIONAL : Severity.UNKNOWN;
    }

    private void findingInfo(int finding, int id, int type, int service, int created, int updated) {
        int info = out.openObject(FINDING_INFO);
        out.string(UID, json, id);
        out.text(UID_ALT, json, string(finding, ARN));
        out.text(TITLE, json, json.find(finding, TITLE));
        out.text(DESC, json, json.find(finding, DESCRIPTION));
        int types = out.openArray(TYPES);
        out.stringElement(json, type);
        out.closeArray(types);
        time(CREATED_TIME, created);
        time(MODIFIED_TIME, updated);
        time(FIRST_SEEN_TIME, json.find(service, EVENT_FIRST_SEEN));
        time(LAST_SEEN_TIME, json.find(service, EVENT_LAST_SEEN));
        signals(json.find(json.find(json.find(service, DETECTION), SEQUENCE), SIGNALS));
        out.closeObject(info);
    }

    /** The signals of an attack sequence: findings and API calls that belong together. */
    private void signals(int signals) {
        if (!json.isArray(signals)) {
            return;
        }
        int events = out.openArray(RELATED_EVENTS);
        for (int signal = json.first(signals); signal != JsonText.NONE; signal = json.next(signal)) {
            int uid = string(signal, UID);
            if (uid == JsonText.NONE) {
                continue;
            }
            int mark = out.openObject();
            out.string(UID, json, uid);
            out.text(TYPE_NAME, json, string(signal, TYPE));
            out.text(TITLE, json, string(signal, NAME));
            out.text(DESC, json, string(signal, DESCRIPTION));
            time(CREATED_TIME, json.find(signal, CREATED_AT));
            time(MODIFIED_TIME, json.find(signal, UPDATED_AT));
            time(FIRST_SEEN_TIME, json.find(signal, FIRST_SEEN_AT));
            time(LAST_SEEN_TIME, json.find(signal, LAST_SEEN_AT));
            out.closeObject(mark);
        }
        out.closeArray(events);
    }

    private void time(Name name, int node) {
        long time = Timestamps.parseIso(json, node);
        if (time != Timestamps.NONE) {
            out.member(name, time);
            json.take(node);
        }
    }

    // ---- evidence: what was done, and from where

    private void evidences(int action) {
        int evidences = out.openArray(EVIDENCES);
        network(json.find(action, NETWORK_CONNECTION_ACTION), true);
        int probes = json.find(json.find(action, PORT_PROBE_ACTION), PORT_PROBE_DETAILS);
        if (json.isArray(probes)) {
            for (int probe = json.first(probes); probe != JsonText.NONE; probe = json.next(probe)) {
                network(probe, false);
            }
        }
        dns(json.find(action, DNS_REQUEST_ACTION));
        call(json.find(action, AWS_API_CALL_ACTION), API);
        call(json.find(action, KUBERNETES_API_CALL_ACTION), VERB);
        network(json.find(action, RDS_LOGIN_ATTEMPT_ACTION), false);
        out.closeArray(evidences);
    }

    private void network(int action, boolean connection) {
        int evidence = out.openObject();
        boolean outbound = json.is(json.find(action, CONNECTION_DIRECTION), "OUTBOUND");
        remote(outbound ? DST_ENDPOINT : SRC_ENDPOINT, action, JsonText.NONE);
        int local = json.find(action, LOCAL_IP_DETAILS);
        int endpoint = out.openObject(outbound ? SRC_ENDPOINT : DST_ENDPOINT);
        if (address(local)) {
            out.integer(PORT, json, json.find(json.find(action, LOCAL_PORT_DETAILS), PORT), LARGEST_PORT);
        }
        out.closeObject(endpoint);
        if (connection && json.isObject(action)) {
            int info = out.openObject(CONNECTION_INFO);
            int direction = json.find(action, CONNECTION_DIRECTION);
            boolean inbound = json.is(direction, "INBOUND");
            out.member(DIRECTION_ID, inbound ? 1 : outbound ? 2 : 0);
            out.text(DIRECTION, json, string(direction));
            out.text(PROTOCOL_NAME, json, string(action, PROTOCOL));
            out.closeObject(info);
        }
        out.closeObject(evidence);
    }

    private void dns(int action) {
        int domain = string(action, DOMAIN);
        if (domain == JsonText.NONE) {
            return;
        }
        int evidence = out.openObject();
        int query = out.openObject(QUERY);
        out.string(HOSTNAME, json, domain);
        out.closeObject(query);
        out.closeObject(evidence);
    }

    /** A call of an API of AWS or Kubernetes. */
    private void call(int action, Name operation) {
        int name = string(action, operation);
        if (name == JsonText.NONE) {
            return;
        }
        int evidence = out.openObject();
        int api = out.openObject(API);
        out.string(OPERATION, json, name);
        int service = out.openObject(SERVICE);
        out.text(NAME, json, string(action, SERVICE_NAME));
        out.closeObject(service);
        int response = out.openObject(RESPONSE);
        out.text(ERROR, json, string(action, ERROR_CODE));
        out.closeObject(response);
        out.closeObject(api);
        remote(SRC_ENDPOINT, action, JsonText.NONE);
        int uri = string(action, REQUEST_URI);
        if (uri != JsonText.NONE) {
            int url = out.openObject(URL);
            out.string(PATH, json, uri);
            out.closeObject(url);
        }
        out.closeObject(evidence);
    }

    private void remote(Name name, int action, int port) {
        int remote = json.find(action, REMOTE_IP_DETAILS);
        int endpoint = out.openObject(name);
        if (address(remote)) {
            out.integer(
                    PORT,
                    json,
                    port == JsonText.NONE ? json.find(json.find(action, REMOTE_PORT_DETAILS), PORT) : port,
                    LARGEST_PORT);
            int location = out.openObject(LOCATION);
            out.text(CITY, json, string(json.find(remote, CITY), CITY_NAME));
            out.text(COUNTRY, json, string(json.find(remote, COUNTRY), COUNTRY_NAME));
            out.closeObject(location);
            int organization = json.find(remote, ORGANIZATION);
            int system = out.openObject(AUTONOMOUS_SYSTEM);
            out.integer(NUMBER, json, json.find(organization, ASN));
            out.text(NAME, json, string(organization, ASN_ORG));
            out.closeObject(system);
        }
        out.closeObject(endpoint);
    }

    private boolean address(int details) {
        int v4 = json.find(details, IP_ADDRESS_V4);
        int v6 = json.find(details, IP_ADDRESS_V6);
        int address = IpAddress.is(json, v4) ? v4 : IpAddress.is(json, v6) ? v6 : JsonText.NONE;
        return out.string(IP, json, address);
    }

    // ---- resources

    private void resources(int resource) {
        int array = out.openArray(RESOURCES);
        for (Resource kind : RESOURCE_DETAILS) {
            int details = json.find(resource, kind.details());
            if (json.isArray(details)) {
                for (int one = json.first(details); one != JsonText.NONE; one = json.next(one)) {
                    resource(kind, one);
                }
            } else {
                resource(kind, details);
            }
        }
        out.closeArray(array);
    }

    /** A resource, with all that the finding tells of it; one without id and name stays unmapped. */
    private void resource(Resource kind, int details) {
        int uid = string(details, kind.uid());
        int name = string(details, kind.name());
        if (uid == JsonText.NONE && name == JsonText.NONE) {
            return;
        }
        int mark = out.openObject();
        out.member(TYPE_NAME, kind.type());
        out.text(UID, json, uid);
        out.text(NAME, json, name);
        out.remainder(DATA, json, details);
        json.take(details);
        out.closeObject(mark);
    }

    private int string(int object, Name member) {
        return string(json.find(object, member));
    }

    /** The node, or {@link JsonText#NONE} if it is no string with a text. */
    private int string(int node) {
        return json.isString(node) && !json.isEmpty(node) ? node : JsonText.NONE;
    }
}
