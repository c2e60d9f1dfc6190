package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.json.Numbers;
import io.tributary.json.Scan;
import io.tributary.ocsf.Timestamps;
import io.tributary.transform.logtype.LogEvent;
import io.tributary.transform.logtype.Origin;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the envelopes of a record, one after the other, and the events of an envelope, without building anything of the
 * envelope: a record of ten megabytes is walked once. CloudWatch Logs writes an envelope's header before its events; where
 * that is not so, the events are passed over and come back to. Unknown members are ignored.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html">Subscription payload</a>
 */
final class EnvelopeReader {
    /** The largest event, in bytes: four times what PutLogEvents and PutEvents accept. */
    static final int MAX_EVENT_BYTES = 4 << 20;

    private static final int NONE = -1;
    private static final Name SYSTEM_ACCOUNT = Name.of("@aws.account");
    private static final Name SYSTEM_REGION = Name.of("@aws.region");

    /** The longest id of an event: those of CloudWatch Logs have 56 digits. */
    private static final int LONGEST_ID = 128;

    /**
     * The member by which an envelope that was put back on the log stream, out of what Firehose kept of it, tells when it was first delivered:
     * epoch milliseconds. CloudWatch Logs and EventBridge write envelopes, so that nobody but this project can add it.
     */
    private static final String DELIVERED = "tributary.delivered";

    /** The member by which an envelope of the command line says that it holds a file: {@code true}. It counts only where that is accepted. */
    private static final String FILE = "tributary.file";

    /**
     * The project's subscriptions are named after their Region, {@code tributary-eu-central-1}: an account-level policy emits no system fields, and
     * an envelope does not say otherwise where it is from.
     */
    private static final Pattern SUBSCRIPTION = Pattern.compile("tributary-([a-z]{2}(?:-[a-z]+)+-\\d{1,2})");

    /** What an envelope is. */
    enum Kind {
        DATA_MESSAGE,
        CONTROL_MESSAGE,
        EVENT_BRIDGE
    }

    private final JsonOutput message = new JsonOutput(4096);
    private final JsonOutput id = new JsonOutput(64);
    private final JsonText extracted = new JsonText();
    private final Origins origins;
    private String defaultRegion = "";

    private byte[] text = {};
    private int end;
    private long arrival;
    private int position;

    private int envelopeStart;
    private int envelopeEnd;
    private Kind kind = Kind.DATA_MESSAGE;
    private Origin origin = Origin.eventBus("", "");
    private long delivered;
    private boolean isRepeated;
    private boolean isFile;
    private String systemAccount = "";
    private String systemRegion = "";
    private String subscriptionRegion = "";
    private int eventsAt;
    private boolean inEvents;
    private boolean firstEvent;
    private int eventStart;
    private int eventEnd;

    // the header's values, as ranges of the text: [from, to) inside a string's quotes
    private int valueFrom;
    private int valueTo;
    private boolean valueEscaped;
    private String messageType;
    private String owner;
    private String logGroup;
    private String logStream;
    private String detailType;
    private boolean hasDetail;
    private String account;
    private String region;
    private long time;
    private boolean idSeen;

    /** @param origins whose envelopes are */
    EnvelopeReader(Origins origins) {
        this.origins = origins;
    }

    /** Sets the Region of envelopes that name none; empty if unknown. */
    void setDefaultRegion(String region) {
        defaultRegion = region;
    }

    /**
     * Starts a record.
     *
     * @param arrival when the record came, epoch milliseconds: the time of events that have none
     */
    void begin(byte[] text, int length, long arrival) {
        this.text = text;
        this.end = length;
        this.arrival = arrival;
        this.position = 0;
        this.envelopeEnd = 0;
        this.inEvents = false;
    }

    /** Moves to the next envelope, which must follow the last event of the one before; false at the end. */
    boolean nextEnvelope() throws MalformedRecordException {
        position = envelopeEnd;
        skipWhitespace();
        if (position >= end) {
            return false;
        }
        envelopeStart = position;
        clearHeader();
        expect('{', "the record is neither a CloudWatch Logs envelope nor an EventBridge event");
        members(true);
        classify();
        return true;
    }

