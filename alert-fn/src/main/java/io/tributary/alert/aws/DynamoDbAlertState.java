package io.tributary.alert.aws;

import static java.util.Map.entry;

import io.tributary.alert.AlertKey;
import io.tributary.alert.AlertState;
import io.tributary.alert.Fingerprint;
import io.tributary.alert.StateUnavailableException;
import io.tributary.alert.rule.Threshold;
import io.tributary.aws.AwsCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * What was said already, in a DynamoDB table: partition key {@code alert} (a text), time to live {@code expires} (epoch
 * seconds). Every step is one conditional update of one item.
 *
 * <p>An alert's item: {@code phase} (sending or sent), {@code message} (the id of the message), {@code owner} and
 * {@code lease} of who sends it, {@code told} (the channels that have it), {@code quiet} (until when repeats are silent),
 * {@code level} (how bad it was), {@code silent} (repeats since), {@code untold} (repeats before), {@code followup}, {@code seen}
 * (uids of events). Times are epoch milliseconds. A threshold's item: {@code counted}, which
 * has for each event, by its fingerprint, when it was delivered last: 26 kB for the largest threshold.
 */
final class DynamoDbAlertState implements AlertState {
    /** How many events' uids are remembered, so that the same one is not counted twice. */
    private static final int MOST_SEEN = 100;

    /** How long an item outlives what it is for. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private static final String COUNTED = "counted";
    private static final String SENDING = "sending";
    private static final String SENT = "sent";

    private final DynamoDbClient client;
    private final String table;

    DynamoDbAlertState(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    // ---- alerts

    @Override
    public Claim claim(Candidate candidate) {
        return call(() -> {
            while (true) {
                Attempt<Claim> attempt = begin(candidate);
                if (attempt.done() != null) {
                    return attempt.done();
                }
                attempt = isSending(attempt.item())
                        ? takeOver(candidate, attempt.item())
                        : silence(candidate, attempt.item());
                if (attempt.done() != null) {
                    return attempt.done();
                }
                // another caller was faster: look again
            }
        });
    }

    /** What a conditional update came to: a result, or the item that was otherwise than expected. */
    private record Attempt<T>(T done, Map<String, AttributeValue> item) {}

    /** A new message, if there is none on its way, and the last one's quiet time is over or things are worse now. */
    private Attempt<Claim> begin(Candidate candidate) {
        String now = millis(candidate.now());
        try {
            Map<String, AttributeValue> item = client.updateItem(update(candidate.key())
                            .updateExpression(
                                    "SET phase = :sending, message = :message, #owner = :owner, lease = :lease,"
                                            + " #level = :level, untold = if_not_exists(silent, :zero), silent = :zero,"
                                            + " followup = if_not_exists(followup, :minus) + :one, seen = :seen, expires = :expires"
                                            + " REMOVE told")
                            .conditionExpression(
                                    "attribute_not_exists(phase) OR (phase = :sent AND NOT contains(seen, :uid)"
                                            + " AND (quiet <= :now OR #level < :level))")
                            .expressionAttributeNames(Map.of("#owner", "owner", "#level", "level"))
                            .expressionAttributeValues(Map.ofEntries(
                                    entry(":sending", text(SENDING)),
                                    entry(":sent", text(SENT)),
                                    entry(":message", text(AlertKey.messageId(candidate))),
                                    entry(":owner", text(candidate.owner())),
                                    entry(
                                            ":lease",
                                            number(millis(candidate.now().plus(candidate.lease())))),
                                    entry(":level", number(Integer.toString(candidate.rank()))),
                                    entry(":zero", number("0")),
                                    entry(":one", number("1")),
                                    entry(":minus", number("-1")),
                                    entry(":seen", AttributeValue.fromSs(List.of(candidate.eventUid()))),
                                    entry(":uid", text(candidate.eventUid())),
                                    entry(":now", number(now)),
                                    entry(":expires", expires(candidate.now()))))
                            .build())
                    .attributes();
            return new Attempt<>(granted(item), item);
        } catch (ConditionalCheckFailedException e) {
            return new Attempt<>(null, e.item());
        }
    }

