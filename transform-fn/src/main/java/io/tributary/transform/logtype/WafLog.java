package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.IpAddress;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;
import java.util.Arrays;
import java.util.List;

/**
 * AWS WAF web ACL logs: a JSON object for each web request that a web ACL inspected. The client is the source; the
 * protected resource is the destination ({@code httpSourceId} is where WAF had the request from, not who sent it).
 *
 * <p>Account and Region are those of the web ACL's ARN. The request's id is not taken for the event's: a client can
 * choose it by its trace header, so that a second request would replace the first.
 *
 * @see <a href="https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html">Log fields for web ACL
 *     traffic</a>
 */
final class WafLog implements LogType {
    /**
     * What became of a request. A count is no verdict: rules that only count let the request go on. A CAPTCHA or
     * challenge in this place answered in the resource's stead, because the client had no valid token.
     */
    private enum Action {
        ALLOW(1, 1),
        BLOCK(2, 2),
        COUNT(3, 20),
        EXCLUDED_AS_COUNT(3, 20),
        CAPTCHA(4, 22),
        CHALLENGE(4, 23);

        private static final Action[] ALL = values();

        private final int actionId;
        private final int dispositionId;

        Action(int actionId, int dispositionId) {
            this.actionId = actionId;
            this.dispositionId = dispositionId;
        }
    }

    /** The methods that OCSF has; a method's activity is its place here. */
    private static final List<String> METHODS =
            List.of("", "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE", "PATCH");

    private static final Product PRODUCT = Product.aws("AWS WAF", "cloud", "security_control");

    private static final Name TIMESTAMP = Name.of("timestamp");
    private static final Name FORMAT_VERSION = Name.of("formatVersion");
    private static final Name WEBACL_ID = Name.of("webaclId");
    private static final Name TERMINATING_RULE_ID = Name.of("terminatingRuleId");
    private static final Name TERMINATING_RULE_TYPE = Name.of("terminatingRuleType");
    private static final Name TERMINATING_RULE_MATCH_DETAILS = Name.of("terminatingRuleMatchDetails");
    private static final Name ACTION = Name.of("action");
    private static final Name HTTP_SOURCE_NAME = Name.of("httpSourceName");
    private static final Name HTTP_SOURCE_ID = Name.of("httpSourceId");
    private static final Name RULE_GROUP_LIST = Name.of("ruleGroupList");
    private static final Name TERMINATING_RULE = Name.of("terminatingRule");
    private static final Name RULE_ID = Name.of("ruleId");
    private static final Name RULE_MATCH_DETAILS = Name.of("ruleMatchDetails");
    private static final Name CONDITION_TYPE = Name.of("conditionType");
    private static final Name SENSITIVITY_LEVEL = Name.of("sensitivityLevel");
    private static final Name LOCATION = Name.of("location");
    private static final Name MATCHED_DATA = Name.of("matchedData");
    private static final Name RATE_BASED_RULE_LIST = Name.of("rateBasedRuleList");
    private static final Name RATE_BASED_RULE_NAME = Name.of("rateBasedRuleName");
    private static final Name MAX_RATE_ALLOWED = Name.of("maxRateAllowed");
    private static final Name NON_TERMINATING_MATCHING_RULES = Name.of("nonTerminatingMatchingRules");
    private static final Name RESPONSE_CODE_SENT = Name.of("responseCodeSent");
    private static final Name REQUEST_BODY_SIZE = Name.of("requestBodySize");
    private static final Name LABELS = Name.of("labels");
    private static final Name JA3_FINGERPRINT = Name.of("ja3Fingerprint");
    private static final Name JA4_FINGERPRINT = Name.of("ja4Fingerprint");
    private static final Name CLIENT_ASN = Name.of("clientAsn");
    private static final Name HTTP_REQUEST = Name.of("httpRequest");
    private static final Name CLIENT_IP = Name.of("clientIp");
    private static final Name COUNTRY = Name.of("country");
    private static final Name HEADERS = Name.of("headers");
    private static final Name NAME = Name.of("name");
    private static final Name VALUE = Name.of("value");
    private static final Name URI = Name.of("uri");
    private static final Name ARGS = Name.of("args");
    private static final Name HTTP_VERSION = Name.of("httpVersion");
    private static final Name HTTP_METHOD = Name.of("httpMethod");
    private static final Name REQUEST_ID = Name.of("requestId");
    private static final Name SCHEME = Name.of("scheme");
    private static final Name HOST = Name.of("host");

