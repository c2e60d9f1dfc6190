package io.tributary.transform.logtype;

import io.tributary.json.JsonText;
import io.tributary.json.Name;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One log event as delivered. The instance is reused from event to event, and its bytes are valid while {@link
 * LogType#write} runs.
 */
public final class LogEvent {
    private static final Name DETAIL_TYPE = Name.of("detail-type");
    private static final Name DETAIL = Name.of("detail");

    /** What a document has around the values that it copies. */
    private static final int DOCUMENT_DEPTH = 10;

    private final JsonText json = new JsonText(JsonText.MAX_DEPTH - DOCUMENT_DEPTH);
    private Origin origin = Origin.NONE;
    private byte[] bytes = {};
    private int from;
    private int to;
    private byte[] idBytes = {};
    private int idFrom;
    private int idTo;
    private long timestamp;
    private boolean parsed;
    private int payload;
    private String systemAccount = "";
    private String systemRegion = "";

    /** Starts a new event: its message, UTF-8, in {@code bytes[from, to)}. */
    public LogEvent set(Origin origin, byte[] bytes, int from, int to, long timestamp) {
        this.origin = origin;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.timestamp = timestamp;
        this.parsed = false;
        this.systemAccount = "";
        this.systemRegion = "";
        this.idFrom = 0;
        this.idTo = 0;
        return this;
    }

    /** The id that CloudWatch Logs gave the event: the inside of a JSON string. */
    public LogEvent id(byte[] bytes, int from, int to) {
        this.idBytes = bytes;
        this.idFrom = from;
        this.idTo = to;
        return this;
    }

    /** The {@code @aws.account} and {@code @aws.region} that a subscription may emit; empty if it does not. */
    public LogEvent system(String account, String region) {
        this.systemAccount = account;
        this.systemRegion = region;
        return this;
    }

    /** The envelope that the event came in. */
    public Origin origin() {
        return origin;
    }

    /** The message: UTF-8 in {@code bytes[from, to)}. */
    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    /** The message as text. For what is rare. */
    public String text() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** The time that CloudWatch Logs gave the event, else its arrival: epoch milliseconds, always valid. */
    public long timestamp() {
        return timestamp;
    }

    byte[] idBytes() {
        return idBytes;
    }

    int idFrom() {
        return idFrom;
    }

    int idTo() {
        return idTo;
    }

    String systemAccount() {
        return systemAccount;
    }

    String systemRegion() {
        return systemRegion;
    }

    /** The first 128 bits of the SHA-256 of message and time, in hexadecimal: the same event has the same. */
    String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, from, to - from);
            digest.update(Long.toString(timestamp).getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The message as JSON; {@link JsonText#root()} is {@link JsonText#NONE} if it is none. */
    public JsonText json() {
        if (!parsed) {
            parsed = true;
            json.parse(bytes, from, to);
            int root = json.root();
            payload = root;
            if (isEventBridge()) {
                payload = json.find(root, DETAIL);
            }
        }
        return json;
    }

    /** Whether the message is an EventBridge event: its payload is under {@code detail}. */
    public boolean isEventBridge() {
        JsonText text = json();
        int root = text.root();
        return text.isString(text.find(root, DETAIL_TYPE)) && text.isObject(text.find(root, DETAIL));
    }

    /**
     * The node of {@link #json()} that holds the event itself: {@code detail} of an EventBridge event, else the message;
     * {@link JsonText#NONE} if the message is not a JSON object.
     */
    public int payload() {
        JsonText text = json();
        return text.isObject(payload) ? payload : JsonText.NONE;
    }
}
