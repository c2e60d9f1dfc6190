package io.tributary.alert;

import io.tributary.alert.aws.DynamoDbLocal;
import io.tributary.alert.aws.DynamoDbStates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** One process by itself does all that a state must do, while the shared one cannot be asked. */
class UnavailableStateTest extends AlertStateContract {
    private static DynamoDbLocal dynamoDb;

    @BeforeAll
    static void start() {
        dynamoDb = new DynamoDbLocal();
    }

    @AfterAll
    static void stop() {
        dynamoDb.close();
    }

    @Override
    protected AlertState state() {
        return new FallbackState(DynamoDbStates.of(dynamoDb.client(), "nowhere"));
    }
}
