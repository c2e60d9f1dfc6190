package io.tributary.alert.aws;

import static io.tributary.alert.aws.StateTable.expires;
import static io.tributary.alert.aws.StateTable.millis;
import static io.tributary.alert.aws.StateTable.number;
import static io.tributary.alert.aws.StateTable.portion;
import static io.tributary.alert.aws.StateTable.set;
import static io.tributary.alert.aws.StateTable.text;
import static io.tributary.alert.aws.StateTable.time;
import static java.util.Map.entry;

import io.tributary.alert.Admission;
import io.tributary.alert.AlertKey;
import io.tributary.alert.AlertState;
import io.tributary.alert.Allowance;
import io.tributary.alert.Fingerprint;
import io.tributary.alert.Subject;
import io.tributary.alert.Untold;
import io.tributary.alert.aws.StateTable.Attempt;
import io.tributary.alert.rule.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What was said already, in a DynamoDB table: partition key {@code alert} (a text), time to live {@code expires} (epoch
 * seconds). Every step is one conditional update of one item. Times are epoch milliseconds.
 *
 * <p>An alert's item: {@code phase} (sending, sent or summarising), {@code message} (the id of the message), {@code ruleId},
 * {@code accountId} and {@code groupText} (what it is about), {@code owner} and {@code lease} of who sends it, {@code told} (the
 * channels that have it), {@code quiet} (until when repeats are silent), {@code level} (how bad it was), {@code silent} (repeats
 * since, between {@code firstAt} and {@code lastAt}), {@code untold} (repeats before), {@code followup}, {@code seen}
 * (fingerprints of events).
 *
 * <p>What is to be told without an event is in the index {@link #INDEX}: {@code due} is when it may be taken, also when somebody
 * has it; {@code portion} spreads them over several partitions of the index.
 */
final class DynamoDbAlertState implements AlertState {
    static final String INDEX = "due";

    /** How many events are remembered, so that the same one is not counted twice. */
    private static final int MOST_SEEN = 100;

    private static final String SENDING = "sending";
    private static final String SENT = "sent";
    private static final String SUMMARISING = "summarising";

    private final StateTable table;
    private final DynamoDbThresholds thresholds;
    private final DynamoDbAllowances allowances;

    DynamoDbAlertState(DynamoDbClient client, String table) {
        this.table = new StateTable(client, table);
        this.thresholds = new DynamoDbThresholds(this.table);
        this.allowances = new DynamoDbAllowances(this.table);
    }

    @Override
    public int count(String key, String eventUid, Instant now, Threshold threshold) {
        return table.call(() -> thresholds.count(key, eventUid, now, threshold));
    }

    @Override
    public boolean admit(Admission admission, Allowance allowance) {
        return table.call(() -> allowances.admit(admission, allowance));
    }

    // ---- alerts

    @Override
    public Claim claim(Candidate candidate) {
        return table.call(() -> {
            Optional<Claim> claim;
            do {
                Attempt attempt = begin(candidate);
                claim = attempt.isDone() ? Optional.of(granted(attempt.item())) : answer(candidate, attempt.item());
                // another caller was faster: look again
            } while (claim.isEmpty());
            return claim.get();
        });
    }

    private Optional<Claim> answer(Candidate candidate, Map<String, AttributeValue> item) {
        if (text(item, "phase").equals(SENDING)) {
            return takeOver(candidate, item);
        }
        boolean isSeen = item.get("seen").ss().contains(Fingerprint.of(candidate.eventUid()));
        if (!isSeen && text(item, "phase").equals(SUMMARISING)) {
            Instant until = time(item, "due");
            return until.isAfter(candidate.now()) ? Optional.of(new Claim.Busy(until)) : Optional.empty();
        }
        return isSeen ? Optional.of(new Claim.Silent(true)) : silence(candidate, item);
    }

    /**
     * A new message, if there is none on its way, and the last one's quiet time is over or things are worse now; or if whoever
     * was to tell of the repeats has stopped.
     */
    private Attempt begin(Candidate candidate) {
        return table.attempt(table.update(candidate.key())
                .updateExpression("SET phase = :sending, message = :message, #owner = :owner, lease = :lease,"
                        + " #level = :level, untold = if_not_exists(silent, :zero), silent = :zero,"
                        + " followup = if_not_exists(followup, :minus) + :one, seen = :seen, expires = :expires,"
                        + " ruleId = :rule, accountId = :account, groupText = :group"
                        + " REMOVE told, portion, due, firstAt, lastAt")
                .conditionExpression("attribute_not_exists(phase) OR (NOT contains(seen, :uid) AND ("
                        + "(phase = :sent AND (quiet <= :now OR #level < :level))"
                        + " OR (phase = :summarising AND due <= :now)))")
                .expressionAttributeNames(Map.of("#owner", "owner", "#level", "level"))
                .expressionAttributeValues(Map.ofEntries(
                        entry(":sending", text(SENDING)),
                        entry(":sent", text(SENT)),
                        entry(":summarising", text(SUMMARISING)),
                        entry(":message", text(AlertKey.messageId(candidate))),
                        entry(":owner", text(candidate.owner())),
                        entry(":lease", millis(candidate.now().plus(candidate.lease()))),
                        entry(":level", number(candidate.rank())),
                        entry(":zero", number(0)),
                        entry(":one", number(1)),
                        entry(":minus", number(-1)),
                        entry(":seen", AttributeValue.fromSs(List.of(Fingerprint.of(candidate.eventUid())))),
                        entry(":uid", text(Fingerprint.of(candidate.eventUid()))),
                        entry(":now", millis(candidate.now())),
                        entry(":expires", expires(candidate.now())),
                        entry(":rule", text(candidate.subject().ruleId())),
                        entry(":account", text(candidate.subject().account())),
                        entry(":group", text(candidate.subject().group())))));
    }

    /** The message of a caller that has stopped; or there is one that has not. */
    private Optional<Claim> takeOver(Candidate candidate, Map<String, AttributeValue> item) {
        Instant lease = time(item, "lease");
        String owner = text(item, "owner");
        if (!owner.equals(candidate.owner()) && lease.isAfter(candidate.now())) {
            return Optional.of(new Claim.Busy(lease));
        }
        Attempt attempt = table.attempt(table.update(candidate.key())
                .updateExpression("SET #owner = :owner, lease = :lease")
                .conditionExpression("phase = :sending AND #owner = :before AND lease = :leaseBefore")
                .expressionAttributeNames(Map.of("#owner", "owner"))
                .expressionAttributeValues(Map.of(
                        ":sending", text(SENDING),
                        ":owner", text(candidate.owner()),
                        ":lease", millis(candidate.now().plus(candidate.lease())),
                        ":before", text(owner),
                        ":leaseBefore", item.get("lease"))));
        return attempt.isDone() ? Optional.of(granted(attempt.item())) : Optional.empty();
    }

    /** A repeat, which is counted once, and due when the quiet time is over. */
    private Optional<Claim> silence(Candidate candidate, Map<String, AttributeValue> item) {
        boolean remember = item.get("seen").ss().size() < MOST_SEEN;
        String event = Fingerprint.of(candidate.eventUid());
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":one", number(1),
                ":sent", text(SENT),
                ":uid", text(event),
                ":now", millis(candidate.now()),
                ":grace", number(GRACE.toMillis()),
                ":portion", portion(candidate.key())));
        if (remember) {
            values.put(":seen", AttributeValue.fromSs(List.of(event)));
        }
        boolean isDone = table.attempt(table.update(candidate.key())
                        .updateExpression("ADD silent :one" + (remember ? ", seen :seen" : "")
                                + " SET firstAt = if_not_exists(firstAt, :now), lastAt = :now,"
                                + " due = quiet + :grace, portion = :portion")
                        .conditionExpression("phase = :sent AND NOT contains(seen, :uid)")
                        .expressionAttributeValues(values))
                .isDone();
        return isDone ? Optional.of(new Claim.Silent(false)) : Optional.empty();
    }

    private static Claim granted(Map<String, AttributeValue> item) {
        return new Claim.Granted(
                text(item, "message"), set(item, "told"), number(item, "untold"), number(item, "followup") > 0);
    }

    @Override
    public void markSent(String key, String channel) {
        table.call(() -> table.attempt(table.update(key)
                .updateExpression("ADD told :channel")
                .conditionExpression("attribute_exists(alert)")
                .expressionAttributeValues(Map.of(":channel", AttributeValue.fromSs(List.of(channel))))));
    }

    @Override
    public void finish(String key, String owner, Instant quietUntil) {
        // whoever has taken over finishes
        table.call(() -> table.attempt(table.update(key)
                .updateExpression("SET phase = :sent, quiet = :quiet, expires = :expires REMOVE #owner, lease")
                .conditionExpression("phase = :sending AND #owner = :owner")
                .expressionAttributeNames(Map.of("#owner", "owner"))
                .expressionAttributeValues(Map.of(
                        ":sent", text(SENT),
                        ":sending", text(SENDING),
                        ":owner", text(owner),
                        ":quiet", millis(quietUntil),
                        ":expires", expires(quietUntil)))));
    }

    @Override
    public boolean holds(String key, String owner) {
        return table.call(() -> table.attempt(table.update(key)
                        .updateExpression("SET #owner = :owner")
                        .conditionExpression("phase = :sending AND #owner = :owner")
                        .expressionAttributeNames(Map.of("#owner", "owner"))
                        .expressionAttributeValues(Map.of(":sending", text(SENDING), ":owner", text(owner))))
                .isDone());
    }

    // ---- what is due

    @Override
    public List<String> due(Instant now, int most) {
        return table.call(() -> IntStream.range(0, StateTable.PORTIONS)
                .mapToObj(portion -> table.client()
                        .query(query -> query.tableName(table.name())
                                .indexName(INDEX)
                                .keyConditionExpression("portion = :portion AND due <= :now")
                                .expressionAttributeValues(
                                        Map.of(":portion", text(Integer.toString(portion)), ":now", millis(now)))
                                .limit((most + StateTable.PORTIONS - 1) / StateTable.PORTIONS)))
                .flatMap(answer -> answer.items().stream())
                .sorted(Comparator.comparing(item -> number(item, "due")))
                .map(item -> text(item, "alert"))
                .toList());
    }

    @Override
    public Optional<Untold> take(String key, Instant now, Duration lease) {
        if (Admission.isKey(key)) {
            return table.call(() -> allowances.take(key, now, lease));
        }
        Attempt attempt = table.call(() -> table.attempt(table.update(key)
                .updateExpression("SET phase = :summarising, due = :again")
                .conditionExpression("due <= :now AND (phase = :sent OR phase = :summarising)")
                .expressionAttributeValues(Map.of(
                        ":summarising", text(SUMMARISING),
                        ":sent", text(SENT),
                        ":now", millis(now),
                        ":again", millis(now.plus(lease))))));
        if (!attempt.isDone()) {
            return Optional.empty();
        }
        Map<String, AttributeValue> item = attempt.item();
        return Optional.of(new Untold.Repeats(
                key,
                new Subject(text(item, "ruleId"), text(item, "accountId"), text(item, "groupText")),
                text(item, "message"),
                (int) number(item, "level"),
                number(item, "silent"),
                time(item, "firstAt"),
                time(item, "lastAt"),
                set(item, "told")));
    }

    @Override
    public void told(Untold untold) {
        if (untold instanceof Untold.Repeats repeats) {
            table.call(() -> table.attempt(table.update(repeats.key())
                    .updateExpression("SET phase = :sent, silent = :zero REMOVE portion, due, firstAt, lastAt")
                    .conditionExpression("phase = :summarising AND message = :message")
                    .expressionAttributeValues(Map.of(
                            ":sent", text(SENT),
                            ":summarising", text(SUMMARISING),
                            ":message", text(repeats.alertId()),
                            ":zero", number(0)))));
        } else if (untold instanceof Untold.HeldBack heldBack) {
            table.call(() -> {
                allowances.told(heldBack);
                return heldBack;
            });
        }
    }
}
