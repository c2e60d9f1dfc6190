package io.tributary.transform.logtype;

import io.tributary.json.JsonOutput;
import io.tributary.json.Name;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;
import io.tributary.ocsf.Timestamps;
import java.util.ArrayList;
import java.util.List;

/**
 * VPC flow logs, versions 2 to 11: a line of values separated by spaces, {@code -} for none. CloudWatch Logs carries no
 * header, so a custom format has to be configured for its log group; without one the default format is assumed. A line with
 * another number of values is rejected, never guessed at. {@code NODATA} and {@code SKIPDATA} lines are kept.
 *
 * <p>The interface, its instance, subnet and VPC belong to the destination of incoming and to the source of outgoing
 * traffic. Where the direction is unknown (the default format does not tell) they are the OCSF
 * {@code network_observation_point}, instead of being ascribed to an end that they may not be.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html">Flow log records</a>
 */
final class VpcFlowLog implements LogType {
    /** The fields that are mapped; all others of the format go to {@code unmapped} under their own names. */
    private enum Field {
        VERSION("version"),
        ACCOUNT_ID("account-id"),
        INTERFACE_ID("interface-id"),
        SRCADDR("srcaddr"),
        DSTADDR("dstaddr"),
        SRCPORT("srcport"),
        DSTPORT("dstport"),
        PROTOCOL("protocol"),
        PACKETS("packets"),
        BYTES("bytes"),
        START("start"),
        END("end"),
        ACTION("action"),
        LOG_STATUS("log-status"),
        VPC_ID("vpc-id"),
        SUBNET_ID("subnet-id"),
        INSTANCE_ID("instance-id"),
        TCP_FLAGS("tcp-flags"),
        TYPE("type"),
        REGION("region"),
        AZ_ID("az-id"),
        PKT_SRC_AWS_SERVICE("pkt-src-aws-service"),
        PKT_DST_AWS_SERVICE("pkt-dst-aws-service"),
        FLOW_DIRECTION("flow-direction"),
        TRAFFIC_PATH("traffic-path"),
        REJECT_REASON("reject-reason");

        private final String fieldName;

        Field(String fieldName) {
            this.fieldName = fieldName;
        }
    }

    /** Fields of versions 3 to 11 that OCSF has no attribute for. */
    private static final List<String> UNMAPPED_FIELDS = List.of(
            "pkt-srcaddr",
            "pkt-dstaddr",
            "sublocation-type",
            "sublocation-id",
            "ecs-cluster-arn",
            "ecs-cluster-name",
            "ecs-container-instance-arn",
            "ecs-container-instance-id",
            "ecs-container-id",
            "ecs-second-container-id",
            "ecs-service-name",
            "ecs-task-definition-arn",
            "ecs-task-arn",
            "ecs-task-id",
            "resource-id",
            "encryption-status",
            "instance-tag",
            "instance-tag-2",
            "interface-tag",
            "interface-tag-2",
            "asg-tag",
            "asg-tag-2",
            "interface-type",
            "next-hop-interface-id",
            "next-hop-subnet-id",
            "next-hop-az-id",
            "next-hop-vpc-id",
            "next-hop-interface-type");

    private static final String DEFAULT_FORMAT =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol"
                    + " packets bytes start end action log-status";

    private static final Product PRODUCT = Product.aws("VPC Flow Logs", "cloud", "security_control");

    private static final Name LOG_VERSION = Name.of("log_version");
    private static final Name ZONE = Name.of("zone");
    private static final Name SRC_ENDPOINT = Name.of("src_endpoint");
    private static final Name DST_ENDPOINT = Name.of("dst_endpoint");
    private static final Name NETWORK_OBSERVATION_POINT = Name.of("network_observation_point");
    private static final Name NAME = Name.of("name");
    private static final Name IP = Name.of("ip");
    private static final Name PORT = Name.of("port");
    private static final Name SVC_NAME = Name.of("svc_name");
    private static final Name INTERFACE_UID = Name.of("interface_uid");
    private static final Name INSTANCE_UID = Name.of("instance_uid");
    private static final Name SUBNET_UID = Name.of("subnet_uid");
    private static final Name VPC_UID = Name.of("vpc_uid");
    private static final Name CONNECTION_INFO = Name.of("connection_info");
    private static final Name DIRECTION_ID = Name.of("direction_id");
    private static final Name PROTOCOL_NUM = Name.of("protocol_num");
    private static final Name PROTOCOL_VER_ID = Name.of("protocol_ver_id");
    private static final Name PROTOCOL_VER = Name.of("protocol_ver");
    private static final Name TCP_FLAGS = Name.of("tcp_flags");
    private static final Name BOUNDARY_ID = Name.of("boundary_id");
    private static final Name TRAFFIC = Name.of("traffic");
    private static final Name PACKETS = Name.of("packets");
    private static final Name BYTES = Name.of("bytes");
    private static final Name END_TIME = Name.of("end_time");
    private static final Name ACTION_ID = Name.of("action_id");
    private static final Name STATUS_CODE = Name.of("status_code");
    private static final Name STATUS_DETAIL = Name.of("status_detail");
    private static final Name UNMAPPED = Name.of("unmapped");

