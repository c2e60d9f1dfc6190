package io.tributary.alert.aws;

import io.tributary.alert.StateUnavailableException;
import io.tributary.aws.AwsCalls;
import java.time.Duration;
import java.time.Instant;
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

/** A table whose every change is one conditional update of one item. */
record StateTable(DynamoDbClient client, String name) {
    /** How long an item outlives what it is for. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    /** Over so many partitions of the index is spread what is due, so that its writes hold nobody up. */
    static final int PORTIONS = 4;

    /**
     * What a conditional update came to.
     *
     * @param isDone whether the condition held
     * @param item the item after the update; or as it is, where the condition did not hold; empty where there is none
     */
    record Attempt(boolean isDone, Map<String, AttributeValue> item) {}

    UpdateItemRequest.Builder update(String key) {
        return UpdateItemRequest.builder()
                .tableName(name)
                .key(Map.of("alert", text(key)))
                .returnValues(ReturnValue.ALL_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    Attempt attempt(UpdateItemRequest.Builder update) {
        try {
            return new Attempt(true, client.updateItem(update.build()).attributes());
        } catch (ConditionalCheckFailedException e) {
            return new Attempt(false, e.hasItem() ? e.item() : Map.of());
        }
    }

    <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw new StateUnavailableException("table " + name + ": " + AwsCalls.problem(e), e);
        }
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    static AttributeValue millis(Instant time) {
        return number(time.toEpochMilli());
    }

    static AttributeValue portion(String key) {
        return text(Integer.toString(Math.floorMod(key.hashCode(), PORTIONS)));
    }

    static AttributeValue expires(Instant after) {
        return number(after.plus(REMEMBERED).getEpochSecond());
    }

    static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? 0 : Long.parseLong(value.n());
    }

    static Instant time(Map<String, AttributeValue> item, String name) {
        return Instant.ofEpochMilli(number(item, name));
    }

    static Set<String> set(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? Set.of() : Set.copyOf(value.ss());
    }

    static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? "" : value.s();
    }
}