    private static final Name LOG_VERSION = Name.of("log_version");
    private static final Name POLICY = Name.of("policy");
    private static final Name UID = Name.of("uid");
    private static final Name TYPE = Name.of("type");
    private static final Name ACTION_ID = Name.of("action_id");
    private static final Name DISPOSITION_ID = Name.of("disposition_id");
    private static final Name FIREWALL_RULE = Name.of("firewall_rule");
    private static final Name CONDITION = Name.of("condition");
    private static final Name SENSITIVITY = Name.of("sensitivity");
    private static final Name MATCH_LOCATION = Name.of("match_location");
    private static final Name MATCH_DETAILS = Name.of("match_details");
    private static final Name RATE_LIMIT = Name.of("rate_limit");
    private static final Name SRC_ENDPOINT = Name.of("src_endpoint");
    private static final Name DST_ENDPOINT = Name.of("dst_endpoint");
    private static final Name IP = Name.of("ip");
    private static final Name SVC_NAME = Name.of("svc_name");
    private static final Name AUTONOMOUS_SYSTEM = Name.of("autonomous_system");
    private static final Name NUMBER = Name.of("number");
    private static final Name FINGERPRINTS = Name.of("fingerprints");
    private static final Name ALGORITHM_ID = Name.of("algorithm_id");
    private static final Name JA4_FINGERPRINT_LIST = Name.of("ja4_fingerprint_list");
    private static final Name TYPE_ID = Name.of("type_id");
    private static final Name REQUEST = Name.of("http_request");
    private static final Name METHOD = Name.of("http_method");
    private static final Name VERSION = Name.of("version");
    private static final Name BODY_LENGTH = Name.of("body_length");
    private static final Name URL = Name.of("url");
    private static final Name PATH = Name.of("path");
    private static final Name HOSTNAME = Name.of("hostname");
    private static final Name USER_AGENT = Name.of("user_agent");
    private static final Name REFERRER = Name.of("referrer");
    private static final Name X_FORWARDED_FOR = Name.of("x_forwarded_for");
    private static final Name HTTP_HEADERS = Name.of("http_headers");
    private static final Name RESPONSE = Name.of("http_response");
    private static final Name CODE = Name.of("code");

    private static final int UNKNOWN_ACTIVITY = 0;
    private static final int OTHER = 99;
    private static final int MD5 = 1;
    private static final int JA4 = 1;

    @Override
    public String source() {
        return "waf";
    }

    /** WAF itself demands that the names of its log groups begin so. */
    @Override
    public List<String> logGroups() {
        return List.of("aws-waf-logs-*");
    }

    @Override
    public boolean recognises(LogEvent event) {
        JsonText json = event.json();
        int log = event.payload();
        return json.isInteger(json.find(log, TIMESTAMP))
                && json.isString(json.find(log, WEBACL_ID))
                && json.isString(json.find(log, TERMINATING_RULE_ID))
                && json.isObject(json.find(log, HTTP_REQUEST));
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        JsonText json = event.json();
        int log = event.payload();
        int request = json.find(log, HTTP_REQUEST);
        if (!json.isObject(request)) {
            return new Parsed.Rejected("not a web ACL log; expected a JSON object with an object httpRequest");
        }
        int timestamp = json.find(log, TIMESTAMP);
        long ownTime = json.integer(timestamp, Timestamps.NONE);
        boolean hasTime = Timestamps.isValid(ownTime);
        long time = hasTime ? ownTime : event.timestamp();
        int activity = activity(json, json.find(request, HTTP_METHOD));

        JsonOutput out = document.out();
        document.start(OcsfClass.HTTP_ACTIVITY, activity, Severity.INFORMATIONAL, time);
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        if (hasTime) {
            document.originalTime(json, timestamp);
        }
        out.text(LOG_VERSION, json, json.find(log, FORMAT_VERSION));
        labels(out, json, json.find(log, LABELS));
        out.closeObject(metadata);
        int webAcl = json.find(log, WEBACL_ID);
        cloud(event, document, json, webAcl);

        client(out, json, log, request);
        resource(out, json, log);
        boolean told = request(out, json, log, request, activity);
        if (!response(out, json, json.find(log, RESPONSE_CODE_SENT)) && !told) {
            // OCSF demands one of them
            return new Parsed.Rejected("a web ACL log that tells nothing of the request; expected in httpRequest at"
                    + " least one of httpMethod, uri and requestId");
        }
        action(out, json, json.find(log, ACTION));
        rule(out, json, log);
        int policy = out.openObject(POLICY);
        out.text(UID, json, webAcl);
        out.closeObject(policy);
        takeEmpty(json, request, HEADERS);
        takeEmpty(json, log, LABELS);
        takeEmpty(json, log, TERMINATING_RULE_MATCH_DETAILS);
        takeEmpty(json, log, RULE_GROUP_LIST);
        takeEmpty(json, log, RATE_BASED_RULE_LIST);
        takeEmpty(json, log, NON_TERMINATING_MATCHING_RULES);
        document.unmapped(json);
        return Parsed.WRITTEN;
    }