    /** The message of a caller that has stopped; or there is one that has not. */
    private Attempt<Claim> takeOver(Candidate candidate, Map<String, AttributeValue> item) {
        Instant lease = Instant.ofEpochMilli(Long.parseLong(item.get("lease").n()));
        String owner = item.get("owner").s();
        if (!owner.equals(candidate.owner()) && lease.isAfter(candidate.now())) {
            return new Attempt<>(new Claim.Busy(lease), item);
        }
        try {
            Map<String, AttributeValue> taken = client.updateItem(update(candidate.key())
                            .updateExpression("SET #owner = :owner, lease = :lease")
                            .conditionExpression("phase = :sending AND #owner = :before AND lease = :leaseBefore")
                            .expressionAttributeNames(Map.of("#owner", "owner"))
                            .expressionAttributeValues(Map.of(
                                    ":sending", text(SENDING),
                                    ":owner", text(candidate.owner()),
                                    ":lease", number(millis(candidate.now().plus(candidate.lease()))),
                                    ":before", text(owner),
                                    ":leaseBefore", item.get("lease")))
                            .build())
                    .attributes();
            return new Attempt<>(granted(taken), taken);
        } catch (ConditionalCheckFailedException e) {
            return new Attempt<>(null, e.item());
        }
    }

    /** A repeat, which is counted once. */
    private Attempt<Claim> silence(Candidate candidate, Map<String, AttributeValue> item) {
        List<String> seen = item.get("seen").ss();
        if (seen.contains(candidate.eventUid())) {
            return new Attempt<>(new Claim.Silent(true), item);
        }
        boolean remember = seen.size() < MOST_SEEN;
        Map<String, AttributeValue> values =
                new HashMap<>(Map.of(":one", number("1"), ":sent", text(SENT), ":uid", text(candidate.eventUid())));
        if (remember) {
            values.put(":seen", AttributeValue.fromSs(List.of(candidate.eventUid())));
        }
        try {
            client.updateItem(update(candidate.key())
                    .updateExpression("ADD silent :one" + (remember ? ", seen :seen" : ""))
                    .conditionExpression("phase = :sent AND NOT contains(seen, :uid)")
                    .expressionAttributeValues(values)
                    .build());
            return new Attempt<>(new Claim.Silent(false), item);
        } catch (ConditionalCheckFailedException e) {
            return new Attempt<>(null, e.item());
        }
    }

    private static boolean isSending(Map<String, AttributeValue> item) {
        return item.get("phase").s().equals(SENDING);
    }

    private static Claim granted(Map<String, AttributeValue> item) {
        AttributeValue told = item.get("told");
        return new Claim.Granted(
                item.get("message").s(),
                told == null ? Set.of() : Set.copyOf(told.ss()),
                Long.parseLong(item.get("untold").n()),
                Integer.parseInt(item.get("followup").n()) > 0);
    }

    @Override
    public void markSent(String key, String channel) {
        call(() -> client.updateItem(update(key)
                .updateExpression("ADD told :channel")
                .expressionAttributeValues(Map.of(":channel", AttributeValue.fromSs(List.of(channel))))
                .build()));
    }

    @Override
    public void finish(String key, String owner, Instant quietUntil) {
        call(() -> {
            try {
                return client.updateItem(update(key)
                        .updateExpression("SET phase = :sent, quiet = :quiet, expires = :expires REMOVE #owner, lease")
                        .conditionExpression("phase = :sending AND #owner = :owner")
                        .expressionAttributeNames(Map.of("#owner", "owner"))
                        .expressionAttributeValues(Map.of(
                                ":sent", text(SENT),
                                ":sending", text(SENDING),
                                ":owner", text(owner),
                                ":quiet", number(millis(quietUntil)),
                                ":expires", expires(quietUntil)))
                        .build());
            } catch (ConditionalCheckFailedException e) {
                return null; // whoever has taken over finishes
            }
        });
    }

    @Override
    public boolean holds(String key, String owner) {
        return call(() -> {
            try {
                client.updateItem(update(key)
                        .updateExpression("SET #owner = :owner")
                        .conditionExpression("phase = :sending AND #owner = :owner")
                        .expressionAttributeNames(Map.of("#owner", "owner"))
                        .expressionAttributeValues(Map.of(":sending", text(SENDING), ":owner", text(owner)))
                        .build());
                return true;
            } catch (ConditionalCheckFailedException e) {
                return false;
            }
        });
    }

