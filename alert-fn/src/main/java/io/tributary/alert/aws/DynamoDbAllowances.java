package io.tributary.alert.aws;

import static io.tributary.alert.aws.StateTable.expires;
import static io.tributary.alert.aws.StateTable.millis;
import static io.tributary.alert.aws.StateTable.number;
import static io.tributary.alert.aws.StateTable.set;
import static io.tributary.alert.aws.StateTable.text;
import static io.tributary.alert.aws.StateTable.time;

import io.tributary.alert.Admission;
import io.tributary.alert.Allowance;
import io.tributary.alert.Fingerprint;
import io.tributary.alert.Untold;
import io.tributary.alert.aws.StateTable.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Messages of an hour, a rule and an account. Their item: {@code messages} (fingerprints of those that were admitted),
 * {@code level} (how bad the last of them was), {@code heldBack} and {@code heldEvents} (how many were not), {@code heldGroups}
 * (fingerprints) and {@code examples} of their groups, {@code ruleId}, {@code accountId}, {@code firstAt}, {@code lastAt}; and
 * {@code told}, {@code due}, {@code portion} as in an alert's.
 */
final class DynamoDbAllowances {
    private final StateTable table;

    DynamoDbAllowances(StateTable table) {
        this.table = table;
    }

    boolean admit(Admission admission, Allowance allowance) {
        String message = Fingerprint.of(admission.id());
        Attempt attempt = table.attempt(table.update(admission.key())
                .updateExpression("ADD messages :messages SET #level = :level, expires = :expires")
                .conditionExpression("attribute_not_exists(messages) OR contains(messages, :message)"
                        + " OR size(messages) < :most OR #level < :level")
                .expressionAttributeNames(Map.of("#level", "level"))
                .expressionAttributeValues(Map.of(
                        ":messages", AttributeValue.fromSs(List.of(message)),
                        ":message", text(message),
                        ":most", number(allowance.messages()),
                        ":level", number(admission.rank()),
                        ":expires", expires(admission.due()))));
        if (!attempt.isDone()) {
            hold(admission, attempt.item());
        }
        return attempt.isDone();
    }

    /** Those who hold back at once may remember a few groups and examples more than are needed. */
    private void hold(Admission admission, Map<String, AttributeValue> item) {
        Set<String> groups = set(item, "heldGroups");
        String group = Fingerprint.of(admission.alertKey());
        String example = admission.subject().group();
        String more = "";
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":one", number(1),
                ":events", number(admission.events()),
                ":rule", text(admission.subject().ruleId()),
                ":account", text(admission.subject().account()),
                ":now", millis(admission.now()),
                ":due", millis(admission.due()),
                ":portion", StateTable.portion(admission.key())));
        if (groups.size() < Admission.MOST_GROUPS && !groups.contains(group)) {
            more += ", heldGroups :group";
            values.put(":group", AttributeValue.fromSs(List.of(group)));
            if (set(item, "examples").size() < Admission.MOST_EXAMPLES && !example.isEmpty()) {
                more += ", examples :example";
                values.put(":example", AttributeValue.fromSs(List.of(example)));
            }
        }
        table.client()
                .updateItem(table.update(admission.key())
                        .updateExpression(
                                "ADD heldBack :one, heldEvents :events" + more
                                        + " SET ruleId = :rule, accountId = :account, portion = :portion,"
                                        + " firstAt = if_not_exists(firstAt, :now), lastAt = :now, due = if_not_exists(due, :due)")
                        .expressionAttributeValues(values)
                        .build());
    }

    Optional<Untold> take(String key, Instant now, Duration lease) {
        Attempt attempt = table.attempt(table.update(key)
                .updateExpression("SET due = :again")
                .conditionExpression("due <= :now")
                .expressionAttributeValues(Map.of(":now", millis(now), ":again", millis(now.plus(lease)))));
        if (!attempt.isDone()) {
            return Optional.empty();
        }
        Map<String, AttributeValue> item = attempt.item();
        return Optional.of(new Untold.HeldBack(
                key,
                text(item, "ruleId"),
                text(item, "accountId"),
                number(item, "heldBack"),
                number(item, "heldEvents"),
                Math.min(set(item, "heldGroups").size(), Admission.MOST_GROUPS),
                set(item, "examples").stream()
                        .sorted()
                        .limit(Admission.MOST_EXAMPLES)
                        .toList(),
                time(item, "firstAt"),
                time(item, "lastAt"),
                time(item, "due"),
                set(item, "told")));
    }

    /** What was held back meanwhile, by somebody whose clock is late, stays due. */
    void told(Untold.HeldBack heldBack) {
        table.attempt(table.update(heldBack.key())
                .updateExpression("REMOVE portion, due")
                .conditionExpression("heldBack = :messages AND due = :until")
                .expressionAttributeValues(
                        Map.of(":messages", number(heldBack.messages()), ":until", millis(heldBack.until()))));
    }
}
