package io.tributary.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Validates events against the OCSF schema, as its repository holds it: unknown classes, missing required attributes,
 * attributes that the class, its objects and the event's profiles do not define, wrong types, values outside of an enum,
 * constraints, nulls, and uids that do not add up.
 *
 * <p>The schema is no part of this project. It is looked for in {@code -Dtributary.ocsf=DIR} and in {@code shared/ocsf}
 * beside the project.
 *
 * @see <a href="https://github.com/ocsf/ocsf-schema">ocsf-schema</a>
 */
final class OcsfSchema {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What documents have besides OCSF, on purpose. */
    private static final Set<String> ALLOWED = Set.of("@timestamp");

    /** Numbered by the schema as a whole, so not by the enums of their attributes. */
    private static final Set<String> NUMBERED = Set.of("class_uid", "category_uid", "type_uid");

    private static final Optional<OcsfSchema> FOUND = directory().map(OcsfSchema::new);

    private record Definition(Map<String, Map<String, JsonNode>> attributes, JsonNode constraints, String category) {}

    private record EventClass(String name, Definition definition, int category) {}

    private final Path root;
    private final JsonNode dictionary;
    private final JsonNode types;
    private final Map<String, JsonNode> objects = new HashMap<>();
    private final Map<String, JsonNode> events = new HashMap<>();
    private final Map<Integer, EventClass> classes = new HashMap<>();
    private final Map<String, Definition> compiledObjects = new HashMap<>();
    private final Map<String, Definition> compiledEvents = new HashMap<>();
    private final Map<String, Pattern> patterns = new HashMap<>();
    private final Set<Integer> observables = new HashSet<>(Set.of(0, 99));

    private OcsfSchema(Path root) {
        this.root = root;
        this.dictionary = read(root.resolve("dictionary.json"));
        this.types = dictionary.path("types").path("attributes");
        load("objects", objects);
        load("events", events);
        types.forEach(this::addObservable);
        dictionary.path("attributes").forEach(this::addObservable);
        objects.values().forEach(this::addObservable);
        JsonNode categories = read(root.resolve("categories.json")).path("attributes");
        events.forEach((name, event) -> {
            if (event.has("uid") || name.equals("base_event")) {
                Definition definition = compiled(name, events, compiledEvents);
                int category =
                        categories.path(definition.category()).path("uid").asInt();
                classes.put(category * 1000 + event.path("uid").asInt(), new EventClass(name, definition, category));
            }
        });
    }

    /** The schema; empty where there is none. */
    static Optional<OcsfSchema> find() {
        return FOUND;
    }

    /** What to say where there is none. */
    static String absence() {
        return "no OCSF schema: put a copy of ocsf-schema beside the project as shared/ocsf, or name it with -Dtributary.ocsf=DIR";
    }

