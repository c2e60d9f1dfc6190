package io.tributary.alert.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;

/**
 * What a call opens to the internet: permissions, wherever they stand in request or answer, whose networks are the internet together. The answer
 * has networks as AWS understood them.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html">IpPermission</a>
 */
final class Openings {
    private static final int LAST_PORT = 65_535;

    private Openings() {}

    static void of(JsonNode detail, ObjectNode facts) {
        ArrayNode openings = JsonNodeFactory.instance.arrayNode();
        JsonNode request = detail.path("requestParameters");
        permissions(request, openings);
        permissions(detail.path("responseElements"), openings);
        if (!openings.isEmpty()) {
            facts.set("openings", openings);
        }
        Networks networks = new Networks();
        networks(request, networks, false);
        if (networks.areInternet()) {
            facts.put("networks", "internet");
        }
    }

    /** A permission is an object with a protocol or a port. */
    private static void permissions(JsonNode node, ArrayNode openings) {
        if (node.isArray()) {
            node.forEach(element -> permissions(element, openings));
            return;
        }
        if (!node.isObject()) {
            return;
        }
        JsonNode protocol = member(node, "ipprotocol");
        JsonNode from = member(node, "fromport");
        if (protocol.isMissingNode() && from.isMissingNode()) {
            node.forEach(child -> permissions(child, openings));
            return;
        }
        if (member(node, "isegress").asBoolean(false)) {
            return;
        }
        Networks networks = new Networks();
        networks(node, networks, true);
        if (networks.areInternet()) {
            opening(protocol(protocol.asText("")), from, member(node, "toport"), openings);
        }
        // the old form of the call has the new one, empty or not, beside
        node.forEach(child -> permissions(child, openings));
    }

    private static void opening(String protocol, JsonNode from, JsonNode to, ArrayNode openings) {
        boolean isAny = protocol.equals("all");
        openings.addObject()
                .put("protocol", protocol)
                .put("from", isAny ? 0 : from.asInt(0))
                .put("to", isAny ? LAST_PORT : to.asInt(LAST_PORT));
    }

    /** A protocol has a name, or the number that it has with IANA; -1 is all of them. */
    private static String protocol(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "-1", "all", "" -> "all";
            case "6" -> "tcp";
            case "17" -> "udp";
            default -> text.toLowerCase(Locale.ROOT);
        };
    }

    /** Members' names differ in their case between calls. */
    private static JsonNode member(JsonNode node, String name) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (member.getKey().toLowerCase(Locale.ROOT).equals(name)) {
                return member.getValue();
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    /**
     * Adds the networks below a node.
     *
     * @param isCidr whether the member that it is the value of is called a CIDR
     */
    private static void networks(JsonNode node, Networks networks, boolean isCidr) {
        if (node.isTextual()) {
            if (isCidr && node.asText().indexOf('/') > 0) {
                networks.add(node.asText());
            }
        } else if (node.isArray()) {
            node.forEach(element -> networks(element, networks, isCidr));
        } else {
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                networks(
                        member.getValue(),
                        networks,
                        member.getValue().isContainerNode() && isCidr
                                || member.getKey().toLowerCase(Locale.ROOT).contains("cidr"));
            }
        }
    }
}
