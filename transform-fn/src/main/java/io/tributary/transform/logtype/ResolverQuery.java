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
 * Query logs of the Route 53 VPC Resolver: a JSON object for each query that a VPC, or a network behind a Resolver
 * endpoint, asked, with the answers and what the DNS Firewall did. One event holds question and response, so it is OCSF
 * "Traffic"; it is a "Query" where no response code is logged.
 *
 * <p>The mapping follows the one that AWS publishes for Security Lake. Account and Region are those of the VPC.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html">Values that
 *     appear in VPC Resolver query logs</a>
 */
final class ResolverQuery implements LogType {
    private static final Product PRODUCT = Product.aws("Route 53 Resolver", "cloud");
    private static final Product PRODUCT_WITH_FIREWALL = Product.aws("Route 53 Resolver", "cloud", "security_control");

    private static final Name VERSION = Name.of("version");
    private static final Name ACCOUNT_ID = Name.of("account_id");
    private static final Name REGION = Name.of("region");
    private static final Name VPC_ID = Name.of("vpc_id");
    private static final Name QUERY_TIMESTAMP = Name.of("query_timestamp");
    private static final Name QUERY_NAME = Name.of("query_name");
    private static final Name QUERY_TYPE = Name.of("query_type");
    private static final Name QUERY_CLASS = Name.of("query_class");
    private static final Name RCODE = Name.of("rcode");
    private static final Name ANSWERS = Name.of("answers");
    private static final Name ANSWER_RDATA = Name.of("Rdata");
    private static final Name ANSWER_TYPE = Name.of("Type");
    private static final Name ANSWER_CLASS = Name.of("Class");
    private static final Name SRCADDR = Name.of("srcaddr");
    private static final Name SRCPORT = Name.of("srcport");
    private static final Name TRANSPORT = Name.of("transport");
    private static final Name SRCIDS = Name.of("srcids");
    private static final Name INSTANCE = Name.of("instance");
    private static final Name RESOLVER_ENDPOINT = Name.of("resolver_endpoint");
    private static final Name RESOLVER_NETWORK_INTERFACE = Name.of("resolver_network_interface");
    private static final Name FIREWALL_RULE_ACTION = Name.of("firewall_rule_action");
    private static final Name FIREWALL_RULE_GROUP_ID = Name.of("firewall_rule_group_id");
    private static final Name FIREWALL_DOMAIN_LIST_ID = Name.of("firewall_domain_list_id");
    private static final Name FIREWALL_PROTECTION = Name.of("firewall_protection");

    private static final Name LOG_VERSION = Name.of("log_version");
    private static final Name QUERY = Name.of("query");
    private static final Name HOSTNAME = Name.of("hostname");
    private static final Name TYPE = Name.of("type");
    private static final Name CLASS = Name.of("class");
    private static final Name RDATA = Name.of("rdata");
    private static final Name RCODE_ID = Name.of("rcode_id");
    private static final Name SRC_ENDPOINT = Name.of("src_endpoint");
    private static final Name DST_ENDPOINT = Name.of("dst_endpoint");
    private static final Name IP = Name.of("ip");
    private static final Name PORT = Name.of("port");
    private static final Name INSTANCE_UID = Name.of("instance_uid");
    private static final Name INTERFACE_UID = Name.of("interface_uid");
    private static final Name VPC_UID = Name.of("vpc_uid");
    private static final Name SVC_NAME = Name.of("svc_name");
    private static final Name CONNECTION_INFO = Name.of("connection_info");
    private static final Name DIRECTION_ID = Name.of("direction_id");
    private static final Name PROTOCOL_NUM = Name.of("protocol_num");
    private static final Name PROTOCOL_NAME = Name.of("protocol_name");
    private static final Name ACTION = Name.of("action");
    private static final Name ACTION_ID = Name.of("action_id");
    private static final Name DISPOSITION_ID = Name.of("disposition_id");
    private static final Name IS_ALERT = Name.of("is_alert");
    private static final Name FIREWALL_RULE = Name.of("firewall_rule");
    private static final Name UID = Name.of("uid");
    private static final Name CONDITION = Name.of("condition");
    private static final Name CATEGORY = Name.of("category");