    private void clearHeader() {
        messageType = null;
        owner = null;
        logGroup = null;
        logStream = null;
        detailType = null;
        hasDetail = false;
        account = null;
        region = null;
        systemAccount = "";
        systemRegion = "";
        subscriptionRegion = "";
        time = Timestamps.NONE;
        delivered = arrival;
        isRepeated = false;
        isFile = false;
        eventsAt = NONE;
        inEvents = false;
        firstEvent = true;
        idSeen = false;
        envelopeEnd = NONE;
    }

    /** Walks the members of the envelope from {@code position}, which is at a member name or the closing brace. */
    private void members(boolean first) throws MalformedRecordException {
        boolean atStart = first;
        while (true) {
            skipWhitespace();
            if (peek() == '}') {
                position++;
                envelopeEnd = position;
                return;
            }
            if (!atStart) {
                expect(',', "expected a comma in the envelope");
                skipWhitespace();
            }
            atStart = false;
            string();
            int nameFrom = valueFrom;
            int nameTo = valueTo;
            skipWhitespace();
            expect(':', "expected a colon in the envelope");
            skipWhitespace();
            if (member(nameFrom, nameTo)) {
                return;
            }
        }
    }

    /** Reads the value of one member; true if it is the events, and all that they need is known. */
    private boolean member(int nameFrom, int nameTo) throws MalformedRecordException {
        if (named(nameFrom, nameTo, "logEvents")) {
            if (peek() != '[') {
                throw malformed("logEvents is no array");
            }
            if (eventsAt != NONE) {
                throw malformed("logEvents stands twice");
            }
            eventsAt = position;
            if (messageType != null && owner != null && logGroup != null && logStream != null) {
                position++;
                inEvents = true;
                return true;
            }
        } else if (peek() == '"') {
            string();
            headerMember(nameFrom, nameTo);
            return false;
        } else if (named(nameFrom, nameTo, "subscriptionFilters") && peek() == '[') {
            subscriptions();
            return false;
        } else if (named(nameFrom, nameTo, "detail")) {
            hasDetail = peek() == '{';
        } else if (named(nameFrom, nameTo, FILE)) {
            isFile = peek() == 't';
        } else if (named(nameFrom, nameTo, DELIVERED) && !isRepeated) {
            delivered = timestamp(Timestamps.NONE);
            isRepeated = delivered != Timestamps.NONE;
            delivered = isRepeated ? delivered : arrival;
            return false;
        }
        skipValue();
        return false;
    }

    private void subscriptions() throws MalformedRecordException {
        position++;
        skipWhitespace();
        while (peek() != ']') {
            if (peek() == '"') {
                string();
                Matcher subscription = SUBSCRIPTION.matcher(value());
                if (subscription.matches()) {
                    subscriptionRegion = subscription.group(1);
                }
            } else if (peek() == ',') {
                position++;
            } else {
                skipValue();
            }
            skipWhitespace();
        }
        position++;
    }

    private void headerMember(int nameFrom, int nameTo) {
        if (named(nameFrom, nameTo, "messageType")) {
            messageType = value();
        } else if (named(nameFrom, nameTo, "owner")) {
            owner = value();
        } else if (named(nameFrom, nameTo, "logGroup")) {
            logGroup = value();
        } else if (named(nameFrom, nameTo, "logStream")) {
            logStream = value();
        } else if (named(nameFrom, nameTo, "detail-type")) {
            detailType = value();
        } else if (named(nameFrom, nameTo, "account")) {
            account = value();
        } else if (named(nameFrom, nameTo, "region")) {
            region = value();
        } else if (named(nameFrom, nameTo, "@aws.account")) {
            systemAccount = value();
        } else if (named(nameFrom, nameTo, "@aws.region")) {
            systemRegion = value();
        } else if (named(nameFrom, nameTo, "time")) {
            time = Timestamps.parseIso(text, valueFrom, valueTo);
        } else if (named(nameFrom, nameTo, "id")) {
            setId();
        }
    }

    private void setId() {
        // ids are digits or UUIDs; one with escapes is none
        idSeen = !valueEscaped && valueTo - valueFrom <= LONGEST_ID;
        id.truncate(0);
        id.raw(text, valueFrom, valueTo);
    }

