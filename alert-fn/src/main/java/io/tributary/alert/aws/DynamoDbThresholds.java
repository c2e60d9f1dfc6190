package io.tributary.alert.aws;

import static io.tributary.alert.aws.StateTable.expires;
import static io.tributary.alert.aws.StateTable.number;

import io.tributary.alert.Fingerprint;
import io.tributary.alert.aws.StateTable.Attempt;
import io.tributary.alert.rule.Threshold;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Counts events of a group. Its item: {@code counted}, which has for each event, by its fingerprint, when it was delivered last
 * (epoch milliseconds). It holds as many as the threshold asks for: at most 26 kB.
 */
final class DynamoDbThresholds {
    private static final String COUNTED = "counted";

    private final StateTable table;

    DynamoDbThresholds(StateTable table) {
        this.table = table;
    }

    /** An event, and when it was delivered last. */
    private record Hit(String event, long time) {
        AttributeValue at() {
            return number(time);
        }
    }

    int count(String key, String eventUid, Instant now, Threshold threshold) {
        Hit hit = new Hit(Fingerprint.of(eventUid), now.toEpochMilli());
        long oldest = now.minus(threshold.within()).toEpochMilli();
        return (int) remember(key, hit, threshold.events(), expires(now.plus(threshold.within()))).values().stream()
                .filter(time -> time > oldest)
                .count();
    }

    private Map<String, Long> remember(String key, Hit hit, int most, AttributeValue expires) {
        Attempt attempt = add(key, hit, most, expires);
        while (!attempt.isDone()) {
            if (!attempt.item().containsKey(COUNTED)) {
                attempt = start(key, hit, expires);
                continue;
            }
            Map<String, Long> hits = hits(attempt.item());
            Hit oldest = oldest(hits);
            if (hits.getOrDefault(hit.event(), Long.MIN_VALUE) >= hit.time()) {
                return hits;
            }
            if (hits.containsKey(hit.event()) || hits.size() < most) {
                // another caller was faster
                attempt = add(key, hit, most, expires);
            } else if (oldest.time() >= hit.time()) {
                return hits;
            } else {
                attempt = replace(key, oldest, hit, expires);
            }
        }
        return hits(attempt.item());
    }

    private Attempt start(String key, Hit hit, AttributeValue expires) {
        return table.attempt(table.update(key)
                .updateExpression("SET counted = :first, expires = :expires")
                .conditionExpression("attribute_not_exists(counted)")
                .expressionAttributeValues(
                        Map.of(":first", AttributeValue.fromM(Map.of(hit.event(), hit.at())), ":expires", expires)));
    }

    /** While there is room, or where it is known and was delivered earlier. */
    private Attempt add(String key, Hit hit, int most, AttributeValue expires) {
        return table.attempt(table.update(key)
                .updateExpression("SET counted.#event = :time, expires = :expires")
                .conditionExpression(
                        "attribute_exists(counted)"
                                + " AND (counted.#event < :time OR (attribute_not_exists(counted.#event) AND size(counted) < :most))")
                .expressionAttributeNames(Map.of("#event", hit.event()))
                .expressionAttributeValues(Map.of(":time", hit.at(), ":most", number(most), ":expires", expires)));
    }

    /** In the place of the oldest, if that was not delivered again meanwhile. */
    private Attempt replace(String key, Hit oldest, Hit hit, AttributeValue expires) {
        return table.attempt(table.update(key)
                .updateExpression("SET counted.#event = :time, expires = :expires REMOVE counted.#oldest")
                .conditionExpression("counted.#oldest = :before AND attribute_not_exists(counted.#event)")
                .expressionAttributeNames(Map.of("#event", hit.event(), "#oldest", oldest.event()))
                .expressionAttributeValues(Map.of(":time", hit.at(), ":before", oldest.at(), ":expires", expires)));
    }

    private static Map<String, Long> hits(Map<String, AttributeValue> item) {
        Map<String, Long> hits = new HashMap<>();
        item.get(COUNTED).m().forEach((event, time) -> hits.put(event, Long.parseLong(time.n())));
        return hits;
    }

    private static Hit oldest(Map<String, Long> hits) {
        Map.Entry<String, Long> oldest = Collections.min(hits.entrySet(), Map.Entry.comparingByValue());
        return new Hit(oldest.getKey(), oldest.getValue());
    }
}
