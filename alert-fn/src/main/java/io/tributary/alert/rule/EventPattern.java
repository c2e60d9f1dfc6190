package io.tributary.alert.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.yaml.YamlException;
import io.tributary.yaml.YamlValue;
import java.io.IOException;
import java.util.Map;
import software.amazon.event.ruler.GenericMachine;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.MachineComplexityEvaluator;

/** Checks event patterns as EventBridge would when they are deployed. */
final class EventPattern {
    /** EventBridge's limit of a pattern, in characters. */
    static final int MOST_CHARACTERS = 4_096;

    /** How many states a value may be in at once while wildcards are matched; each costs time with every character. */
    static final int MOST_COMPLEX = 25;

    private EventPattern() {}

    /**
     * The pattern as JSON.
     *
     * @throws YamlException if it is no valid pattern, too long or too complex
     */
    static JsonNode check(YamlValue pattern) throws YamlException {
        JsonNode json = pattern.toJson();
        String text = json.toString();
        if (text.length() > MOST_CHARACTERS) {
            throw pattern.error(
                    "the pattern has " + text.length() + " characters; EventBridge takes " + MOST_CHARACTERS);
        }
        String problem = JsonRuleCompiler.check(text);
        if (problem != null) {
            checkLeaves(pattern);
            throw pattern.error("no event pattern: " + withoutPlace(problem));
        }
        GenericMachine<String> machine = GenericMachine.<String>builder().build();
        try {
            machine.addRule("pattern", text);
        } catch (IOException e) {
            throw pattern.error("no event pattern: " + withoutPlace(e.getMessage()));
        }
        if (machine.evaluateComplexity(new MachineComplexityEvaluator(MOST_COMPLEX)) >= MOST_COMPLEX) {
            throw pattern.error("the pattern's wildcards are too complex: use fewer *, or longer texts between them");
        }
        return json;
    }

    /** Finds the first leaf that is wrong by itself, to name its line. */
    private static void checkLeaves(YamlValue pattern) throws YamlException {
        if (!pattern.isMapping()) {
            throw pattern.error("expected a pattern: a mapping of fields");
        }
        for (Map.Entry<String, YamlValue> member : pattern.members().entrySet()) {
            YamlValue value = member.getValue();
            if (value.isMapping()) {
                checkLeaves(value);
            } else if (member.getKey().equals("$or") && value.isSequence()) {
                for (YamlValue alternative : value.elements()) {
                    checkLeaves(alternative);
                }
            } else {
                ObjectNode alone = JsonNodeFactory.instance.objectNode();
                alone.set(member.getKey(), value.toJson());
                String problem = JsonRuleCompiler.check(alone.toString());
                if (problem != null) {
                    throw value.error("'" + member.getKey() + "': " + withoutPlace(problem));
                }
            }
        }
    }

    /** The engine's message without its place, which is one in JSON that nobody wrote. */
    private static String withoutPlace(String problem) {
        int place = problem.indexOf("\n at [");
        return place < 0 ? problem : problem.substring(0, place);
    }
}