    private void classify() throws MalformedRecordException {
        if (messageType == null && detailType != null && hasDetail) {
            kind = Kind.EVENT_BRIDGE;
            origin = Origin.eventBus(orEmpty(account), region == null ? defaultRegion : region);
            eventsAt = envelopeStart;
            inEvents = true;
            return;
        }
        if (messageType == null) {
            throw malformed("the record is neither a CloudWatch Logs envelope nor an EventBridge event");
        }
        switch (messageType) {
            case "DATA_MESSAGE" -> {
                kind = Kind.DATA_MESSAGE;
                String known = subscriptionRegion.isEmpty() ? defaultRegion : subscriptionRegion;
                origin = origins.of(orEmpty(owner), known, orEmpty(logGroup), orEmpty(logStream), isFile);
                if (eventsAt == NONE) {
                    throw malformed("a DATA_MESSAGE without logEvents");
                }
                if (!inEvents) {
                    position = eventsAt + 1;
                    inEvents = true;
                }
            }
            case "CONTROL_MESSAGE" -> {
                kind = Kind.CONTROL_MESSAGE;
                if (inEvents) {
                    skipEvents();
                }
            }
            default -> throw malformed("messageType is neither DATA_MESSAGE nor CONTROL_MESSAGE");
        }
    }

    private void skipEvents() throws MalformedRecordException {
        position = eventsAt;
        inEvents = false;
        skipValue();
        members(false);
    }

    private static String orEmpty(String value) {
        return value == null ? "" : value;
    }

    Kind kind() {
        return kind;
    }

    Origin origin() {
        return origin;
    }

    /** When the envelope was delivered first, epoch milliseconds. */
    long delivered() {
        return delivered;
    }

    /** Where the envelope starts. */
    int envelopeStart() {
        return envelopeStart;
    }

    /** Where the envelope ends, once its last event was read. */
    int envelopeEnd() {
        return envelopeEnd;
    }

    /** Where the envelope's {@code logEvents} has its opening bracket. */
    int eventsAt() {
        return eventsAt;
    }

    /** Where the event that was read last starts. */
    int eventStart() {
        return eventStart;
    }

    /** Where the event that was read last ends. */
    int eventEnd() {
        return eventEnd;
    }

    /** Reads the next event of the envelope; false after the last. */
    boolean nextEvent(LogEvent event) throws MalformedRecordException {
        if (!inEvents) {
            return false;
        }
        if (kind == Kind.EVENT_BRIDGE) {
            return eventBridge(event);
        }
        skipWhitespace();
        if (peek() == ']') {
            position++;
            inEvents = false;
            if (envelopeEnd == NONE) {
                members(false);
            }
            return false;
        }
        if (!firstEvent) {
            expect(',', "expected a comma between events");
            skipWhitespace();
        }
        firstEvent = false;
        event(event);
        return true;
    }

    private boolean eventBridge(LogEvent event) throws MalformedRecordException {
        inEvents = false;
        checkSize(envelopeEnd - envelopeStart);
        eventStart = envelopeStart;
        eventEnd = envelopeEnd;
        event.set(origin, text, envelopeStart, envelopeEnd, Timestamps.isValid(time) ? time : delivered)
                .id(id.bytes(), 0, idSeen ? id.length() : 0);
        return true;
    }

    private static void checkSize(int bytes) throws MalformedRecordException {
        if (bytes > MAX_EVENT_BYTES) {
            throw new MalformedRecordException("an event of " + bytes + " bytes, more than " + MAX_EVENT_BYTES);
        }
    }

    private void event(LogEvent event) throws MalformedRecordException {
        eventStart = position;
        expect('{', "an element of logEvents is no object");
        idSeen = false;
        long timestamp = delivered;
        byte[] messageBytes = text;
        int messageFrom = 0;
        int messageTo = 0;
        String account = systemAccount;
        String region = systemRegion;
        boolean first = true;
        while (true) {
            skipWhitespace();
            if (peek() == '}') {
                position++;
                break;
            }
            if (!first) {
                expect(',', "expected a comma in an event");
                skipWhitespace();
            }
            first = false;
            string();
            int nameFrom = valueFrom;
            int nameTo = valueTo;
            skipWhitespace();
            expect(':', "expected a colon in an event");
            skipWhitespace();
            if (named(nameFrom, nameTo, "message") && peek() == '"') {
                boolean escaped = message();
                messageBytes = escaped ? message.bytes() : text;
                messageFrom = escaped ? 0 : valueFrom;
                messageTo = escaped ? message.length() : valueTo;
            } else if (named(nameFrom, nameTo, "id") && peek() == '"') {
                string();
                setId();
            } else if (named(nameFrom, nameTo, "timestamp")) {
                timestamp = timestamp(delivered);
            } else if (named(nameFrom, nameTo, "extractedFields")) {
                int from = position;
                skipValue();
                if (extracted.parse(text, from, position)) {
                    account = extracted.text(extracted.find(SYSTEM_ACCOUNT)).orElse(account);
                    region = extracted.text(extracted.find(SYSTEM_REGION)).orElse(region);
                }
            } else {
                skipValue();
            }
        }
        eventEnd = position;
        checkSize(messageTo - messageFrom);
        event.set(origin, messageBytes, messageFrom, messageTo, timestamp).id(id.bytes(), 0, idSeen ? id.length() : 0);
        // fields that a subscription extracts of a line may bear any name
        if (account.isEmpty() || account.equals(origin.account()) || origin.isTrusted()) {
            event.system(account, region);
        }
    }

