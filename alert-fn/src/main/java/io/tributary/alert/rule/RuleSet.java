package io.tributary.alert.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.alert.Event;
import io.tributary.alert.enrichment.Enrichment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.event.ruler.GenericMachine;

/**
 * Rules, ready to be asked. Patterns are all matched at once by event-ruler, the engine that EventBridge itself runs; Sigma
 * rules are found by the event names that they cannot do without. Safe for use by several threads.
 */
public final class RuleSet {
    /** A pattern in the machine: a rule's, and whether it is one that must not match. */
    private record Tag(int rule, boolean unless) {}

    private final List<Rule> rules;
    private final GenericMachine<Tag> machine = GenericMachine.<Tag>builder().build();
    /** Sigma rules by an event name in lower case that they need; those that need none by the empty name. */
    private final Map<String, List<Integer>> sigma = new HashMap<>();

    private final String organization;

    private RuleSet(List<Rule> rules, String organization) {
        this.rules = rules;
        this.organization = organization;
    }

    /** Compiles rules; disabled ones are left out. */
    public static RuleSet of(List<Rule> rules) {
        return of(rules, "");
    }

    /**
     * Compiles rules; disabled ones are left out.
     *
     * @param organization the id of one's own, such as {@code o-a1b2c3d4e5}; empty if unknown
     */
    public static RuleSet of(List<Rule> rules, String organization) {
        RuleSet set = new RuleSet(
                rules.stream()
                        .filter(rule -> rule.status() != RuleStatus.DISABLED)
                        .sorted(Comparator.comparing(Rule::severity).reversed().thenComparing(Rule::id))
                        .toList(),
                organization);
        for (int i = 0; i < set.rules.size(); i++) {
            set.add(i, set.rules.get(i).detection());
        }
        return set;
    }

    private void add(int index, Detection detection) {
        if (detection instanceof Detection.Pattern pattern) {
            add(new Tag(index, false), pattern.match());
            pattern.unless().forEach(unless -> add(new Tag(index, true), unless));
        } else if (detection instanceof Detection.Sigma rule) {
            Set<String> names = rule.rule().eventNames().orElse(Set.of(""));
            names.forEach(name ->
                    sigma.computeIfAbsent(name, any -> new ArrayList<>()).add(index));
        }
    }

    private void add(Tag tag, JsonNode pattern) {
        try {
            machine.addRule(tag, pattern.toString());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "rule " + rules.get(tag.rule()).id() + ": no event pattern: " + e.getMessage(), e);
        }
    }

    /** All rules that are not disabled, the most severe first. */
    public List<Rule> rules() {
        return rules;
    }

    /** A rule by its id. */
    public Optional<Rule> rule(String id) {
        return rules.stream().filter(rule -> rule.id().equals(id)).findFirst();
    }

    /** The rules that an event breaks, the most severe first. What no AWS service has said breaks none: anybody can put it on a bus. */
    public List<Rule> matching(Event event) {
        if (!event.source().startsWith("aws.")) {
            return List.of();
        }
        BitSet matched = new BitSet(rules.size());
        BitSet excused = new BitSet(rules.size());
        for (Tag tag : machine.rulesForJSONEvent(Enrichment.of(event.json(), organization))) {
            (tag.unless() ? excused : matched).set(tag.rule());
        }
        matched.andNot(excused);
        if (!sigma.isEmpty() && event.isCloudTrail()) {
            JsonNode detail = event.detail();
            String name = detail.path("eventName").asText("").toLowerCase(Locale.ROOT);
            matchSigma(name, detail, matched);
            matchSigma("", detail, matched);
        }
        List<Rule> found = new ArrayList<>(matched.cardinality());
        for (int i = matched.nextSetBit(0); i >= 0; i = matched.nextSetBit(i + 1)) {
            found.add(rules.get(i));
        }
        return found;
    }

    private void matchSigma(String name, JsonNode detail, BitSet matched) {
        for (int index : sigma.getOrDefault(name, List.of())) {
            if (((Detection.Sigma) rules.get(index).detection()).rule().matches(detail)) {
                matched.set(index);
            }
        }
    }
}