    private static Optional<Path> directory() {
        String configured = System.getProperty("tributary.ocsf", "");
        if (!configured.isEmpty()) {
            return Optional.of(Path.of(configured));
        }
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("mvnw"))) {
            directory = directory.getParent();
        }
        return Optional.ofNullable(directory)
                .map(project -> project.resolveSibling("shared").resolve("ocsf"))
                .filter(Files::isDirectory);
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void load(String directory, Map<String, JsonNode> target) {
        try (Stream<Path> files = Files.walk(root.resolve(directory))) {
            files.filter(file -> file.toString().endsWith(".json")).forEach(file -> {
                JsonNode definition = read(file);
                String stem = file.getFileName().toString().replace(".json", "");
                target.put(definition.path("name").asText(stem), definition);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addObservable(JsonNode definition) {
        if (definition.has("observable")) {
            observables.add(definition.path("observable").asInt());
        }
    }

    // ---- definitions

    private Definition compiled(String name, Map<String, JsonNode> table, Map<String, Definition> compiled) {
        Definition known = compiled.get(name);
        if (known != null) {
            return known;
        }
        JsonNode own = table.get(name);
        String parent = own.path("extends").asText();
        Definition base = table.containsKey(parent) && !parent.equals(name)
                ? compiled(parent, table, compiled)
                : new Definition(Map.of(), JSON.missingNode(), "");
        Map<String, Map<String, JsonNode>> attributes = new LinkedHashMap<>();
        base.attributes()
                .forEach((attribute, specification) -> attributes.put(attribute, new HashMap<>(specification)));
        ownAttributes(own).forEach((attribute, specification) -> {
            Map<String, JsonNode> merged = attributes.computeIfAbsent(attribute, each -> new HashMap<>());
            override(merged, specification);
        });
        Definition result = new Definition(
                attributes,
                own.has("constraints") ? own.path("constraints") : base.constraints(),
                own.path("category").asText(base.category()));
        compiled.put(name, result);
        return result;
    }

    private Map<String, Map<String, JsonNode>> ownAttributes(JsonNode definition) {
        Map<String, Map<String, JsonNode>> attributes = new LinkedHashMap<>();
        definition.path("attributes").properties().forEach(entry -> {
            if (entry.getKey().equals("$include")) {
                entry.getValue().forEach(file -> include(file.asText(), attributes));
            } else {
                attributes.put(entry.getKey(), members(entry.getValue()));
            }
        });
        return attributes;
    }

    private void include(String file, Map<String, Map<String, JsonNode>> attributes) {
        JsonNode profile = read(root.resolve(file));
        profile.path("attributes").properties().forEach(entry -> {
            Map<String, JsonNode> specification = members(entry.getValue());
            specification.putIfAbsent("profile", profile.path("name"));
            attributes.put(entry.getKey(), specification);
        });
    }

    private static Map<String, JsonNode> members(JsonNode object) {
        Map<String, JsonNode> members = new HashMap<>();
        object.properties().forEach(entry -> members.put(entry.getKey(), entry.getValue()));
        return members;
    }

    /** Enums are extended, all else is replaced; by null, too, which takes an attribute out of its profile. */
    private static void override(Map<String, JsonNode> target, Map<String, JsonNode> specification) {
        JsonNode inherited = target.get("enum");
        target.putAll(specification);
        if (inherited != null && specification.containsKey("enum")) {
            ObjectNode extended = JSON.createObjectNode();
            extended.setAll(members(inherited));
            extended.setAll(members(specification.get("enum")));
            target.put("enum", extended);
        }
    }

    private Map<String, JsonNode> specification(String attribute, Map<String, JsonNode> own) {
        Map<String, JsonNode> specification =
                members(dictionary.path("attributes").path(attribute));
        Map<String, JsonNode> said = new HashMap<>(own);
        said.values().removeIf(JsonNode::isNull);
        override(specification, said);
        return specification;
    }

    private static String text(Map<String, JsonNode> specification, String name) {
        JsonNode value = specification.get(name);
        return value == null || !value.isTextual() ? "" : value.textValue();
    }

    // ---- events

    /** What is wrong with an event; empty if nothing is. */
    List<String> problems(JsonNode event) {
        int uid = event.path("class_uid").asInt(-1);
        EventClass eventClass = classes.get(uid);
        if (eventClass == null) {
            return List.of("class_uid " + event.path("class_uid") + ": unknown class");
        }
        List<String> problems = new ArrayList<>();
        if (event.path("category_uid").asInt(-1) != eventClass.category()) {
            problems.add("category_uid " + event.path("category_uid") + ": expected " + eventClass.category());
        }
        long type = uid * 100L + event.path("activity_id").asInt();
        if (event.path("type_uid").asLong(-1) != type) {
            problems.add("type_uid " + event.path("type_uid") + ": expected " + type);
        }
        Set<String> profiles = new HashSet<>();
        event.path("metadata").path("profiles").forEach(profile -> profiles.add(profile.asText()));
        checkAttributes(event, eventClass.definition(), eventClass.name(), profiles, problems);
        return problems;
    }

    private void checkAttributes(
            JsonNode object, Definition definition, String path, Set<String> profiles, List<String> problems) {
        Map<String, Map<String, JsonNode>> active = new HashMap<>();
        definition.attributes().forEach((name, own) -> {
            String profile = text(own, "profile");
            if (profile.isEmpty() || profiles.contains(profile)) {
                active.put(name, own);
            }
        });
        active.forEach((name, own) -> {
            if (text(specification(name, own), "requirement").equals("required") && !object.has(name)) {
                problems.add(path + "." + name + ": required, missing");
            }
        });
        checkConstraints(object, definition.constraints(), path, problems);
        object.properties().forEach(entry -> {
            String name = entry.getKey();
            String at = path + "." + name;
            JsonNode value = entry.getValue();
            if (ALLOWED.contains(name) || NUMBERED.contains(name) && active.containsKey(name)) {
                return;
            }
            if (name.equals("type_id") && path.contains(".observables[")) {
                if (!observables.contains(value.asInt(-1))) {
                    problems.add(at + ": " + value + " is no observable type");
                }
            } else if (name.endsWith("_dt")
                    && profiles.contains("datetime")
                    && active.containsKey(name.substring(0, name.length() - 3))) {
                checkValue(value, Map.of("type", JSON.getNodeFactory().textNode("datetime_t")), at, profiles, problems);
            } else if (!active.containsKey(name)) {
                problems.add(at + ": not defined here"
                        + (definition.attributes().containsKey(name) ? ", without its profile" : ""));
            } else if (value.isNull()) {
                problems.add(at + ": null");
            } else {
                checkValue(value, specification(name, active.get(name)), at, profiles, problems);
            }
        });
    }

    private static void checkConstraints(JsonNode object, JsonNode constraints, String path, List<String> problems) {
        constraints.properties().forEach(constraint -> {
            int found = 0;
            for (JsonNode name : constraint.getValue()) {
                found += object.has(name.asText()) ? 1 : 0;
            }
            boolean holds = switch (constraint.getKey()) {
                case "at_least_one" -> found > 0;
                case "just_one" -> found == 1;
                default -> true;
            };
            if (!holds) {
                problems.add(path + ": " + constraint.getKey() + " of " + constraint.getValue() + ", found " + found);
            }
        });
    }

    private void checkValue(
            JsonNode value,
            Map<String, JsonNode> specification,
            String path,
            Set<String> profiles,
            List<String> problems) {
        JsonNode array = specification.get("is_array");
        if (array != null && array.asBoolean()) {
            if (!value.isArray()) {
                problems.add(path + ": expected an array");
                return;
            }
            Map<String, JsonNode> element = new HashMap<>(specification);
            element.remove("is_array");
            for (int i = 0; i < value.size(); i++) {
                checkValue(value.get(i), element, path + "[" + i + "]", profiles, problems);
            }
            return;
        }
        String type = text(specification, "type");
        if (types.has(type)) {
            checkScalar(value, type, specification.get("enum"), path, problems);
        } else if (!type.equals("object") && objects.containsKey(type)) {
            if (value.isObject()) {
                checkAttributes(value, compiled(type, objects, compiledObjects), path, profiles, problems);
            } else {
                problems.add(path + ": expected an object (" + type + ")");
            }
        }
    }

    private void checkScalar(JsonNode value, String type, JsonNode values, String path, List<String> problems) {
        boolean fits = switch (types.path(type).path("type").asText(type)) {
            case "string_t" -> value.isTextual();
            case "boolean_t" -> value.isBoolean();
            case "integer_t" -> value.isIntegralNumber() && value.canConvertToInt();
            case "long_t" -> value.isIntegralNumber() && value.canConvertToLong();
            case "float_t" -> value.isNumber();
            default -> true;
        };
        String regex = types.path(type).path("regex").asText();
        if (!fits) {
            problems.add(path + ": " + value + " is no " + type);
        } else if (value.isTextual()
                && !regex.isEmpty()
                && !patterns.computeIfAbsent(regex, Pattern::compile)
                        .matcher(value.textValue())
                        .find()) {
            problems.add(path + ": " + value + " does not match " + type);
        } else if (values != null && !values.isEmpty() && !values.has(value.asText())) {
            problems.add(path + ": " + value + " is not in the enum");
        }
    }
}