    private long timestamp(long otherwise) throws MalformedRecordException {
        int from = position;
        skipValue();
        if (!Numbers.isLong(text, from, position)) {
            return otherwise;
        }
        long millis = Numbers.parseLong(text, from, position);
        return Timestamps.isValid(millis) ? millis : otherwise;
    }

    /** Reads a message: in place where it has no escapes, else into {@link #message}; true in the latter case. */
    private boolean message() throws MalformedRecordException {
        int from = position + 1;
        int i = Scan.plain(text, from, end);
        if (i < end && text[i] == '"') {
            valueFrom = from;
            valueTo = i;
            position = i + 1;
            return false;
        }
        message.truncate(0);
        message.raw(text, from, i);
        int quote = message.unescaped(text, i, end);
        if (quote < 0) {
            position = -1 - quote;
            throw malformed("an invalid escape or control character in a message");
        }
        if (quote == end) {
            throw malformed("the record ends within a message");
        }
        position = quote + 1;
        return true;
    }

    // ---- scanning

    private MalformedRecordException malformed(String reason) {
        return new MalformedRecordException(reason + " (byte " + position + ")");
    }

    private byte peek() throws MalformedRecordException {
        if (position >= end) {
            throw malformed("the record ends within an envelope");
        }
        return text[position];
    }

    private void expect(char c, String otherwise) throws MalformedRecordException {
        if (peek() != c) {
            throw malformed(otherwise);
        }
        position++;
    }

    private void skipWhitespace() {
        while (position < end
                && (text[position] == ' '
                        || text[position] == '\n'
                        || text[position] == '\r'
                        || text[position] == '\t')) {
            position++;
        }
    }

    /** Reads a string at the position: its inside becomes the value. */
    private void string() throws MalformedRecordException {
        if (peek() != '"') {
            throw malformed("expected a string");
        }
        int i = position + 1;
        valueFrom = i;
        valueEscaped = false;
        while (true) {
            i = Scan.plain(text, i, end);
            if (i >= end) {
                throw malformed("the record ends within a string");
            }
            if (text[i] == '"') {
                valueTo = i;
                position = i + 1;
                return;
            }
            if (text[i] != '\\') {
                throw malformed("a control character in a string");
            }
            valueEscaped = true;
            i += 2;
        }
    }

    /** The text of the string that was read last. */
    private String value() {
        if (!valueEscaped) {
            return new String(text, valueFrom, valueTo - valueFrom, StandardCharsets.UTF_8);
        }
        JsonOutput plain = new JsonOutput(valueTo - valueFrom);
        plain.unescaped(text, valueFrom, valueTo);
        return plain.toString();
    }

    private boolean named(int from, int to, String name) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (text[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Passes over a value of any kind, checking strings and brackets only. */
    private void skipValue() throws MalformedRecordException {
        int depth = 0;
        do {
            skipWhitespace();
            byte b = peek();
            switch (b) {
                case '"' -> string();
                case '{', '[' -> {
                    position++;
                    depth++;
                }
                case '}', ']' -> {
                    position++;
                    if (--depth < 0) {
                        throw malformed("expected a value");
                    }
                }
                case ',', ':' -> {
                    if (depth == 0) {
                        throw malformed("expected a value");
                    }
                    position++;
                }
                default -> scalar();
            }
        } while (depth > 0);
    }

    private void scalar() throws MalformedRecordException {
        int from = position;
        while (position < end && isScalar(text[position])) {
            position++;
        }
        if (position == from) {
            throw malformed("expected a value");
        }
    }

    private static boolean isScalar(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b == '-' || b == '+' || b == '.' || b == 'E';
    }
}