    /** Most requests match nothing, and an empty list says no more than its absence. */
    private static void takeEmpty(JsonText json, int object, Name name) {
        int list = json.find(object, name);
        if (json.isArray(list) && json.isEmpty(list)) {
            json.take(list);
        }
    }

    private static int activity(JsonText json, int method) {
        for (int activity = 1; activity < METHODS.size(); activity++) {
            if (json.is(method, METHODS.get(activity))) {
                return activity;
            }
        }
        return json.isNull(method) ? UNKNOWN_ACTIVITY : OTHER;
    }

    private static void labels(JsonOutput out, JsonText json, int labels) {
        if (!json.isArray(labels)) {
            return;
        }
        int mark = out.openArray(LABELS);
        for (int label = json.first(labels); label != JsonText.NONE; label = json.next(label)) {
            out.stringElement(json, json.find(label, NAME));
        }
        out.closeArray(mark);
    }

    /** The web ACL's ARN, {@code arn:aws:wafv2:<Region>:<account>:…}, tells whose it is; WAF Classic has an id. */
    private static void cloud(LogEvent event, Document document, JsonText json, int webAcl) {
        int region = 0;
        int account = 0;
        int end = 0;
        if (json.startsWith(webAcl, "arn:") && !json.isEscaped(webAcl)) {
            region = afterColons(json, webAcl, 3);
            account = afterColons(json, webAcl, 4);
            end = afterColons(json, webAcl, 5);
        }
        boolean known = end > 0 && isAccount(json.bytes(), account, end - 1);
        document.out()
                .closeObject(document.openCloud(
                        event,
                        json.bytes(),
                        known ? account : 0,
                        known ? end - 1 : 0,
                        known ? region : 0,
                        known ? account - 1 : 0));
    }

    /** The position after a string's n-th colon, or 0. */
    private static int afterColons(JsonText json, int node, int n) {
        int left = n;
        for (int i = json.start(node) + 1; i < json.end(node) - 1; i++) {
            if (json.bytes()[i] == ':' && --left == 0) {
                return i + 1;
            }
        }
        return 0;
    }

    private static boolean isAccount(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return to - from == 12;
    }

    private static void client(JsonOutput out, JsonText json, int log, int request) {
        int ip = json.find(request, CLIENT_IP);
        if (IpAddress.is(json, ip)) {
            int client = out.openObject(SRC_ENDPOINT);
            out.string(IP, json, ip);
            int location = out.openObject(LOCATION);
            int country = json.find(request, COUNTRY);
            if (json.is(country, "-")) {
                // WAF could not tell
                json.take(country);
            } else {
                out.text(COUNTRY, json, country);
            }
            out.closeObject(location);
            int system = out.openObject(AUTONOMOUS_SYSTEM);
            if (!out.integer(NUMBER, json, json.find(request, CLIENT_ASN))) {
                out.integer(NUMBER, json, json.find(log, CLIENT_ASN));
            }
            out.closeObject(system);
            fingerprint(out, json, json.find(log, JA3_FINGERPRINT));
            out.closeObject(client);
        }
        int ja4 = json.find(log, JA4_FINGERPRINT);
        if (json.isString(ja4) && !json.isEmpty(ja4)) {
            int list = out.openArray(JA4_FINGERPRINT_LIST);
            int element = out.openObject();
            out.member(TYPE_ID, JA4);
            out.string(VALUE, json, ja4);
            out.closeObject(element);
            out.closeArray(list);
        }
    }

