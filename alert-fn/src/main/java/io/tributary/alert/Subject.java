package io.tributary.alert;

import io.tributary.alert.rule.Rule;
import java.util.StringJoiner;

/**
 * What alerts of one key are about, kept beside the key, so that it can be told when no event is at hand.
 *
 * @param ruleId the rule that told it last
 * @param account the account as EventBridge named it
 * @param group the values that the rule groups by, as they came, at most {@link #LONGEST_GROUP} characters; may be empty
 */
public record Subject(String ruleId, String account, String group) {
    static final int LONGEST_GROUP = 200;

    static Subject of(Rule rule, Event event) {
        StringJoiner values = new StringJoiner(", ");
        for (String path : rule.groupBy()) {
            String value = path.equals("account") ? Template.UNKNOWN : Template.value(event, path);
            if (!value.equals(Template.UNKNOWN)) {
                values.add(value);
            }
        }
        return new Subject(rule.id(), event.account(), cut(values.toString()));
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST_GROUP) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_GROUP - 2)) ? LONGEST_GROUP - 2 : LONGEST_GROUP - 1;
        return text.substring(0, end) + "…";
    }
}