    private static final int TRAFFIC_ACTIVITY = 6;
    private static final int REFUSE_ACTIVITY = 5;
    private static final int ALLOWED = 1;
    private static final int DENIED = 2;
    private static final int UNKNOWN_ACTIVITY = 0;
    private static final int UNKNOWN_DIRECTION = 0;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int IPV4 = 4;
    private static final int IPV6 = 6;
    private static final int OTHER = 99;

    private final SpacedLine line;

    VpcFlowLog() {
        this(DEFAULT_FORMAT);
    }

    private VpcFlowLog(String format) {
        List<String> fields = fields(format);
        List<Name> names = new ArrayList<>();
        for (Field field : Field.values()) {
            names.add(Name.of(field.fieldName));
        }
        int[] columns = new int[fields.size()];
        for (int i = 0; i < columns.length; i++) {
            String name = fields.get(i);
            if (fields.indexOf(name) < i) {
                throw new IllegalArgumentException("the flow log format names " + name + " twice");
            }
            columns[i] = column(name, names);
        }
        line = new SpacedLine(names, columns);
    }

    private static List<String> fields(String format) {
        List<String> fields = new ArrayList<>();
        for (String part : format.strip().split("[\\s,]+")) {
            boolean braces = part.startsWith("${") && part.endsWith("}");
            fields.add((braces ? part.substring(2, part.length() - 1) : part).replace('_', '-'));
        }
        return fields;
    }

    private static int column(String name, List<Name> all) {
        for (Field field : Field.values()) {
            if (field.fieldName.equals(name)) {
                return field.ordinal();
            }
        }
        if (!UNMAPPED_FIELDS.contains(name)) {
            throw new IllegalArgumentException("no flow log field is named " + (name.isEmpty() ? "(nothing)" : name)
                    + "; a format is a list of field names such as: " + DEFAULT_FORMAT);
        }
        all.add(Name.of(name));
        return all.size() - 1;
    }

    @Override
    public String source() {
        return "vpc-flow-logs";
    }

    @Override
    public List<String> logGroups() {
        return List.of("*vpc*flow*", "/aws/vpc/*", "*flow-log*", "*flowlog*");
    }

    @Override
    public boolean mayHoldSecrets() {
        return false;
    }

    @Override
    public LogType withFormat(String format) {
        return new VpcFlowLog(format);
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
        boolean rejected = is(Field.ACTION, "REJECT");
        JsonOutput out = document.out();
        document.start(OcsfClass.NETWORK_ACTIVITY, activity(rejected), Severity.INFORMATIONAL, time);
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        if (start != Timestamps.NONE) {
            document.originalTime(line.bytes(), from(Field.START), to(Field.START));
            // the event's own time: start_time would only restate it
            take(Field.START);
        }
        text(out, LOG_VERSION, Field.VERSION);
        out.closeObject(metadata);
        cloud(event, document);
        endpoints(event, out);
        connection(out);
        traffic(out);
        if (rejected || is(Field.ACTION, "ACCEPT")) {
            out.member(ACTION_ID, rejected ? DENIED : ALLOWED);
            take(Field.ACTION);
        }
        text(out, STATUS_CODE, Field.LOG_STATUS);
        text(out, STATUS_DETAIL, Field.REJECT_REASON);
        int unmapped = out.openObject(UNMAPPED);
        line.remaining(out);
        out.closeObject(unmapped);
        return Parsed.WRITTEN;
    }

    private int activity(boolean rejected) {
        if (has(Field.LOG_STATUS) && !is(Field.LOG_STATUS, "OK")) {
            return UNKNOWN_ACTIVITY;
        }
        return rejected ? REFUSE_ACTIVITY : TRAFFIC_ACTIVITY;
    }

