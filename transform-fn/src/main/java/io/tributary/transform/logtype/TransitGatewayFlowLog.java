package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;
import java.util.Arrays;
import java.util.List;

/**
 * Transit Gateway flow logs: a line of values separated by spaces, {@code -} for none. CloudWatch Logs has no header,
 * so a custom format has to be configured for its log group; without one the default format (version 6) is assumed. A
 * line with another number of values is rejected, never guessed at. {@code NODATA} and {@code SKIPDATA} lines are kept.
 *
 * <p>The gateway is neither end of the traffic: it is the OCSF {@code network_observation_point}, and the attachment at
 * which the flow was seen is its interface. Account and Region are those of the gateway; each end has the account that
 * owns its VPC.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html">Transit Gateway Flow Logs</a>
 */
final class TransitGatewayFlowLog implements LogType {
    /** All fields, in the order of the default format. */
    private enum Field {
        VERSION("version"),
        RESOURCE_TYPE("resource-type"),
        ACCOUNT_ID("account-id"),
        TGW_ID("tgw-id"),
        TGW_ATTACHMENT_ID("tgw-attachment-id"),
        TGW_SRC_VPC_ACCOUNT_ID("tgw-src-vpc-account-id"),
        TGW_DST_VPC_ACCOUNT_ID("tgw-dst-vpc-account-id"),
        TGW_SRC_VPC_ID("tgw-src-vpc-id"),
        TGW_DST_VPC_ID("tgw-dst-vpc-id"),
        TGW_SRC_SUBNET_ID("tgw-src-subnet-id"),
        TGW_DST_SUBNET_ID("tgw-dst-subnet-id"),
        TGW_SRC_ENI("tgw-src-eni"),
        TGW_DST_ENI("tgw-dst-eni"),
        TGW_SRC_AZ_ID("tgw-src-az-id"),
        TGW_DST_AZ_ID("tgw-dst-az-id"),
        TGW_PAIR_ATTACHMENT_ID("tgw-pair-attachment-id"),
        SRCADDR("srcaddr"),
        DSTADDR("dstaddr"),
        SRCPORT("srcport"),
        DSTPORT("dstport"),
        PROTOCOL("protocol"),
        PACKETS("packets"),
        BYTES("bytes"),
        START("start"),
        END("end"),
        LOG_STATUS("log-status"),
        TYPE("type"),
        PACKETS_LOST_NO_ROUTE("packets-lost-no-route"),
        PACKETS_LOST_BLACKHOLE("packets-lost-blackhole"),
        PACKETS_LOST_MTU_EXCEEDED("packets-lost-mtu-exceeded"),
        PACKETS_LOST_TTL_EXPIRED("packets-lost-ttl-expired"),
        TCP_FLAGS("tcp-flags"),
        REGION("region"),
        FLOW_DIRECTION("flow-direction"),
        PKT_SRC_AWS_SERVICE("pkt-src-aws-service"),
        PKT_DST_AWS_SERVICE("pkt-dst-aws-service");

        private final Name fieldName;

        Field(String fieldName) {
            this.fieldName = Name.of(fieldName);
        }
    }

    private static final List<Name> NAMES =
            Arrays.stream(Field.values()).map(field -> field.fieldName).toList();

    /** One end of the traffic: where it is written, and the fields that tell of it. */
    private enum End {
        SOURCE(
                "src_endpoint",
                Field.SRCADDR,
                Field.SRCPORT,
                Field.PKT_SRC_AWS_SERVICE,
                Field.TGW_SRC_ENI,
                Field.TGW_SRC_SUBNET_ID,
                Field.TGW_SRC_VPC_ID,
                Field.TGW_SRC_AZ_ID,
                Field.TGW_SRC_VPC_ACCOUNT_ID),
        DESTINATION(
                "dst_endpoint",
                Field.DSTADDR,
                Field.DSTPORT,
                Field.PKT_DST_AWS_SERVICE,
                Field.TGW_DST_ENI,
                Field.TGW_DST_SUBNET_ID,
                Field.TGW_DST_VPC_ID,
                Field.TGW_DST_AZ_ID,
                Field.TGW_DST_VPC_ACCOUNT_ID);

