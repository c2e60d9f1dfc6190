package io.tributary.transform;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What holds of every document, whatever its class: checks that need no schema. */
final class LeanChecks {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Set<String> PROFILES = Set.of(
            "cloud",
            "container",
            "datetime",
            "host",
            "load_balancer",
            "network_proxy",
            "osint",
            "security_control",
            "trace");

    /** Objects of free form, copied from the source as they are: there, what stood in the source may stand. */
    private static final Set<String> FREE_FORM = Set.of("unmapped", "data");

    private static final Map<String, JsonNodeType> REQUIRED = new TreeMap<>(Map.of(
            "@timestamp", JsonNodeType.STRING,
            "time", JsonNodeType.NUMBER,
            "class_uid", JsonNodeType.NUMBER,
            "category_uid", JsonNodeType.NUMBER,
            "activity_id", JsonNodeType.NUMBER,
            "type_uid", JsonNodeType.NUMBER,
            "severity_id", JsonNodeType.NUMBER,
            "metadata", JsonNodeType.OBJECT,
            "cloud", JsonNodeType.OBJECT));

    private LeanChecks() {}

    /** A document as it is read; it fails the test if it is no JSON, or more than one line. */
    static JsonNode parse(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + document, e);
        }
    }

    /**
     * What is wrong with a document; empty if nothing is.
     *
     * @param message how many bytes the event's message had
     */
    static List<String> problems(String document, int message) {
        List<String> problems = new ArrayList<>();
        if (document.indexOf('\n') >= 0 || document.indexOf('\r') >= 0) {
            problems.add("more than one line");
        }
        JsonNode event = parse(document);
        REQUIRED.forEach((name, type) -> {
            if (event.path(name).getNodeType() != type) {
                problems.add(name + ": expected " + type + ", found " + event.path(name));
            }
        });
        arithmetic(event, problems);
        metadata(event, problems);
        for (Map.Entry<String, JsonNode> attribute : event.properties()) {
            emptiness(attribute.getKey(), attribute.getKey(), attribute.getValue(), problems);
        }
        iJson(document, problems);
        // a control character takes six bytes, and a text may stand both whole and in parts
        if (document.length() > 4096 + message * 13L) {
            problems.add("a document of " + document.length() + " characters for a message of " + message + " bytes");
        }
        return problems;
    }

    private static void arithmetic(JsonNode event, List<String> problems) {
        long uid = event.path("class_uid").asLong();
        if (event.path("category_uid").asLong() != uid / 1000) {
            problems.add("category_uid " + event.path("category_uid") + " of class " + uid);
        }
        if (event.path("type_uid").asLong()
                != uid * 100 + event.path("activity_id").asLong()) {
            problems.add("type_uid " + event.path("type_uid") + " of class " + uid + ", activity "
                    + event.path("activity_id"));
        }
        if (Instant.parse(event.path("@timestamp").asText()).toEpochMilli()
                != event.path("time").asLong()) {
            problems.add("@timestamp " + event.path("@timestamp") + " of time " + event.path("time"));
        }
    }

    private static void metadata(JsonNode event, List<String> problems) {
        JsonNode metadata = event.path("metadata");
        for (String pointer : List.of("/uid", "/version", "/product/name", "/product/vendor_name", "/source")) {
            if (!metadata.at(pointer).isTextual()
                    || metadata.at(pointer).textValue().isEmpty()) {
                problems.add("metadata" + pointer + ": " + metadata.at(pointer));
            }
        }
        List<String> profiles = new ArrayList<>();
        metadata.path("profiles").forEach(profile -> profiles.add(profile.asText()));
        if (!profiles.contains("cloud") || !PROFILES.containsAll(profiles)) {
            problems.add("metadata.profiles: " + profiles);
        }
        if (!metadata.path("processed_time").isIntegralNumber()) {
            problems.add("metadata.processed_time: " + metadata.path("processed_time"));
        }
        if (!event.path("cloud").path("provider").isTextual()) {
            problems.add("cloud.provider: " + event.path("cloud").path("provider"));
        }
    }

    private static void emptiness(String path, String name, JsonNode value, List<String> problems) {
        if (value.isNull() || value.isContainerNode() && value.isEmpty() && !path.contains(".data.")) {
            problems.add(path + ": " + value);
        }
        if (FREE_FORM.contains(name)) {
            return;
        }
        value.properties()
                .forEach(member ->
                        emptiness(path + "." + member.getKey(), member.getKey(), member.getValue(), problems));
        if (value.isArray()) {
            value.forEach(element -> emptiness(path + "[]", name, element, problems));
        }
    }

    /**
     * A search engine refuses a document, and all that are sent with it, for a member that stands twice and for a number of a thousand digits; and it
     * rounds others.
     */
    private static void iJson(String document, List<String> problems) {
        Deque<Set<String>> open = new ArrayDeque<>();
        try (JsonParser parser = JSON.createParser(document)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    open.push(new HashSet<>());
                } else if (token == JsonToken.END_OBJECT) {
                    open.pop();
                } else if (token == JsonToken.FIELD_NAME) {
                    if (!open.element().add(parser.currentName())) {
                        problems.add(parser.currentName() + ": stands twice");
                    }
                } else if (token == JsonToken.VALUE_NUMBER_INT && new BigInteger(parser.getText()).bitLength() > 63) {
                    problems.add(parser.getText() + ": no long");
                } else if (token == JsonToken.VALUE_NUMBER_FLOAT
                        && new BigDecimal(Double.toString(Double.parseDouble(parser.getText())))
                                        .compareTo(new BigDecimal(parser.getText()))
                                != 0) {
                    problems.add(parser.getText() + ": no double");
                }
            }
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + document, e);
        }
    }
}