    private void cloud(LogEvent event, Document document) {
        // of an interface that an AWS service made, the record may not tell the account; its log group's is known
        boolean unknown = is(Field.ACCOUNT_ID, "unknown");
        int cloud = document.openCloud(
                event,
                line.bytes(),
                from(Field.ACCOUNT_ID),
                unknown ? from(Field.ACCOUNT_ID) : to(Field.ACCOUNT_ID),
                from(Field.REGION),
                to(Field.REGION));
        if (!unknown && document.accountHolds()) {
            take(Field.ACCOUNT_ID);
        }
        if (document.regionHolds()) {
            take(Field.REGION);
        }
        text(document.out(), ZONE, Field.AZ_ID);
        document.out().closeObject(cloud);
    }

    private void endpoints(LogEvent event, JsonOutput out) {
        int direction = direction();
        boolean from = line.isAddress(Field.SRCADDR.ordinal());
        boolean to = line.isAddress(Field.DSTADDR.ordinal());
        // without any address there is no traffic, and the interface is the only end that there is
        boolean observed = direction == UNKNOWN_DIRECTION && (from || to);
        boolean source = endpoint(
                out,
                SRC_ENDPOINT,
                from ? Field.SRCADDR : null,
                Field.SRCPORT,
                Field.PKT_SRC_AWS_SERVICE,
                direction == OUTBOUND);
        boolean destination = endpoint(
                out,
                DST_ENDPOINT,
                to ? Field.DSTADDR : null,
                Field.DSTPORT,
                Field.PKT_DST_AWS_SERVICE,
                direction != OUTBOUND && !observed);
        if (!source && !destination) {
            // OCSF demands one end; what has neither address nor interface still has its log stream
            int end = out.openObject(DST_ENDPOINT);
            String stream = event.origin().logStream();
            out.member(NAME, stream.isEmpty() ? "unknown" : stream);
            out.closeObject(end);
        }
        if (observed && (has(Field.INTERFACE_ID) || has(Field.INSTANCE_ID))) {
            int point = out.openObject(NETWORK_OBSERVATION_POINT);
            networkInterface(out);
            out.closeObject(point);
        }
    }

    /** Writes one end, unless nothing of the line identifies it; {@code address} is null if it has none. */
    private boolean endpoint(
            JsonOutput out, Name name, Field address, Field port, Field service, boolean withInterface) {
        if (address == null
                && !has(service)
                && !(withInterface && (has(Field.INTERFACE_ID) || has(Field.INSTANCE_ID)))) {
            return false;
        }
        int end = out.openObject(name);
        if (address != null) {
            text(out, IP, address);
        }
        number(out, PORT, port, 65_535);
        text(out, SVC_NAME, service);
        if (withInterface) {
            networkInterface(out);
        }
        return out.closeObject(end);
    }

    private void networkInterface(JsonOutput out) {
        text(out, INTERFACE_UID, Field.INTERFACE_ID);
        text(out, INSTANCE_UID, Field.INSTANCE_ID);
        text(out, SUBNET_UID, Field.SUBNET_ID);
        text(out, VPC_UID, Field.VPC_ID);
    }

    private void connection(JsonOutput out) {
        int connection = out.openObject(CONNECTION_INFO);
        int direction = direction();
        out.member(DIRECTION_ID, direction);
        if (direction != UNKNOWN_DIRECTION) {
            take(Field.FLOW_DIRECTION);
        }
        number(out, PROTOCOL_NUM, Field.PROTOCOL, 255);
        boolean v4 = is(Field.TYPE, "IPv4");
        if (v4 || is(Field.TYPE, "IPv6")) {
            out.member(PROTOCOL_VER_ID, v4 ? IPV4 : IPV6);
            take(Field.TYPE);
        } else if (text(out, PROTOCOL_VER, Field.TYPE)) {
            out.member(PROTOCOL_VER_ID, OTHER);
        }
        number(out, TCP_FLAGS, Field.TCP_FLAGS, 255);
        // the paths 1 to 8 of flow logs are the boundaries 4 to 11 of OCSF, in the same order
        long path = line.integer(Field.TRAFFIC_PATH.ordinal());
        if (path >= 1 && path <= 8) {
            out.member(BOUNDARY_ID, path + 3);
            take(Field.TRAFFIC_PATH);
        }
        out.closeObject(connection);
    }

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

    private void take(Field field) {
        line.take(field.ordinal());
    }

    private boolean text(JsonOutput out, Name name, Field field) {
        return line.text(out, name, field.ordinal());
    }

    private void number(JsonOutput out, Name name, Field field, long largest) {
        line.number(out, name, field.ordinal(), largest);
    }
}