        private final Name endpoint;
        private final Field address;
        private final Field port;
        private final Field service;
        private final Field networkInterface;
        private final Field subnet;
        private final Field vpc;
        private final Field zone;
        private final Field account;

        End(
                String endpoint,
                Field address,
                Field port,
                Field service,
                Field networkInterface,
                Field subnet,
                Field vpc,
                Field zone,
                Field account) {
            this.endpoint = Name.of(endpoint);
            this.address = address;
            this.port = port;
            this.service = service;
            this.networkInterface = networkInterface;
            this.subnet = subnet;
            this.vpc = vpc;
            this.zone = zone;
            this.account = account;
        }
    }

    private static final Product PRODUCT = Product.aws("Transit Gateway Flow Logs", "cloud");

    private static final Name LOG_VERSION = Name.of("log_version");
    private static final Name IP = Name.of("ip");
    private static final Name PORT = Name.of("port");
    private static final Name SVC_NAME = Name.of("svc_name");
    private static final Name INTERFACE_UID = Name.of("interface_uid");
    private static final Name SUBNET_UID = Name.of("subnet_uid");
    private static final Name VPC_UID = Name.of("vpc_uid");
    private static final Name ZONE = Name.of("zone");
    private static final Name OWNER = Name.of("owner");
    private static final Name ACCOUNT = Name.of("account");
    private static final Name UID = Name.of("uid");
    private static final Name NAME = Name.of("name");
    private static final Name OBSERVATION_POINT_ID = Name.of("observation_point_id");
    private static final Name NETWORK_OBSERVATION_POINT = Name.of("network_observation_point");
    private static final Name TYPE = Name.of("type");
    private static final Name TYPE_ID = Name.of("type_id");
    private static final Name CONNECTION_INFO = Name.of("connection_info");
    private static final Name DIRECTION_ID = Name.of("direction_id");
    private static final Name PROTOCOL_NUM = Name.of("protocol_num");
    private static final Name PROTOCOL_VER_ID = Name.of("protocol_ver_id");
    private static final Name PROTOCOL_VER = Name.of("protocol_ver");
    private static final Name TCP_FLAGS = Name.of("tcp_flags");
    private static final Name TRAFFIC = Name.of("traffic");
    private static final Name PACKETS = Name.of("packets");
    private static final Name BYTES = Name.of("bytes");
    private static final Name END_TIME = Name.of("end_time");
    private static final Name STATUS_CODE = Name.of("status_code");
    private static final Name UNMAPPED = Name.of("unmapped");

    private static final int UNKNOWN_ACTIVITY = 0;
    private static final int TRAFFIC_ACTIVITY = 6;
    private static final int UNKNOWN_DIRECTION = 0;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int IPV4 = 4;
    private static final int IPV6 = 6;
    private static final int NEITHER_END = 3;
    private static final int OTHER = 99;

    private final SpacedLine line;

    /** The default format. */
    TransitGatewayFlowLog() {
        line = new SpacedLine(NAMES);
    }

    private TransitGatewayFlowLog(int[] fields) {
        line = new SpacedLine(NAMES, fields);
    }

    @Override
    public String source() {
        return "tgw-flow-logs";
    }

    @Override
    public List<String> logGroups() {
        return List.of(
                "*transit-gateway-flow*",
                "*transitgateway-flow*",
                "*transitgatewayflow*",
                "*tgw-flow*",
                "*tgw/flow*",
                "*tgw_flow*");
    }

    /** A line of the default format; only there is it certain where the resource type stands. */
    @Override
    public boolean recognises(LogEvent event) {
        return line.split(event) == line.width() && is(Field.RESOURCE_TYPE, "TransitGateway") && is(Field.VERSION, "6");
    }

