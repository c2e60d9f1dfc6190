package io.tributary.alert;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.tributary.alert.aws.AwsServer;
import io.tributary.alert.aws.DynamoDbLocal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The services that the function talks to, and the settings that lead it there. */
public final class AwsResources implements QuarkusTestResourceLifecycleManager {
    static final String EMAIL_TOPIC = "arn:aws:sns:eu-central-1:123456789012:alerts-email";
    static final String CHAT_TOPIC = "arn:aws:sns:eu-central-1:123456789012:alerts-chat";

    static AwsServer aws;
    static DynamoDbLocal dynamoDb;
    static String table;

    @Override
    public Map<String, String> start() {
        aws = new AwsServer();
        dynamoDb = new DynamoDbLocal();
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.sns.endpoint-override", aws.endpoint().toString());
        settings.put("quarkus.kinesis.endpoint-override", aws.endpoint().toString());
        settings.put("quarkus.dynamodb.endpoint-override", dynamoDb.endpoint().toString());
        for (String service : List.of("sns", "dynamodb", "kinesis")) {
            settings.put("quarkus." + service + ".aws.region", "eu-central-1");
            settings.put("quarkus." + service + ".aws.credentials.type", "static");
            settings.put("quarkus." + service + ".aws.credentials.static-provider.access-key-id", "local");
            settings.put("quarkus." + service + ".aws.credentials.static-provider.secret-access-key", "local");
        }
        table = dynamoDb.table();
        settings.put("tributary.state-table", table);
        settings.put("tributary.log-stream", "logs");
        settings.put("tributary.account-names", "123456789012=production");
        settings.put("tributary.search-url", "https://search.example.com/?uid={uid}");
        settings.put("tributary.channels.mail.kind", "email");
        settings.put("tributary.channels.mail.topic", EMAIL_TOPIC);
        settings.put("tributary.channels.slack.kind", "chat");
        settings.put("tributary.channels.slack.topic", CHAT_TOPIC);
        settings.put("tributary.channels.slack.least-severity", "high");
        // tests do not take of each other's
        settings.put("tributary.messages-per-hour", "100");
        return settings;
    }

    @Override
    public void stop() {
        aws.close();
        dynamoDb.close();
    }
}
