package io.tributary.alert.sigma;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.ocsf.Severity;
import io.tributary.yaml.YamlException;
import io.tributary.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Sigma rule for CloudTrail. */
public final class SigmaRule {
    private static final Pattern TECHNIQUE =
            Pattern.compile("attack\\.(t\\d{4}(\\.\\d{3})?)", Pattern.CASE_INSENSITIVE);
    private static final Set<String> RETIRED = Set.of("deprecated", "unsupported");

    private final JsonNode json;
    private final Expression expression;
    private final Severity severity;

    private SigmaRule(JsonNode json, Expression expression, Severity severity) {
        this.json = json;
        this.expression = expression;
        this.severity = severity;
    }

    /**
     * Reads a file.
     *
     * @return the rule; empty if it is for another log than CloudTrail's
     * @throws YamlException if it is wrong or uses what is not supported: the message names file, line and feature
     */
    public static Optional<SigmaRule> parse(String file, String text) throws YamlException {
        List<YamlValue> documents = YamlValue.parseAll(file, text);
        if (documents.size() != 1) {
            throw new YamlException(file + ":1: several documents in a file (rule collections) are not supported");
        }
        JsonNode json = documents.get(0).toJson();
        Source source = Source.of(documents.get(0));
        for (String feature : List.of("correlation", "action")) {
            if (json.has(feature)) {
                throw source.error("'" + feature + "' is not supported", feature);
            }
        }
        if (!json.path("logsource").isObject()) {
            throw source.error("'logsource' is missing");
        }
        JsonNode log = json.path("logsource");
        return log.path("product").asText().equalsIgnoreCase("aws")
                        && log.path("service").asText().equalsIgnoreCase("cloudtrail")
                ? Optional.of(of(json, source))
                : Optional.empty();
    }

    /** A rule that was read and written with {@link #toJson} before. */
    public static SigmaRule ofJson(JsonNode json) {
        try {
            return of(json, Source.compiled(json.path("title").asText()));
        } catch (YamlException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SigmaRule of(JsonNode json, Source source) throws YamlException {
        if (json.path("title").asText("").isBlank()) {
            throw source.error("'title' is missing");
        }
        JsonNode detection = json.path("detection");
        if (!detection.isObject()) {
            throw source.error("'detection' is missing");
        }
        if (detection.has("timeframe")) {
            throw source.error("'timeframe' is not supported; use a rule with a threshold", "detection", "timeframe");
        }
        Map<String, Expression> searches = new LinkedHashMap<>();
        SearchParser parser = new SearchParser(source);
        for (Map.Entry<String, JsonNode> member : detection.properties()) {
            if (!member.getKey().equals("condition")) {
                searches.put(member.getKey(), parser.parse(member.getValue(), "detection", member.getKey()));
            }
        }
        return new SigmaRule(json, condition(detection, searches, source), severity(json, source));
    }

    private static Expression condition(JsonNode detection, Map<String, Expression> searches, Source source)
            throws YamlException {
        JsonNode condition = detection.path("condition");
        List<Expression> parts = new ArrayList<>();
        for (JsonNode each : condition.isArray() ? condition : List.of(condition)) {
            if (!each.isTextual()) {
                throw source.error("'condition' is missing", "detection", "condition");
            }
            try {
                parts.add(ConditionParser.parse(each.asText(), searches));
            } catch (IllegalArgumentException e) {
                throw source.error(e.getMessage(), "detection", "condition");
            }
        }
        if (parts.isEmpty()) {
            throw source.error("'condition' is missing", "detection", "condition");
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.Or(parts);
    }

    private static Severity severity(JsonNode json, Source source) throws YamlException {
        String level = json.path("level").asText("medium").toLowerCase(Locale.ROOT);
        return switch (level) {
            case "informational" -> Severity.INFORMATIONAL;
            case "low" -> Severity.LOW;
            case "medium" -> Severity.MEDIUM;
            case "high" -> Severity.HIGH;
            case "critical" -> Severity.CRITICAL;
            default -> throw source.error("'" + level + "' is no level", "level");
        };
    }

    /**
     * Whether a CloudTrail record breaks the rule. Where a regular expression takes too long on it, it does: better an alert
     * too many than that a record evades the rule.
     */
    public boolean matches(JsonNode cloudTrailRecord) {
        try {
            return expression.matches(cloudTrailRecord);
        } catch (BoundedText.TooManyStepsException e) {
            return true;
        }
    }

    /** Event names, in lower case, without one of which no record matches; empty if there are none such. */
    public Optional<Set<String>> eventNames() {
        return expression.necessary("eventName");
    }

    /** Event sources, in lower case, without one of which no record matches; empty if there are none such. */
    public Optional<Set<String>> eventSources() {
        return expression.necessary("eventSource");
    }

    /** Fields whose values can keep a record from matching; the empty name stands for the whole record. */
    public Set<String> excuses() {
        Set<String> fields = new TreeSet<>();
        expression.excuses(false, fields);
        return fields;
    }

    public String title() {
        return json.path("title").asText();
    }

    /** Why it matters; the title where the rule does not say. */
    public String description() {
        return json.path("description").asText(title()).strip();
    }

    public Severity severity() {
        return severity;
    }

    /** Whether its authors have withdrawn it. */
    public boolean isRetired() {
        return RETIRED.contains(json.path("status").asText());
    }

    public List<String> references() {
        return texts("references");
    }

    public List<String> falsePositives() {
        return texts("falsepositives");
    }

    /** MITRE ATT&amp;CK technique ids, of the tags. */
    public List<String> techniques() {
        return texts("tags").stream()
                .map(TECHNIQUE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1).toUpperCase(Locale.ROOT))
                .toList();
    }

    private List<String> texts(String member) {
        List<String> texts = new ArrayList<>();
        JsonNode value = json.path(member);
        if (value.isTextual()) {
            texts.add(value.asText());
        }
        value.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    /** The rule as JSON, to be read again with {@link #ofJson}. */
    public JsonNode toJson() {
        return ((ObjectNode) json).deepCopy().without("tests");
    }

    @Override
    public String toString() {
        return title();
    }
}