    @Override
    public boolean mayHoldSecrets() {
        return false;
    }

    @Override
    public LogType withFormat(String format) {
        String[] parts = format.strip().split("[\\s,]+");
        int[] fields = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            int field = field(parts[i]);
            if (Arrays.stream(fields, 0, i).anyMatch(earlier -> earlier == field)) {
                throw new IllegalArgumentException("the flow log format names " + NAMES.get(field) + " twice");
            }
            fields[i] = field;
        }
        return new TransitGatewayFlowLog(fields);
    }

    private static int field(String part) {
        boolean braces = part.startsWith("${") && part.endsWith("}");
        String name = braces ? part.substring(2, part.length() - 1) : part;
        for (Field field : Field.values()) {
            if (field.fieldName.toString().equals(name)) {
                return field.ordinal();
            }
        }
        throw new IllegalArgumentException("no Transit Gateway flow log field is named \"" + name
                + "\"; a format is a list of field names such as: version tgw-id srcaddr dstaddr start end");
    }

    @Override
    public Parsed write(LogEvent event, Document document) {
        int values = line.split(event);
        if (values != line.width()) {
            return new Parsed.Rejected("a flow log line of " + values + " values where the log group's format has "
                    + line.width() + " fields; configure the format of a custom flow log");
        }
        long start = line.seconds(Field.START.ordinal());
        long time = start == Timestamps.NONE ? event.timestamp() : start;
        boolean noTraffic = has(Field.LOG_STATUS) && !is(Field.LOG_STATUS, "OK");
        JsonOutput out = document.out();
        int activity = noTraffic ? UNKNOWN_ACTIVITY : TRAFFIC_ACTIVITY;
        document.start(OcsfClass.NETWORK_ACTIVITY, activity, Severity.INFORMATIONAL, time);
        metadata(event, document, start);
        cloud(event, document);
        endpoints(event, out);
        observationPoint(out);
        connection(out);
        traffic(out);
        text(out, STATUS_CODE, Field.LOG_STATUS);
        int unmapped = out.openObject(UNMAPPED);
        line.remaining(out);
        out.closeObject(unmapped);
        return Parsed.WRITTEN;
    }

    private void metadata(LogEvent event, Document document, long start) {
        JsonOutput out = document.out();
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        if (start != Timestamps.NONE) {
            document.originalTime(line.bytes(), from(Field.START), to(Field.START));
        }
        text(out, LOG_VERSION, Field.VERSION);
        out.closeObject(metadata);
    }

    private void cloud(LogEvent event, Document document) {
        document.out()
                .closeObject(document.openCloud(
                        event,
                        line.bytes(),
                        from(Field.ACCOUNT_ID),
                        to(Field.ACCOUNT_ID),
                        from(Field.REGION),
                        to(Field.REGION)));
        if (document.accountHolds()) {
            line.take(Field.ACCOUNT_ID.ordinal());
        }
        if (document.regionHolds()) {
            line.take(Field.REGION.ordinal());
        }
    }

    private void endpoints(LogEvent event, JsonOutput out) {
        boolean source = endpoint(out, End.SOURCE);
        boolean destination = endpoint(out, End.DESTINATION);
        if (!source && !destination) {
            unknownEnd(event, out);
        }
    }

    /** Writes one end, unless nothing of the line identifies it. */
    private boolean endpoint(JsonOutput out, End end) {
        boolean address = line.isAddress(end.address.ordinal());
        if (!address && !has(end.networkInterface) && !has(end.service)) {
            return false;
        }
        int endpoint = out.openObject(end.endpoint);
        if (address) {
            text(out, IP, end.address);
        }
        number(out, PORT, end.port, 65_535);
        text(out, SVC_NAME, end.service);
        text(out, INTERFACE_UID, end.networkInterface);
        text(out, SUBNET_UID, end.subnet);
        text(out, VPC_UID, end.vpc);
        text(out, ZONE, end.zone);
        if (has(end.account)) {
            int owner = out.openObject(OWNER);
            int account = out.openObject(ACCOUNT);
            text(out, UID, end.account);
            out.closeObject(account);
            out.closeObject(owner);
        }
        return out.closeObject(endpoint);
    }

    /**
     * OCSF demands one end of the traffic. A line without any, such as one of {@code NODATA}, tells of the attachment
     * that had none; and where that is not in the format either, there is still the gateway, or the log stream.
     */
    private void unknownEnd(LogEvent event, JsonOutput out) {
        int end = out.openObject(End.DESTINATION.endpoint);
        Field id = has(Field.TGW_ATTACHMENT_ID) ? Field.TGW_ATTACHMENT_ID : Field.TGW_ID;
        String stream = event.origin().logStream();
        if (has(id)) {
            // not taken: it is the point of observation, too
            out.member(UID, line.bytes(), from(id), to(id));
        } else {
            out.member(NAME, stream.isEmpty() ? "unknown" : stream);
        }
        out.closeObject(end);
    }

    private void observationPoint(JsonOutput out) {
        if (!has(Field.TGW_ID) && !has(Field.TGW_ATTACHMENT_ID)) {
            return;
        }
        out.member(OBSERVATION_POINT_ID, NEITHER_END);
        int point = out.openObject(NETWORK_OBSERVATION_POINT);
        text(out, UID, Field.TGW_ID);
        text(out, INTERFACE_UID, Field.TGW_ATTACHMENT_ID);
        if (text(out, TYPE, Field.RESOURCE_TYPE)) {
            out.member(TYPE_ID, OTHER);
        }
        out.closeObject(point);
    }

    private void connection(JsonOutput out) {
        int connection = out.openObject(CONNECTION_INFO);
        int direction = direction();
        out.member(DIRECTION_ID, direction);
        if (direction != UNKNOWN_DIRECTION) {
            line.take(Field.FLOW_DIRECTION.ordinal());
        }
        number(out, PROTOCOL_NUM, Field.PROTOCOL, 255);
        number(out, TCP_FLAGS, Field.TCP_FLAGS, 255);
        boolean v4 = is(Field.TYPE, "IPv4");
        if (v4 || is(Field.TYPE, "IPv6")) {
            out.member(PROTOCOL_VER_ID, v4 ? IPV4 : IPV6);
            line.take(Field.TYPE.ordinal());
        } else if (text(out, PROTOCOL_VER, Field.TYPE)) {
            out.member(PROTOCOL_VER_ID, OTHER);
        }
        out.closeObject(connection);
    }

    /** Seen from the gateway: ingress enters it from the attachment. */
    private int direction() {
        if (is(Field.FLOW_DIRECTION, "ingress")) {
            return INBOUND;
        }
        return is(Field.FLOW_DIRECTION, "egress") ? OUTBOUND : UNKNOWN_DIRECTION;
    }

    private void traffic(JsonOutput out) {
        int traffic = out.openObject(TRAFFIC);
        number(out, PACKETS, Field.PACKETS, Long.MAX_VALUE);
        number(out, BYTES, Field.BYTES, Long.MAX_VALUE);
        out.closeObject(traffic);
        if (line.seconds(Field.START.ordinal()) != Timestamps.NONE) {
            // the event's own time: start_time would only restate it
            line.take(Field.START.ordinal());
        }
        line.time(out, END_TIME, Field.END.ordinal());
    }

    // ---- the values of the line

    private int from(Field field) {
        return line.from(field.ordinal());
    }

    private int to(Field field) {
        return line.to(field.ordinal());
    }

    private boolean has(Field field) {
        return line.has(field.ordinal());
    }

    private boolean is(Field field, String value) {
        return line.is(field.ordinal(), value);
    }

    private boolean text(JsonOutput out, Name name, Field field) {
        return line.text(out, name, field.ordinal());
    }

    private void number(JsonOutput out, Name name, Field field, long largest) {
        line.number(out, name, field.ordinal(), largest);
    }
}