    private static final int QUERY_ACTIVITY = 1;
    private static final int TRAFFIC_ACTIVITY = 6;
    private static final int UNKNOWN_DIRECTION = 0;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int LARGEST_PORT = 65_535;
    private static final int ALLOWED = 1;
    private static final int DENIED = 2;
    private static final int ALERT = 19;
    private static final int OTHER = 99;

    @Override
    public String source() {
        return "route53-resolver";
    }

    /** A log group of a public hosted zone is named after its domain, which may well begin with "resolver". */
    @Override
    public List<String> logGroups() {
        return List.of(
                "/aws/route53/resolver",
                "/aws/route53/resolver/*",
                "/aws/route53/resolver-*",
                "/aws/route53resolver*",
                "*resolver-query*",
                "*dns-query*");
    }

    @Override
    public boolean recognises(LogEvent event) {
        JsonText json = event.json();
        int query = event.payload();
        return json.isString(json.find(query, QUERY_TIMESTAMP))
                && json.isString(json.find(query, QUERY_NAME))
                && json.isString(json.find(query, QUERY_TYPE))
                && json.isString(json.find(query, RCODE))
                && json.isObject(json.find(query, SRCIDS));
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        JsonText json = event.json();
        int query = event.payload();
        if (json.isNull(json.find(query, QUERY_NAME)) && json.isNull(json.find(query, QUERY_TIMESTAMP))) {
            return new Parsed.Rejected(
                    "not a Resolver query log; expected a JSON object with query_timestamp and query_name");
        }
        int queryTimestamp = json.find(query, QUERY_TIMESTAMP);
        long ownTime = Timestamps.parseIso(json, queryTimestamp);
        long time = ownTime == Timestamps.NONE ? event.timestamp() : ownTime;
        int rcode = json.find(query, RCODE);
        boolean answered = json.isString(rcode) && !json.isEmpty(rcode);
        boolean firewall = hasFirewall(json, query);

        JsonOutput out = document.out();
        int activity = answered ? TRAFFIC_ACTIVITY : QUERY_ACTIVITY;
        document.start(OcsfClass.DNS_ACTIVITY, activity, Severity.INFORMATIONAL, time);
        int metadata = document.openMetadata(firewall ? PRODUCT_WITH_FIREWALL : PRODUCT, event);
        document.uid(event);
        if (ownTime != Timestamps.NONE) {
            document.originalTime(json, queryTimestamp);
        }
        out.text(LOG_VERSION, json, json.find(query, VERSION));
        out.closeObject(metadata);
        out.closeObject(document.openCloud(event, json, json.find(query, ACCOUNT_ID), json.find(query, REGION)));

        question(out, json, query);
        if (answered) {
            responseCode(out, json, rcode);
        }
        answers(out, json, json.find(query, ANSWERS));
        endpoints(out, json, query);
        connection(out, json, json.find(query, TRANSPORT));
        if (firewall) {
            firewall(out, json, query);
        }
        document.unmapped(json);
        return Parsed.WRITTEN;
    }

    private static void question(JsonOutput out, JsonText json, int query) {
        int name = json.find(query, QUERY_NAME);
        if (json.isNull(name)) {
            // OCSF has no query without its name
            return;
        }
        int mark = out.openObject(QUERY);
        out.string(HOSTNAME, json, name);
        out.text(TYPE, json, json.find(query, QUERY_TYPE));
        out.text(CLASS, json, json.find(query, QUERY_CLASS));
        out.closeObject(mark);
    }

    private static void responseCode(JsonOutput out, JsonText json, int rcode) {
        int id = DnsResponseCode.id(json.bytes(), json.start(rcode) + 1, json.end(rcode) - 1);
        out.member(RCODE_ID, id);
        if (id == DnsResponseCode.OTHER) {
            out.string(RCODE, json, rcode);
        }
        json.take(rcode);
    }

    private static void answers(JsonOutput out, JsonText json, int answers) {
        if (!json.isArray(answers)) {
            return;
        }
        if (json.isEmpty(answers)) {
            // no more than no answers
            json.take(answers);
            return;
        }
        int mark = out.openArray(ANSWERS);
        for (int answer = json.first(answers); answer != JsonText.NONE; answer = json.next(answer)) {
            int rdata = json.find(answer, ANSWER_RDATA);
            if (!json.isNull(rdata)) {
                int element = out.openObject();
                out.string(RDATA, json, rdata);
                out.text(TYPE, json, json.find(answer, ANSWER_TYPE));
                out.text(CLASS, json, json.find(answer, ANSWER_CLASS));
                out.closeObject(element);
            }
        }
        out.closeArray(mark);
    }

