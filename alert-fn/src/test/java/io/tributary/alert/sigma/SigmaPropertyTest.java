package io.tributary.alert.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.yaml.YamlException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

/** What is true of every rule and every record. */
class SigmaPropertyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES = List.of("eventName", "eventSource", "a", "a.b", "c");
    private static final List<String> VALUES = List.of("x", "y", "X*", "'*'", "'x?'", "null", "1", "''");
    private static final List<String> CONDITIONS = List.of(
            "p",
            "p and q",
            "p or q",
            "not p and q",
            "not (p or q)",
            "1 of them",
            "all of them",
            "p and (q or r)",
            "p or q and not r");

    @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
    void whatIsNecessaryIsInEveryMatch(@ForAll long seed) throws YamlException {
        Random random = new Random(seed);
        SigmaRule rule = rule(searches(random), pick(random, CONDITIONS));
        JsonNode event = event(random);
        if (rule.matches(event)) {
            rule.eventNames()
                    .ifPresent(names -> assertThat(names)
                            .contains(event.path("eventName").asText().toLowerCase(Locale.ROOT)));
            rule.eventSources()
                    .ifPresent(sources -> assertThat(sources)
                            .contains(event.path("eventSource").asText().toLowerCase(Locale.ROOT)));
        }
        assertThat(SigmaRule.ofJson(rule.toJson()).matches(event)).isEqualTo(rule.matches(event));
    }

    @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
    void deMorgansLawsHold(@ForAll long seed) throws YamlException {
        Random random = new Random(seed);
        String searches = searches(random);
        JsonNode event = event(random);
        assertThat(rule(searches, "not (p and q)").matches(event))
                .isEqualTo(rule(searches, "not p or not q").matches(event));
        assertThat(rule(searches, "not (p or q)").matches(event))
                .isEqualTo(rule(searches, "not p and not q").matches(event));
        assertThat(rule(searches, "1 of them").matches(event))
                .isEqualTo(rule(searches, "p or q or r").matches(event));
    }

    @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
    void aListIsAnyOfItsValues(@ForAll long seed) throws YamlException {
        Random random = new Random(seed);
        JsonNode event = event(random);
        String field = pick(random, NAMES);
        String one = pick(random, VALUES);
        String other = pick(random, VALUES);
        assertThat(rule("p: {" + field + ": [" + one + ", " + other + "]}", "p").matches(event))
                .isEqualTo(rule("p: {" + field + ": " + one + "}\n  q: {" + field + ": " + other + "}", "p or q")
                        .matches(event));
    }

    @Property
    void aTextMatchesItselfWhateverItsCase(@ForAll @AlphaChars String text) {
        assertThat(Glob.of(text, false).matches(text.toUpperCase(Locale.ROOT))).isTrue();
        assertThat(Glob.of(text, true).matches(text)).isTrue();
    }

    /** Against the plainest of definitions. */
    @Property(tries = 3000)
    void wildcardsMatchAsTheyAreDefined(
            @ForAll @Chars({'a', 'b', '*', '?'}) @StringLength(max = 8) String pattern,
            @ForAll @Chars({'a', 'b'}) @StringLength(max = 10) String text) {
        assertThat(Glob.of(pattern, true).matches(text)).isEqualTo(matches(pattern, text));
    }

    private static boolean matches(String pattern, String text) {
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        String rest = pattern.substring(1);
        if (pattern.charAt(0) == '*') {
            return matches(rest, text) || !text.isEmpty() && matches(pattern, text.substring(1));
        }
        return !text.isEmpty()
                && (pattern.charAt(0) == '?' || pattern.charAt(0) == text.charAt(0))
                && matches(rest, text.substring(1));
    }

    private static String searches(Random random) {
        StringBuilder searches = new StringBuilder();
        for (String name : List.of("p", "q", "r")) {
            searches.append(searches.isEmpty() ? "" : "\n  ").append(name).append(": {");
            int fields = 1 + random.nextInt(2);
            for (int i = 0; i < fields; i++) {
                String field = NAMES.get((random.nextInt(NAMES.size() / 2) + i * 2) % NAMES.size());
                searches.append(i == 0 ? "" : ", ").append(field).append(": ");
                searches.append(
                        random.nextBoolean()
                                ? pick(random, VALUES)
                                : "[" + pick(random, VALUES) + ", " + pick(random, VALUES) + "]");
            }
            searches.append('}');
        }
        return searches.toString();
    }

    private static JsonNode event(Random random) {
        ObjectNode event = JSON.createObjectNode();
        for (String name : List.of("eventName", "eventSource", "a", "c")) {
            // CloudTrail's own names are always texts
            switch (name.startsWith("event") ? 5 : random.nextInt(6)) {
                case 0 -> {}
                case 1 -> event.putNull(name);
                case 2 -> event.put(name, 1);
                case 3 -> event.putArray(name).add("x").add("Y");
                case 4 -> event.putObject(name).put("b", pick(random, List.of("x", "y", "")));
                default -> event.put(name, pick(random, List.of("x", "y", "xx", "")));
            }
        }
        return event;
    }

    private static String pick(Random random, List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }

    private static SigmaRule rule(String searches, String condition) throws YamlException {
        return SigmaRule.parse(
                        "f.yml",
                        "title: x\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  " + searches
                                + "\n  condition: " + condition + "\n")
                .orElseThrow();
    }
}