    // ---- thresholds

    @Override
    public int count(String key, String eventUid, Instant now, Threshold threshold) {
        Hit hit = new Hit(Fingerprint.of(eventUid), now.toEpochMilli());
        AttributeValue expires = expires(now.plus(threshold.within()));
        Map<String, Long> hits = call(() -> {
            Attempt<Map<String, Long>> attempt = add(key, hit, threshold.events(), expires);
            while (attempt.done() == null) {
                Map<String, AttributeValue> item = attempt.item();
                if (!item.containsKey(COUNTED)) {
                    attempt = start(key, hit, expires);
                    continue;
                }
                Map<String, Long> before = hits(item);
                Hit oldest = oldest(before);
                if (before.getOrDefault(hit.event(), Long.MIN_VALUE) >= hit.time()) {
                    return before;
                }
                if (before.containsKey(hit.event()) || before.size() < threshold.events()) {
                    attempt = add(key, hit, threshold.events(), expires);
                } else if (oldest.time() >= hit.time()) {
                    return before;
                } else {
                    attempt = replace(key, oldest, hit, expires);
                }
            }
            return attempt.done();
        });
        long oldest = now.minus(threshold.within()).toEpochMilli();
        return (int) hits.values().stream().filter(time -> time > oldest).count();
    }

    /** An event, and when it was delivered last. */
    private record Hit(String event, long time) {}

    private Attempt<Map<String, Long>> start(String key, Hit hit, AttributeValue expires) {
        return hits(update(key)
                .updateExpression("SET counted = :first, expires = :expires")
                .conditionExpression("attribute_not_exists(counted)")
                .expressionAttributeValues(Map.of(
                        ":first",
                        AttributeValue.fromM(Map.of(hit.event(), number(Long.toString(hit.time())))),
                        ":expires",
                        expires)));
    }

    /** While there is room, or where it is known and was delivered earlier. */
    private Attempt<Map<String, Long>> add(String key, Hit hit, int most, AttributeValue expires) {
        return hits(update(key)
                .updateExpression("SET counted.#event = :time, expires = :expires")
                .conditionExpression(
                        "attribute_exists(counted)"
                                + " AND (counted.#event < :time OR (attribute_not_exists(counted.#event) AND size(counted) < :most))")
                .expressionAttributeNames(Map.of("#event", hit.event()))
                .expressionAttributeValues(Map.of(
                        ":time", number(Long.toString(hit.time())),
                        ":most", number(Integer.toString(most)),
                        ":expires", expires)));
    }

    /** In the place of the oldest, if that was not delivered again meanwhile. */
    private Attempt<Map<String, Long>> replace(String key, Hit oldest, Hit hit, AttributeValue expires) {
        return hits(update(key)
                .updateExpression("SET counted.#event = :time, expires = :expires REMOVE counted.#oldest")
                .conditionExpression("counted.#oldest = :before AND attribute_not_exists(counted.#event)")
                .expressionAttributeNames(Map.of("#event", hit.event(), "#oldest", oldest.event()))
                .expressionAttributeValues(Map.of(
                        ":time", number(Long.toString(hit.time())),
                        ":before", number(Long.toString(oldest.time())),
                        ":expires", expires)));
    }

    private Attempt<Map<String, Long>> hits(UpdateItemRequest.Builder update) {
        try {
            return new Attempt<>(hits(client.updateItem(update.build()).attributes()), Map.of());
        } catch (ConditionalCheckFailedException e) {
            return new Attempt<>(null, e.hasItem() ? e.item() : Map.of());
        }
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

    // ---- calls

    private UpdateItemRequest.Builder update(String key) {
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(Map.of("alert", text(key)))
                .returnValues(ReturnValue.ALL_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    private <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw new StateUnavailableException("table " + table + ": " + AwsCalls.problem(e), e);
        }
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    private static AttributeValue number(String value) {
        return AttributeValue.fromN(value);
    }

    private static String millis(Instant time) {
        return Long.toString(time.toEpochMilli());
    }

    private static AttributeValue expires(Instant after) {
        return number(Long.toString(after.plus(REMEMBERED).getEpochSecond()));
    }
}
