package io.tributary.alert.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The member {@code tributary} of an event, which rules match like any other. EventBridge's envelope has no such member, and what an event were to
 * have there is replaced.
 *
 * <ul>
 *   <li>{@code actor}: who acts, whatever the session is called; {@code actor_type}, if AWS alone makes such roles;
 *   <li>{@code openings}: what a call lets in from the internet: protocol, and ports {@code from} and {@code to};
 *   <li>{@code networks}: whether the networks that a request names are {@code internet}, taken together;
 *   <li>{@code policy}: whom the policy documents of a request let in;
 *   <li>{@code trail}: which management events are still recorded.
 * </ul>
 */
public final class Enrichment {
    public static final String MEMBER = "tributary";

    private Enrichment() {}

    /** As the other, where the organization is not known: whatever a policy is bound to is taken for it. */
    public static JsonNode of(JsonNode event) {
        return of(event, "");
    }

    /**
     * The event with what is known of it beside; the event itself stays as it is.
     *
     * @param organization the id of one's own, to tell policies that are bound to it from those bound to another; empty if unknown
     */
    public static JsonNode of(JsonNode event, String organization) {
        ObjectNode enriched = JsonNodeFactory.instance.objectNode();
        enriched.setAll((ObjectNode) event);
        enriched.set(MEMBER, facts(event, organization));
        return enriched;
    }

    private static ObjectNode facts(JsonNode event, String organization) {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        JsonNode detail = event.path("detail");
        Actor actor = Actor.of(detail.path("userIdentity"));
        if (!actor.name().isEmpty()) {
            facts.put("actor", actor.name());
        }
        if (!actor.type().isEmpty()) {
            facts.put("actor_type", actor.type());
        }
        JsonNode request = detail.path("requestParameters");
        if (request.isObject()) {
            Openings.of(detail, facts);
            new Policies(event.path("account").asText(""), organization).of(request, facts);
            Trail.of(detail.path("eventName").asText(""), request, facts);
        }
        return facts;
    }

    /** Who acts: what {@code tributary.actor} is. */
    public static String actor(JsonNode event) {
        return Actor.of(event.path("detail").path("userIdentity")).name();
    }
}
