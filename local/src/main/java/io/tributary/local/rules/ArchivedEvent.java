package io.tributary.local.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Event;
import java.util.Map;
import java.util.Optional;

/**
 * Turns archived documents back into the events they were made of, as far as rules look at them: what was mapped goes back to
 * its place, what was not is there as it was.
 */
final class ArchivedEvent {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final Map<String, String> CLOUD_TRAIL = Map.ofEntries(
            Map.entry("/metadata/uid", "eventID"),
            Map.entry("/metadata/original_time", "eventTime"),
            Map.entry("/metadata/log_version", "eventVersion"),
            Map.entry("/metadata/event_code", "eventType"),
            Map.entry("/metadata/type", "eventCategory"),
            Map.entry("/cloud/region", "awsRegion"),
            Map.entry("/cloud/account/uid", "recipientAccountId"),
            Map.entry("/api/operation", "eventName"),
            Map.entry("/api/service/name", "eventSource"),
            Map.entry("/api/version", "apiVersion"),
            Map.entry("/api/request/uid", "requestID"),
            Map.entry("/api/request/data", "requestParameters"),
            Map.entry("/api/response/data", "responseElements"),
            Map.entry("/api/response/error", "errorCode"),
            Map.entry("/api/response/error_message", "errorMessage"),
            Map.entry("/http_request/user_agent", "userAgent"),
            Map.entry("/src_endpoint/ip", "sourceIPAddress"),
            Map.entry("/src_endpoint/svc_name", "sourceIPAddress"),
            Map.entry("/src_endpoint/uid", "vpcEndpointId"));

    private static final Map<String, String> IDENTITY = Map.of(
            "/actor/user/type", "type",
            "/actor/user/uid_alt", "principalId",
            "/actor/user/uid", "arn",
            "/actor/user/account/uid", "accountId",
            "/actor/user/credential_uid", "accessKeyId",
            "/actor/user/name", "userName",
            "/actor/idp/name", "identityProvider",
            "/actor/invoked_by", "invokedBy");

    private static final Map<String, String> FINDING = Map.of(
            "/finding_info/uid", "id",
            "/finding_info/uid_alt", "arn",
            "/finding_info/types/0", "type",
            "/finding_info/title", "title",
            "/finding_info/desc", "description",
            "/metadata/original_time", "updatedAt",
            "/metadata/log_version", "schemaVersion",
            "/cloud/region", "region",
            "/cloud/account/uid", "accountId");

    private ArchivedEvent() {}

    /** The event of a document, if it is one of CloudTrail or GuardDuty. */
    static Optional<Event> of(JsonNode document) {
        JsonNode unmapped = document.path("unmapped");
        JsonNode rest = unmapped.has("detail-type") ? unmapped.path("detail") : unmapped;
        return switch (document.at("/metadata/source").asText()) {
            case "cloudtrail" -> Optional.of(Event.ofCloudTrail(cloudTrail(document, rest)));
            case "guardduty" -> Optional.of(Event.ofFinding(put(document, FINDING, object(rest))));
            default -> Optional.empty();
        };
    }

    private static JsonNode cloudTrail(JsonNode document, JsonNode rest) {
        ObjectNode event = put(document, CLOUD_TRAIL, object(rest));
        ObjectNode identity = put(document, IDENTITY, object(event.path("userIdentity")));
        session(document.at("/actor/session"), identity);
        if (!identity.isEmpty()) {
            event.set("userIdentity", identity);
        }
        if (document.has("is_mfa")) {
            ObjectNode additional = object(event.path("additionalEventData"));
            additional.put("MFAUsed", document.path("is_mfa").asBoolean() ? "Yes" : "No");
            event.set("additionalEventData", additional);
        }
        if (document.path("resources").isArray()) {
            ArrayNode resources = event.withArray("resources");
            for (JsonNode resource : document.path("resources")) {
                ObjectNode one = resources.addObject();
                put(resource, Map.of("/uid", "ARN", "/type", "type", "/owner/account/uid", "accountId"), one);
            }
        }
        return event;
    }

    private static void session(JsonNode session, ObjectNode identity) {
        if (session.isMissingNode()) {
            return;
        }
        ObjectNode context = object(identity.path("sessionContext"));
        if (session.has("issuer")) {
            ObjectNode issuer = object(context.path("sessionIssuer"));
            issuer.set("arn", session.path("issuer"));
            context.set("sessionIssuer", issuer);
        }
        if (session.has("is_mfa")) {
            ObjectNode attributes = object(context.path("attributes"));
            attributes.put("mfaAuthenticated", session.path("is_mfa").asText());
            context.set("attributes", attributes);
        }
        identity.set("sessionContext", context);
    }

    private static ObjectNode put(JsonNode document, Map<String, String> places, ObjectNode into) {
        places.forEach((place, name) -> {
            JsonNode value = document.at(place);
            if (!value.isMissingNode()) {
                into.set(name, value);
            }
        });
        return into;
    }

    private static ObjectNode object(JsonNode node) {
        return node instanceof ObjectNode object ? object.deepCopy() : JSON.objectNode();
    }
}
