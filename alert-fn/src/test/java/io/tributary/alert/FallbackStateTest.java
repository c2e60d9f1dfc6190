package io.tributary.alert;

import io.tributary.alert.aws.DynamoDbLocal;
import io.tributary.alert.aws.DynamoDbStates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class FallbackStateTest extends AlertStateContract {
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
        return new FallbackState(DynamoDbStates.of(dynamoDb.client(), table));
    }
}
