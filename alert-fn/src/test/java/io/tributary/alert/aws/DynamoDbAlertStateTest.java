package io.tributary.alert.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.alert.AlertState;
import io.tributary.alert.AlertStateContract;
import io.tributary.alert.StateUnavailableException;
import io.tributary.alert.Subject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoDbAlertStateTest extends AlertStateContract {
    private static DynamoDbLocal dynamoDb;
    private static String table;

    @BeforeAll
    static void start() {
        dynamoDb = new DynamoDbLocal();
        table = dynamoDb.table();
    }

    @AfterAll
    static void stop() {
        dynamoDb.close();
    }

    @Override
    protected AlertState state() {
        return new DynamoDbAlertState(dynamoDb.client(), table);
    }

    @Test
    void itemsExpireADayAfterTheirQuietTime() {
        AlertState state = state();
        state.claim(new AlertState.Candidate(
                "expiring", new Subject("r", "", ""), "e1", 4, "a", NOON, Duration.ofSeconds(20)));
        assertThat(expires("expiring")).isEqualTo(NOON.plus(Duration.ofDays(1)).getEpochSecond());
        state.finish("expiring", "a", NOON.plus(Duration.ofHours(6)));
        assertThat(expires("expiring"))
                .isEqualTo(NOON.plus(Duration.ofHours(30)).getEpochSecond());
    }

    @Test
    void aTableThatIsNotThereMakesTheStateUnavailable() {
        AlertState state = new DynamoDbAlertState(dynamoDb.client(), "nowhere");
        assertThatThrownBy(() -> state.claim(new AlertState.Candidate(
                        "k", new Subject("r", "", ""), "e1", 4, "a", NOON, Duration.ofSeconds(20))))
                .isInstanceOf(StateUnavailableException.class)
                .hasMessage("table nowhere: ResourceNotFoundException");
    }

    private static long expires(String key) {
        AttributeValue value = dynamoDb.client()
                .getItem(get -> get.tableName(table).key(Map.of("alert", AttributeValue.fromS(key))))
                .item()
                .get("expires");
        return Long.parseLong(value.n());
    }
}