    /**
     * The source is who asked. The Resolver endpoint and its interface are the destination of the query: the address in
     * the VPC that an on-premises network asks, or the way by which the Resolver passes a query on.
     */
    private static void endpoints(JsonOutput out, JsonText json, int query) {
        int ids = json.find(query, SRCIDS);
        int address = json.find(query, SRCADDR);
        int instance = json.find(ids, INSTANCE);
        boolean hasAddress = IpAddress.is(json, address);
        boolean source = hasAddress || isText(json, instance);
        if (source) {
            int mark = out.openObject(SRC_ENDPOINT);
            if (hasAddress) {
                out.string(IP, json, address);
            }
            out.integer(PORT, json, json.find(query, SRCPORT), LARGEST_PORT);
            out.text(INSTANCE_UID, json, instance);
            out.text(VPC_UID, json, json.find(query, VPC_ID));
            out.closeObject(mark);
        }
        int mark = out.openObject(DST_ENDPOINT);
        out.text(INSTANCE_UID, json, json.find(ids, RESOLVER_ENDPOINT));
        out.text(INTERFACE_UID, json, json.find(ids, RESOLVER_NETWORK_INTERFACE));
        if (!out.closeObject(mark) && !source) {
            // OCSF demands one end of the connection, and this one is always known
            int resolver = out.openObject(DST_ENDPOINT);
            out.member(SVC_NAME, "Route 53 Resolver");
            out.closeObject(resolver);
        }
    }

    private static boolean isText(JsonText json, int node) {
        return !json.isNull(node) && !(json.isString(node) && json.isEmpty(node));
    }

    private static void connection(JsonOutput out, JsonText json, int transport) {
        boolean udp = json.is(transport, "UDP");
        int mark = out.openObject(CONNECTION_INFO);
        out.member(DIRECTION_ID, UNKNOWN_DIRECTION);
        if (udp || json.is(transport, "TCP")) {
            out.member(PROTOCOL_NUM, udp ? UDP : TCP);
            json.take(transport);
        } else {
            out.text(PROTOCOL_NAME, json, transport);
        }
        out.closeObject(mark);
    }

    private static boolean hasFirewall(JsonText json, int query) {
        return isText(json, json.find(query, FIREWALL_RULE_ACTION))
                || isText(json, json.find(query, FIREWALL_RULE_GROUP_ID))
                || isText(json, json.find(query, FIREWALL_DOMAIN_LIST_ID))
                || isText(json, json.find(query, FIREWALL_PROTECTION));
    }

    /** Logged only where a rule of the DNS Firewall matched. ALERT lets the query pass. */
    private static void firewall(JsonOutput out, JsonText json, int query) {
        int action = json.find(query, FIREWALL_RULE_ACTION);
        boolean alert = json.is(action, "ALERT");
        if (alert || json.is(action, "ALLOW")) {
            verdict(out, ALLOWED, alert ? ALERT : ALLOWED);
            json.take(action);
        } else if (json.is(action, "BLOCK")) {
            verdict(out, DENIED, DENIED);
            json.take(action);
        } else if (out.text(ACTION, json, action)) {
            verdict(out, OTHER, OTHER);
        }
        if (alert) {
            out.member(IS_ALERT, true);
        }
        int ruleGroup = json.find(query, FIREWALL_RULE_GROUP_ID);
        if (!isText(json, ruleGroup)) {
            // OCSF has no rule without an id
            return;
        }
        int mark = out.openObject(FIREWALL_RULE);
        out.string(UID, json, ruleGroup);
        out.text(CONDITION, json, json.find(query, FIREWALL_DOMAIN_LIST_ID));
        out.text(CATEGORY, json, json.find(query, FIREWALL_PROTECTION));
        out.closeObject(mark);
    }

    private static void verdict(JsonOutput out, int action, int disposition) {
        out.member(ACTION_ID, action);
        out.member(DISPOSITION_ID, disposition);
    }
}
