package io.tributary.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A value of a YAML 1.2 file that knows where it stands. Only what JSON has, too: no tags of one's own, no key but texts,
 * none twice. By YAML's core schema {@code no}, {@code 12:30} and {@code 2026-03-01} are texts.
 */
public final class YamlValue {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Anchors may not expand a small file into a large one, nor contain themselves. */
    private static final int MAX_ALIASES = 50;

    private static final int MAX_DEPTH = 100;

    private final String file;
    private final Node node;

    private YamlValue(String file, Node node) {
        this.file = file;
        this.node = node;
    }

    /**
     * Reads a file of one document.
     *
     * @param file what messages call it
     * @throws YamlException if it is no YAML, is empty, or has several documents
     */
    public static YamlValue parse(String file, String text) throws YamlException {
        List<YamlValue> documents = parseAll(file, text);
        if (documents.size() != 1) {
            throw new YamlException(
                    file + ":1: there are " + documents.size() + " documents in the file, where one is expected");
        }
        return documents.get(0);
    }

    /**
     * Reads a file of any number of documents.
     *
     * @param file what messages call it
     * @throws YamlException if it is no YAML
     */
    public static List<YamlValue> parseAll(String file, String text) throws YamlException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setSchema(new CoreSchema())
                .setMaxAliasesForCollections(MAX_ALIASES)
                .build();
        List<YamlValue> documents = new ArrayList<>();
        try {
            for (Node node : new Compose(settings).composeAllFromString(text)) {
                YamlValue document = new YamlValue(file, node);
                document.check(MAX_DEPTH);
                documents.add(document);
            }
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new YamlException(file + ":" + line + ": " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new YamlException(file + ":1: " + e.getMessage(), e);
        }
        return documents;
    }

    private void check(int depth) throws YamlException {
        if (depth == 0) {
            throw error("more than " + MAX_DEPTH + " levels deep");
        }
        if (node instanceof ScalarNode) {
            toJson();
        }
        for (YamlValue each : node instanceof MappingNode ? members().values() : elementsOrNone()) {
            each.check(depth - 1);
        }
    }

    /** The line of the file on which the value begins, counted from 1. */
    public int line() {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** What to throw where the value is not what it should be. */
    public YamlException error(String problem) {
        return new YamlException(file + ":" + line() + ": " + problem);
    }

    public boolean isMapping() {
        return node instanceof MappingNode;
    }

    public boolean isSequence() {
        return node instanceof SequenceNode;
    }

    public boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    /** The members of a mapping, in their order. */
    public Map<String, YamlValue> members() throws YamlException {
        if (!(node instanceof MappingNode mapping)) {
            throw error("expected a mapping (name: value)");
        }
        Map<String, YamlValue> members = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlValue key = new YamlValue(file, tuple.getKeyNode());
            if (!(key.node instanceof ScalarNode scalar)) {
                throw key.error("a name is a text");
            }
            if (members.put(scalar.getValue(), new YamlValue(file, tuple.getValueNode())) != null) {
                throw key.error("'" + scalar.getValue() + "' stands twice");
            }
        }
        return Collections.unmodifiableMap(members);
    }

    /** The members of a mapping that may have these only. */
    public Map<String, YamlValue> members(Collection<String> known) throws YamlException {
        Map<String, YamlValue> members = members();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            YamlValue key = new YamlValue(file, tuple.getKeyNode());
            if (!known.contains(key.scalar())) {
                throw key.error("'" + key.scalar() + "' is not known here; known are " + String.join(", ", known));
            }
        }
        return members;
    }

    /** A member of a mapping, if it is there and not null. */
    public Optional<YamlValue> member(String name) throws YamlException {
        return Optional.ofNullable(members().get(name)).filter(value -> !value.isNull());
    }

    /** A member that a mapping must have. */
    public YamlValue required(String name) throws YamlException {
        return member(name).orElseThrow(() -> error("'" + name + "' is missing"));
    }

    /** The elements of a sequence. */
    public List<YamlValue> elements() throws YamlException {
        if (!isSequence()) {
            throw error("expected a list");
        }
        return elementsOrNone();
    }

    private List<YamlValue> elementsOrNone() {
        return node instanceof SequenceNode sequence
                ? sequence.getValue().stream()
                        .map(element -> new YamlValue(file, element))
                        .toList()
                : List.of();
    }

    /** The elements of a sequence of texts. */
    public List<String> texts() throws YamlException {
        List<String> texts = new ArrayList<>();
        for (YamlValue element : elements()) {
            texts.add(element.text());
        }
        return List.copyOf(texts);
    }

    /** A text that is not empty, or a number or boolean as it is written. */
    public String text() throws YamlException {
        if (!(node instanceof ScalarNode) || isNull()) {
            throw error("expected a text");
        }
        String text = scalar().strip();
        if (text.isEmpty()) {
            throw error("the text is empty");
        }
        return text;
    }

    /** A boolean. */
    public boolean bool() throws YamlException {
        if (!node.getTag().equals(Tag.BOOL)) {
            throw error("expected true or false");
        }
        return Boolean.parseBoolean(scalar());
    }

    /** An integer within bounds, both included. */
    public int integer(int least, int most) throws YamlException {
        BigInteger value = node.getTag().equals(Tag.INT) ? toJson().bigIntegerValue() : null;
        if (value == null
                || value.compareTo(BigInteger.valueOf(least)) < 0
                || value.compareTo(BigInteger.valueOf(most)) > 0) {
            throw error("expected an integer from " + least + " to " + most);
        }
        return value.intValueExact();
    }

    /** One of an enum's constants, written in lower case with hyphens. */
    public <E extends Enum<E>> E constant(Class<E> type) throws YamlException {
        String text = text();
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(text)) {
                return constant;
            }
            names.add(name);
        }
        throw error("'" + text + "' is none of " + String.join(", ", names));
    }

    /** The same value as JSON. */
    public JsonNode toJson() throws YamlException {
        if (isMapping()) {
            ObjectNode object = JSON.objectNode();
            for (Map.Entry<String, YamlValue> member : members().entrySet()) {
                object.set(member.getKey(), member.getValue().toJson());
            }
            return object;
        }
        if (isSequence()) {
            ArrayNode array = JSON.arrayNode();
            for (YamlValue element : elementsOrNone()) {
                array.add(element.toJson());
            }
            return array;
        }
        return scalarToJson();
    }

    private JsonNode scalarToJson() throws YamlException {
        Tag tag = node.getTag();
        String value = scalar();
        if (tag.equals(Tag.STR)) {
            return JSON.textNode(value);
        }
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(Boolean.parseBoolean(value));
        }
        try {
            if (tag.equals(Tag.INT)) {
                return JSON.numberNode(integer(value));
            }
            if (tag.equals(Tag.FLOAT)) {
                return JSON.numberNode(new BigDecimal(value));
            }
        } catch (NumberFormatException e) {
            throw error("'" + value + "' is no number that JSON has");
        }
        throw error("the tag " + tag.getValue() + " is not supported");
    }

    private static BigInteger integer(String value) {
        if (value.startsWith("0x")) {
            return new BigInteger(value.substring(2), 16);
        }
        return value.startsWith("0o") ? new BigInteger(value.substring(2), 8) : new BigInteger(value);
    }

    private String scalar() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
