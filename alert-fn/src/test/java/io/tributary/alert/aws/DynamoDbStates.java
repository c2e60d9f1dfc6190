package io.tributary.alert.aws;

import io.tributary.alert.AlertState;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Opens this package's state to the tests of others. */
public final class DynamoDbStates {
    private DynamoDbStates() {}

    public static AlertState of(DynamoDbClient client, String table) {
        return new DynamoDbAlertState(client, table);
    }
}
