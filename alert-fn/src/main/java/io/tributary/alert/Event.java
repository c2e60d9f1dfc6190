package io.tributary.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.enrichment.Enrichment;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An event as EventBridge delivers it.
 *
 * @param json the whole event
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html">Event structure</a>
 */
public record Event(JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The detail-types of CloudTrail's events, by {@code eventType}. */
    private static final Map<String, String> CLOUD_TRAIL_DETAIL_TYPES = Map.of(
            "AwsApiCall", "AWS API Call via CloudTrail",
            "AwsServiceEvent", "AWS Service Event via CloudTrail",
            "AwsConsoleSignIn", "AWS Console Sign In via CloudTrail",
            "AwsConsoleAction", "AWS Console Action via CloudTrail",
            "AwsCloudTrailInsight", "AWS Insight via CloudTrail",
            "AwsVpceEvent", "AWS Network Activity Event via CloudTrail");

    /**
     * Reads an event.
     *
     * @throws UnreadableEventException if it is no JSON, or not of an event's form; the message has nothing of its content
     */
    public static Event parse(byte[] text) throws UnreadableEventException {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UnreadableEventException(
                    "the event is no JSON: byte " + e.getLocation().getByteOffset());
        } catch (IOException e) {
            throw new UnreadableEventException("the event is no JSON");
        }
        for (String member : List.of("id", "source", "detail-type")) {
            if (!json.path(member).isTextual()) {
                throw new UnreadableEventException("the event has no '" + member + "'");
            }
        }
        if (!json.path("detail").isObject()) {
            throw new UnreadableEventException("the event has no 'detail'");
        }
        return new Event(json);
    }

    /** The event that EventBridge makes of a CloudTrail record. */
    public static Event ofCloudTrail(JsonNode eventRecord) {
        String eventSource = eventRecord.path("eventSource").asText("unknown.amazonaws.com");
        int dot = eventSource.indexOf('.');
        String account = text(eventRecord, "recipientAccountId")
                .or(() -> text(eventRecord.path("userIdentity"), "accountId"))
                .orElse("");
        return new Event(envelope(
                eventRecord.path("eventID").asText(""),
                CLOUD_TRAIL_DETAIL_TYPES.getOrDefault(
                        eventRecord.path("eventType").asText("AwsApiCall"), "AWS API Call via CloudTrail"),
                "aws." + (dot < 0 ? eventSource : eventSource.substring(0, dot)),
                account,
                eventRecord.path("eventTime").asText(""),
                eventRecord.path("awsRegion").asText(""),
                eventRecord));
    }

    /** The event that EventBridge makes of a GuardDuty finding. */
    public static Event ofFinding(JsonNode finding) {
        return new Event(envelope(
                finding.path("id").asText("") + "@" + finding.path("updatedAt").asText(""),
                "GuardDuty Finding",
                "aws.guardduty",
                finding.path("accountId").asText(""),
                finding.path("updatedAt").asText(""),
                finding.path("region").asText(""),
                finding));
    }

    private static ObjectNode envelope(
            String id, String detailType, String source, String account, String time, String region, JsonNode detail) {
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("version", "0")
                .put("id", id)
                .put("detail-type", detailType)
                .put("source", source)
                .put("account", account)
                .put("time", time)
                .put("region", region);
        event.putArray("resources");
        event.set("detail", detail);
        return event;
    }

    private static Optional<String> text(JsonNode node, String member) {
        return Optional.of(node.path(member).asText("")).filter(text -> !text.isEmpty());
    }

    /** What tells this event from all others, however often it is delivered: the source's own id where it has one. */
    public String uid() {
        if (isFinding()) {
            return findingId() + "@" + detail().path("updatedAt").asText("");
        }
        String eventId = detail().path("eventID").asText("");
        return eventId.isEmpty() ? json.path("id").asText() : eventId;
    }

    public String source() {
        return json.path("source").asText();
    }

    public String account() {
        return json.path("account").asText("");
    }

    public String region() {
        return json.path("region").asText("");
    }

    public JsonNode detail() {
        return json.path("detail");
    }

    /** When it happened, by the source's own clock; else {@code otherwise}. */
    public Instant time(Instant otherwise) {
        return instant(detail().path(isFinding() ? "updatedAt" : "eventTime").asText(""))
                .or(() -> instant(json.path("time").asText("")))
                .orElse(otherwise);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Whether it is a GuardDuty finding. */
    public boolean isFinding() {
        return source().equals("aws.guardduty") && detail().has("severity");
    }

    /** Whether it is an event of CloudTrail. */
    public boolean isCloudTrail() {
        return detail().has("eventSource") && detail().has("eventName");
    }

    /** The finding's id, which stays when the finding is updated. */
    public String findingId() {
        return detail().path("id").asText("");
    }

    /**
     * The values at a path of names, dots between them; arrays on the way are looked into. A name that itself has dots is
     * found, too. Below {@code tributary} is what is known of the event beside.
     */
    public List<JsonNode> at(String path) {
        List<JsonNode> found = new ArrayList<>();
        collect(path.startsWith(Enrichment.MEMBER + ".") ? Enrichment.of(json) : json, path, found);
        return found;
    }

    private static void collect(JsonNode node, String path, List<JsonNode> found) {
        if (node.isArray()) {
            node.forEach(element -> collect(element, path, found));
            return;
        }
        if (path.isEmpty()) {
            if (!node.isNull() && !node.isMissingNode()) {
                found.add(node);
            }
            return;
        }
        JsonNode whole = node.get(path);
        if (whole != null) {
            collect(whole, "", found);
            return;
        }
        for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
            JsonNode child = node.get(path.substring(0, dot));
            if (child != null) {
                collect(child, path.substring(dot + 1), found);
            }
        }
    }
}