    /** JA3 is an MD5 hash. It stands with the client, as OCSF's {@code tls} demands a version, which is not logged. */
    private static void fingerprint(JsonOutput out, JsonText json, int ja3) {
        if (json.isString(ja3) && !json.isEmpty(ja3)) {
            int list = out.openArray(FINGERPRINTS);
            int element = out.openObject();
            out.member(ALGORITHM_ID, MD5);
            out.string(VALUE, json, ja3);
            out.closeObject(element);
            out.closeArray(list);
        }
    }

    private static void resource(JsonOutput out, JsonText json, int log) {
        int resource = out.openObject(DST_ENDPOINT);
        out.text(UID, json, json.find(log, HTTP_SOURCE_ID));
        out.text(SVC_NAME, json, json.find(log, HTTP_SOURCE_NAME));
        out.closeObject(resource);
    }

    /** Writes the request; whether there is anything of it. */
    private static boolean request(JsonOutput out, JsonText json, int log, int request, int activity) {
        int mark = out.openObject(REQUEST);
        out.text(UID, json, json.find(request, REQUEST_ID));
        if (activity != UNKNOWN_ACTIVITY && activity != OTHER) {
            // OCSF lists the methods it accepts; any other stays unmapped
            out.string(METHOD, json, json.find(request, HTTP_METHOD));
        }
        int headers = json.find(request, HEADERS);
        url(out, json, request, header(json, headers, "host"));
        // an empty query string is known to be empty
        out.string(ARGS, json, json.find(request, ARGS));
        out.text(VERSION, json, json.find(request, HTTP_VERSION));
        out.integer(BODY_LENGTH, json, json.find(log, REQUEST_BODY_SIZE));
        headers(out, json, headers);
        return out.closeObject(mark);
    }

    private static void url(JsonOutput out, JsonText json, int request, int hostHeader) {
        int uri = json.find(request, URI);
        if (json.isNull(uri)) {
            // OCSF has no URL without a path
            return;
        }
        int mark = out.openObject(URL);
        out.text(SCHEME, json, json.find(request, SCHEME));
        if (!out.text(HOSTNAME, json, json.find(request, HOST))) {
            out.text(HOSTNAME, json, hostHeader);
        }
        out.string(PATH, json, uri);
        out.closeObject(mark);
    }

    /** All headers, and those again that OCSF has attributes for. */
    private static void headers(JsonOutput out, JsonText json, int headers) {
        out.text(USER_AGENT, json, header(json, headers, "user-agent"));
        out.text(REFERRER, json, header(json, headers, "referer"));
        forwardedFor(out, json, header(json, headers, "x-forwarded-for"));
        if (!json.isArray(headers)) {
            return;
        }
        int mark = out.openArray(HTTP_HEADERS);
        for (int header = json.first(headers); header != JsonText.NONE; header = json.next(header)) {
            int name = json.find(header, NAME);
            int value = json.find(header, VALUE);
            if (!json.isNull(name) && !json.isNull(value)) {
                int element = out.openObject();
                out.string(NAME, json, name);
                out.string(VALUE, json, value);
                out.closeObject(element);
            }
        }
        out.closeArray(mark);
    }

    /**
     * The value of the first header of a name that has one.
     *
     * @param lowerCaseName letters and hyphens; the source's may be in any case
     */
    private static int header(JsonText json, int headers, String lowerCaseName) {
        if (!json.isArray(headers)) {
            return JsonText.NONE;
        }
        for (int header = json.first(headers); header != JsonText.NONE; header = json.next(header)) {
            if (isNamed(json, json.find(header, NAME), lowerCaseName)) {
                int value = json.find(header, VALUE);
                return json.isString(value) ? value : JsonText.NONE;
            }
        }
        return JsonText.NONE;
    }

