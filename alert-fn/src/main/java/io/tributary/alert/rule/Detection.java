package io.tributary.alert.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.alert.sigma.SigmaRule;
import java.util.List;

/** What a rule matches. */
public sealed interface Detection {
    /**
     * EventBridge event patterns.
     *
     * @param match what an event must match
     * @param unless what it must not match, any of them
     * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html">Event patterns</a>
     */
    record Pattern(JsonNode match, List<JsonNode> unless) implements Detection {
        public Pattern {
            unless = List.copyOf(unless);
        }
    }

    /** A rule of the Sigma format, which looks at CloudTrail's record. */
    record Sigma(SigmaRule rule) implements Detection {}
}
