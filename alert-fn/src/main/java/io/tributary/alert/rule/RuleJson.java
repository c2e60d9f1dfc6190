package io.tributary.alert.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Template;
import io.tributary.alert.sigma.SigmaRule;
import io.tributary.ocsf.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiled rules as the function carries them: one resource of JSON, read without YAML, reflection or the listing of
 * directories.
 */
public final class RuleJson {
    /** The resource with the project's own rules. */
    public static final String RESOURCE = "/rules.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private RuleJson() {}

    /** The rules that were compiled into the function. */
    public static List<Rule> readResource() {
        try (InputStream resource = RuleJson.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the function was built without its rules: " + RESOURCE);
            }
            return read(resource.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("the function's rules cannot be read: " + RESOURCE, e);
        }
    }

    static List<Rule> read(byte[] compiled) throws IOException {
        List<Rule> rules = new ArrayList<>();
        JSON.readTree(compiled).forEach(rule -> rules.add(read(rule)));
        return List.copyOf(rules);
    }

    static byte[] write(List<Rule> rules) throws IOException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        rules.forEach(rule -> array.add(write(rule)));
        return JSON.writeValueAsBytes(array);
    }

    private static ObjectNode write(Rule rule) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", rule.id())
                .put("title", rule.title())
                .put("severity", rule.severity().name())
                .put("status", rule.status().name())
                .put("why", rule.why())
                .put("quietForSeconds", rule.quietFor().toSeconds())
                .put("what", rule.what().source());
        texts(
                json.putArray("runbook"),
                rule.runbook().stream().map(Template::source).toList());
        texts(json.putArray("references"), rule.references());
        texts(json.putArray("techniques"), rule.techniques());
        texts(json.putArray("groupBy"), rule.groupBy());
        rule.threshold()
                .ifPresent(threshold -> json.putObject("threshold")
                        .put("events", threshold.events())
                        .put("withinSeconds", threshold.within().toSeconds()));
        ObjectNode details = json.putObject("details");
        rule.details().forEach((label, text) -> details.put(label, text.source()));
        if (rule.detection() instanceof Detection.Pattern pattern) {
            json.set("match", pattern.match());
            json.putArray("unless").addAll(pattern.unless());
        } else if (rule.detection() instanceof Detection.Sigma sigma) {
            json.set("sigma", sigma.rule().toJson());
        }
        return json;
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static Rule read(JsonNode json) {
        Optional<Threshold> threshold = json.has("threshold")
                ? Optional.of(new Threshold(
                        json.at("/threshold/events").asInt(),
                        Duration.ofSeconds(json.at("/threshold/withinSeconds").asLong())))
                : Optional.empty();
        Map<String, Template> details = new LinkedHashMap<>();
        json.path("details")
                .properties()
                .forEach(member -> details.put(
                        member.getKey(), Template.of(member.getValue().asText())));
        return new Rule(
                json.path("id").asText(),
                json.path("title").asText(),
                Severity.valueOf(json.path("severity").asText()),
                RuleStatus.valueOf(json.path("status").asText()),
                json.path("why").asText(),
                texts(json.path("runbook")).stream().map(Template::of).toList(),
                texts(json.path("references")),
                texts(json.path("techniques")),
                detection(json),
                texts(json.path("groupBy")),
                Duration.ofSeconds(json.path("quietForSeconds").asLong()),
                threshold,
                Template.of(json.path("what").asText()),
                details);
    }

    private static Detection detection(JsonNode json) {
        if (json.has("sigma")) {
            return new Detection.Sigma(SigmaRule.ofJson(json.path("sigma")));
        }
        List<JsonNode> unless = new ArrayList<>();
        json.path("unless").forEach(unless::add);
        return new Detection.Pattern(json.path("match"), unless);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