    private static boolean isNamed(JsonText json, int name, String lowerCaseName) {
        if (!json.isString(name) || json.end(name) - json.start(name) - 2 != lowerCaseName.length()) {
            return false;
        }
        int start = json.start(name) + 1;
        for (int i = 0; i < lowerCaseName.length(); i++) {
            byte b = json.bytes()[start + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != lowerCaseName.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The addresses of {@code client, proxy1, proxy2}; what is none, such as an address with a port, is left out. */
    private static void forwardedFor(JsonOutput out, JsonText json, int header) {
        if (!json.isString(header)) {
            return;
        }
        byte[] bytes = json.bytes();
        int end = json.end(header) - 1;
        int mark = out.openArray(X_FORWARDED_FOR);
        int from = json.start(header) + 1;
        while (from < end) {
            int comma = from;
            while (comma < end && bytes[comma] != ',') {
                comma++;
            }
            int to = comma;
            while (from < to && bytes[from] == ' ') {
                from++;
            }
            while (to > from && bytes[to - 1] == ' ') {
                to--;
            }
            if (IpAddress.is(bytes, from, to)) {
                out.element().raw((byte) '"').raw(bytes, from, to).raw((byte) '"');
            }
            from = comma + 1;
        }
        out.closeArray(mark);
    }

    /** Writes the code that WAF answered with, if it answered. */
    private static boolean response(JsonOutput out, JsonText json, int code) {
        int response = out.openObject(RESPONSE);
        out.integer(CODE, json, code);
        return out.closeObject(response);
    }

    private static void action(JsonOutput out, JsonText json, int node) {
        for (Action action : Action.ALL) {
            if (json.is(node, action.name())) {
                out.member(ACTION_ID, action.actionId);
                out.member(DISPOSITION_ID, action.dispositionId);
                json.take(node);
                return;
            }
        }
        if (out.text(ACTION, json, node)) {
            out.member(ACTION_ID, OTHER);
            out.member(DISPOSITION_ID, OTHER);
        }
    }

    /**
     * The rule that ended the inspection. Where that is a rule group, the rule in it that did is the name, and where
     * the match is told there and not above, it is taken from there.
     */
    private static void rule(JsonOutput out, JsonText json, int log) {
        int id = json.find(log, TERMINATING_RULE_ID);
        int inGroup = ruleInGroup(json, json.find(log, RULE_GROUP_LIST));
        int mark = out.openObject(FIREWALL_RULE);
        boolean hasId = out.text(UID, json, id);
        boolean hasName = out.text(NAME, json, json.find(inGroup, RULE_ID));
        if (!hasId && !hasName) {
            // OCSF has no rule without either
            out.closeObject(mark);
            return;
        }
        rateLimit(out, json, id, json.find(log, RATE_BASED_RULE_LIST));
        out.text(TYPE, json, json.find(log, TERMINATING_RULE_TYPE));
        int match = firstElement(json, json.find(log, TERMINATING_RULE_MATCH_DETAILS));
        match(out, json, match == JsonText.NONE ? firstElement(json, json.find(inGroup, RULE_MATCH_DETAILS)) : match);
        out.closeObject(mark);
    }

    private static int ruleInGroup(JsonText json, int groups) {
        if (json.isArray(groups)) {
            for (int group = json.first(groups); group != JsonText.NONE; group = json.next(group)) {
                int rule = json.find(group, TERMINATING_RULE);
                if (json.isObject(rule)) {
                    return rule;
                }
            }
        }
        return JsonText.NONE;
    }

    private static int firstElement(JsonText json, int array) {
        return json.isArray(array) ? json.first(array) : JsonText.NONE;
    }

    private static void match(JsonOutput out, JsonText json, int match) {
        out.text(CONDITION, json, json.find(match, CONDITION_TYPE));
        out.text(SENSITIVITY, json, json.find(match, SENSITIVITY_LEVEL));
        out.text(MATCH_LOCATION, json, json.find(match, LOCATION));
        int data = json.find(match, MATCHED_DATA);
        if (json.isArray(data)) {
            int details = out.openArray(MATCH_DETAILS);
            for (int detail = json.first(data); detail != JsonText.NONE; detail = json.next(detail)) {
                out.stringElement(json, detail);
            }
            out.closeArray(details);
        }
    }

    /** The limit of the rule that ended the inspection, if it is one by rate; others may only have counted. */
    private static void rateLimit(JsonOutput out, JsonText json, int terminatingRule, int rules) {
        if (!json.isArray(rules) || !json.isString(terminatingRule)) {
            return;
        }
        for (int rule = json.first(rules); rule != JsonText.NONE; rule = json.next(rule)) {
            if (isSame(json, json.find(rule, RATE_BASED_RULE_NAME), terminatingRule)) {
                out.integer(RATE_LIMIT, json, json.find(rule, MAX_RATE_ALLOWED));
                return;
            }
        }
    }

    private static boolean isSame(JsonText json, int one, int other) {
        byte[] bytes = json.bytes();
        return json.isString(one)
                && Arrays.equals(bytes, json.start(one), json.end(one), bytes, json.start(other), json.end(other));
    }
}
