package io.tributary.alert.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which management events a trail still records after its selectors were set: {@code all} or {@code some}, which may be none. A selector more, beside
 * one that leaves nothing out, narrows nothing.
 *
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html">PutEventSelectors</a>
 */
final class Trail {
    /** What AWS lets trails leave out, and many do. */
    private static final Set<String> NOISY = Set.of("kms.amazonaws.com", "rdsdata.amazonaws.com");

    private Trail() {}

    static void of(String eventName, JsonNode request, ObjectNode facts) {
        if (!eventName.equals("PutEventSelectors")) {
            return;
        }
        boolean isAll = false;
        for (JsonNode selector : request.path("eventSelectors")) {
            isAll |= selector.path("includeManagementEvents").asBoolean(true)
                    && selector.path("readWriteType").asText("All").equals("All");
        }
        // several selectors may record reads and writes apart, and everything together
        boolean reads = false;
        boolean writes = false;
        for (JsonNode selector : request.path("advancedEventSelectors")) {
            Set<String> recorded = recorded(selector.path("fieldSelectors"));
            reads |= recorded.contains("true");
            writes |= recorded.contains("false");
        }
        facts.putObject("trail").put("management_events", isAll || reads && writes ? "all" : "some");
    }

    /** The values of {@code readOnly} of which a selector records every management event. */
    private static Set<String> recorded(JsonNode fields) {
        boolean isManagement = false;
        Set<String> recorded = Set.of("true", "false");
        for (JsonNode field : fields) {
            switch (field.path("field").asText("")) {
                case "eventCategory" ->
                    isManagement = texts(field.path("equals")).contains("Management");
                case "readOnly" -> recorded = Set.copyOf(texts(field.path("equals")));
                case "eventSource" -> {
                    if (field.size() != 2
                            || !field.has("notEquals")
                            || !NOISY.containsAll(texts(field.path("notEquals")))) {
                        return Set.of();
                    }
                }
                default -> {
                    // it leaves something out
                    return Set.of();
                }
            }
        }
        return isManagement ? recorded : Set.of();
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
