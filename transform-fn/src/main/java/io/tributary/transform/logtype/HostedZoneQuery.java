package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;
import java.util.List;
import java.util.stream.Stream;

/**
 * Query logs of a public hosted zone of Route 53: a line for each query that a resolver asked an edge location, such as
 * {@code 1.0 2026-03-01T08:16:02.130Z Z123412341234 example.com A NOERROR UDP FRA6 192.0.2.1 2001:db8:abcd::/48}.
 * Later minor versions of the format may add values at its end; these are kept as they are.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html">Public DNS query logging</a>
 */
final class HostedZoneQuery implements LogType {
    private static final int VERSION = 0;
    private static final int QUERY_TIMESTAMP = 1;
    private static final int HOSTED_ZONE_ID = 2;
    private static final int QUERY_NAME = 3;
    private static final int QUERY_TYPE = 4;
    private static final int RESPONSE_CODE = 5;
    private static final int PROTOCOL = 6;
    private static final int EDGE_LOCATION = 7;
    private static final int RESOLVER_IP_ADDRESS = 8;

    /** The fields in the order of the line. The client subnet has a prefix length, so it is no address of OCSF. */
    private static final List<Name> FIELDS = Stream.of(
                    "version",
                    "query_timestamp",
                    "hosted_zone_id",
                    "query_name",
                    "query_type",
                    "response_code",
                    "protocol",
                    "edge_location",
                    "resolver_ip_address",
                    "edns_client_subnet")
            .map(Name::of)
            .toList();

    private static final Product PRODUCT = Product.aws("Route 53", "cloud");

    private static final Name LOG_VERSION = Name.of("log_version");
    private static final Name QUERY = Name.of("query");
    private static final Name HOSTNAME = Name.of("hostname");
    private static final Name TYPE = Name.of("type");
    private static final Name RCODE = Name.of("rcode");
    private static final Name RCODE_ID = Name.of("rcode_id");
    private static final Name SRC_ENDPOINT = Name.of("src_endpoint");
    private static final Name DST_ENDPOINT = Name.of("dst_endpoint");
    private static final Name IP = Name.of("ip");
    private static final Name NAME = Name.of("name");
    private static final Name SVC_NAME = Name.of("svc_name");
    private static final Name CONNECTION_INFO = Name.of("connection_info");
    private static final Name DIRECTION_ID = Name.of("direction_id");
    private static final Name PROTOCOL_NUM = Name.of("protocol_num");
    private static final Name PROTOCOL_NAME = Name.of("protocol_name");
    private static final Name UNMAPPED = Name.of("unmapped");
    private static final Name ADDITIONAL_VALUES = Name.of("additional_values");

    private static final int QUERY_ACTIVITY = 1;
    private static final int TRAFFIC_ACTIVITY = 6;
    private static final int INBOUND = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final SpacedLine line = new SpacedLine(FIELDS);

    @Override
    public String source() {
        return "route53-public";
    }

    @Override
    public List<String> logGroups() {
        return List.of("/aws/route53/*");
    }

    @Override
    public boolean recognises(LogEvent event) {
        return isQuery(event)
                && line.is(VERSION, "1.0")
                && line.startsWith(HOSTED_ZONE_ID, "Z")
                && (line.is(PROTOCOL, "UDP") || line.is(PROTOCOL, "TCP"))
                && line.isAddress(RESOLVER_IP_ADDRESS);
    }

    @Override
    public boolean mayHoldSecrets() {
        return false;
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        if (!isQuery(event)) {
            return new Parsed.Rejected(
                    "not a query log line of a public hosted zone; expected at least 10 values separated by spaces, the"
                            + " second of them the time");
        }
        long time = time();
        boolean answered = line.has(RESPONSE_CODE);
        JsonOutput out = document.out();
        int activity = answered ? TRAFFIC_ACTIVITY : QUERY_ACTIVITY;
        document.start(OcsfClass.DNS_ACTIVITY, activity, Severity.INFORMATIONAL, time);
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        document.originalTime(line.bytes(), line.from(QUERY_TIMESTAMP), line.to(QUERY_TIMESTAMP));
        line.take(QUERY_TIMESTAMP);
        line.text(out, LOG_VERSION, VERSION);
        out.closeObject(metadata);
        out.closeObject(document.openCloud(event, line.bytes(), 0, 0, 0, 0));

        question(out);
        if (answered) {
            responseCode(out);
        }
        endpoints(out);
        connection(out);
        int unmapped = out.openObject(UNMAPPED);
        line.remaining(out);
        line.surplus(out, ADDITIONAL_VALUES);
        out.closeObject(unmapped);
        return Parsed.WRITTEN;
    }

    private boolean isQuery(LogEvent event) {
        return line.split(event) >= line.width() && time() != Timestamps.NONE;
    }

    private long time() {
        return Timestamps.parseIso(line.bytes(), line.from(QUERY_TIMESTAMP), line.to(QUERY_TIMESTAMP));
    }

    private void question(JsonOutput out) {
        if (line.has(QUERY_NAME)) {
            int mark = out.openObject(QUERY);
            line.text(out, HOSTNAME, QUERY_NAME);
            line.text(out, TYPE, QUERY_TYPE);
            out.closeObject(mark);
        }
    }

    private void responseCode(JsonOutput out) {
        int id = DnsResponseCode.id(line.bytes(), line.from(RESPONSE_CODE), line.to(RESPONSE_CODE));
        out.member(RCODE_ID, id);
        if (id == DnsResponseCode.OTHER) {
            line.text(out, RCODE, RESPONSE_CODE);
        }
        line.take(RESPONSE_CODE);
    }

    private void endpoints(JsonOutput out) {
        if (line.isAddress(RESOLVER_IP_ADDRESS)) {
            int source = out.openObject(SRC_ENDPOINT);
            line.text(out, IP, RESOLVER_IP_ADDRESS);
            out.closeObject(source);
        }
        // one end that OCSF demands is always there: the service, at one of its edge locations
        int destination = out.openObject(DST_ENDPOINT);
        out.member(SVC_NAME, "Route 53");
        line.text(out, NAME, EDGE_LOCATION);
        out.closeObject(destination);
    }

    private void connection(JsonOutput out) {
        boolean udp = line.is(PROTOCOL, "UDP");
        int mark = out.openObject(CONNECTION_INFO);
        out.member(DIRECTION_ID, INBOUND);
        if (udp || line.is(PROTOCOL, "TCP")) {
            out.member(PROTOCOL_NUM, udp ? UDP : TCP);
            line.take(PROTOCOL);
        } else {
            line.text(out, PROTOCOL_NAME, PROTOCOL);
        }
        out.closeObject(mark);
    }
}
