package io.tributary.alert.pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.enrichment.Enrichment;
import io.tributary.alert.rule.Detection;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleStatus;
import io.tributary.alert.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The event patterns that EventBridge has to know for the alert function to get every event that a rule may match: those of the rules
 * themselves, without what is not in an event but known beside. Of a Sigma rule it is the necessary part, its event names.
 */
public final class EventPatterns {
    /** EventBridge's limit of a pattern. */
    static final int MOST_CHARACTERS = 4_096;

    /** So many values of a Sigma rule's field fit in a pattern. */
    private static final int MOST_VALUES = 50;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How calls that only read begin, as CloudTrail has it; EventBridge delivers them to rules in a state of their own only. */
    private static final Pattern READING = Pattern.compile(
            "(?i)(assumerole|batchget|check|converse|describe|download|export|get|head|invokemodel|list|lookup|query|scan|search|select|view).*");

    private static final String SOURCE = "source";
    private static final String DETAIL_TYPE = "detail-type";
    private static final String API_CALL = "AWS API Call via CloudTrail";
    private static final List<String> CLOUD_TRAIL = List.of(
            API_CALL,
            "AWS Console Action via CloudTrail",
            "AWS Console Sign In via CloudTrail",
            "AWS Console Signin via CloudTrail",
            "AWS Service Event via CloudTrail");

    private EventPatterns() {}

    /**
     * A pattern.
     *
     * @param isReading whether management events that only read are wanted, too
     */
    public record Deployed(ObjectNode pattern, boolean isReading) {}

    /** The patterns of rules that are not disabled. */
    public static List<Deployed> of(List<Rule> rules) {
        // joined with $or they would be fewer; event-ruler, which EventBridge runs, then misses some of their events
        List<Deployed> deployed = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        Set<String> sources = new TreeSet<>();
        for (Rule rule : rules.stream().sorted(Comparator.comparing(Rule::id)).toList()) {
            if (rule.status() == RuleStatus.DISABLED) {
                continue;
            }
            if (rule.detection() instanceof Detection.Pattern pattern) {
                Deployed own = new Deployed(necessary((ObjectNode) pattern.match()), isReading(pattern.match()));
                if (!deployed.contains(own)) {
                    deployed.add(own);
                }
            } else if (rule.detection() instanceof Detection.Sigma sigma) {
                SigmaRule own = sigma.rule();
                own.eventNames()
                        .or(own::eventSources)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "rule " + rule.id() + " names neither eventName nor eventSource"))
                        .forEach(own.eventNames().isPresent() ? names::add : sources::add);
            }
        }
        sigma(
                "eventName",
                names.stream().filter(name -> !READING.matcher(name).matches()).toList(),
                false,
                deployed);
        sigma(
                "eventName",
                names.stream().filter(name -> READING.matcher(name).matches()).toList(),
                true,
                deployed);
        sigma("eventSource", List.copyOf(sources), true, deployed);
        return deployed;
    }

    /** What accounts forward to the bus: each finding of GuardDuty by one pattern, so that it is forwarded once, and whatever the rules. */
    public static List<Deployed> forwarded(List<Rule> rules) {
        List<Deployed> forwarded = new ArrayList<>(of(rules));
        JsonNode findings = findings().pattern();
        forwarded.removeIf(one -> one.pattern().path(SOURCE).equals(findings.path(SOURCE))
                && one.pattern().path(DETAIL_TYPE).equals(findings.path(DETAIL_TYPE)));
        forwarded.add(findings());
        return forwarded;
    }

    /** The findings of GuardDuty, which are logs, too. */
    public static Deployed findings() {
        ObjectNode pattern = JSON.createObjectNode();
        pattern.putArray(SOURCE).add("aws.guardduty");
        pattern.putArray(DETAIL_TYPE).add("GuardDuty Finding");
        return new Deployed(pattern, false);
    }

    /** A pattern without what EventBridge does not know; of alternatives one of which is about nothing else, nothing is left. */
    private static ObjectNode necessary(ObjectNode match) {
        ObjectNode necessary = match.deepCopy();
        necessary.remove(Enrichment.MEMBER);
        ArrayNode alternatives = JSON.createArrayNode();
        for (JsonNode alternative : match.path("$or")) {
            ObjectNode own = necessary((ObjectNode) alternative);
            if (own.isEmpty()) {
                necessary.remove("$or");
                return necessary;
            }
            alternatives.add(own);
        }
        if (!alternatives.isEmpty()) {
            necessary.set("$or", alternatives);
        }
        return necessary;
    }

    private static void sigma(String field, List<String> values, boolean isReading, List<Deployed> deployed) {
        for (int from = 0; from < values.size(); from += MOST_VALUES) {
            List<String> some = values.subList(from, Math.min(values.size(), from + MOST_VALUES));
            deployed.add(new Deployed(sigma(field, some), isReading));
        }
    }

    private static ObjectNode sigma(String field, List<String> values) {
        ObjectNode pattern = JSON.createObjectNode();
        pattern.putArray(SOURCE).addObject().put("prefix", "aws.");
        CLOUD_TRAIL.forEach(pattern.putArray(DETAIL_TYPE)::add);
        ArrayNode array = pattern.putObject("detail").putArray(field);
        values.forEach(value -> array.addObject().put("equals-ignore-case", value));
        return pattern;
    }

    /** Whether a pattern may match an API call that only reads. */
    static boolean isReading(JsonNode match) {
        JsonNode types = match.path(DETAIL_TYPE);
        boolean isCall = types.isMissingNode();
        for (JsonNode type : types) {
            isCall |= !type.isTextual() || type.asText().equals(API_CALL);
        }
        List<JsonNode> names = match.path("detail").findValues("eventName");
        if (!isCall || names.isEmpty()) {
            return isCall;
        }
        return names.stream().anyMatch(EventPatterns::isReadingName);
    }

    private static boolean isReadingName(JsonNode values) {
        for (JsonNode name : values) {
            String text = name.isTextual()
                    ? name.asText()
                    : name.path("prefix").asText(name.path("equals-ignore-case").asText());
            if (text.isEmpty() || READING.matcher(text).matches()) {
                return true;
            }
        }
        return false;
    }
}
