package io.tributary.alert.aws;

import io.tributary.alert.AlertChannel;
import io.tributary.alert.AlertState;
import io.tributary.alert.message.MessageSettings;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** The function's ports to servers on this machine. */
public final class AlertPorts implements AutoCloseable {
    private static final MessageSettings SETTINGS = new MessageSettings(Map.of(), Optional.empty());
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

    private final SnsClient sns;
    private final KinesisClient kinesis;
    private final AlertState state;

    public AlertPorts(AwsServer aws, DynamoDbLocal dynamoDb) {
        sns = SnsClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(CREDENTIALS)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        kinesis = KinesisClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(CREDENTIALS)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        state = new DynamoDbAlertState(dynamoDb.client(), dynamoDb.table());
    }

    public AlertChannel email() {
        return SnsChannel.email("email", "arn:aws:sns:eu-central-1:123456789012:email", sns, SETTINGS);
    }

    public AlertChannel chat() {
        return SnsChannel.chat("chat", "arn:aws:sns:eu-central-1:123456789012:chat", sns, SETTINGS);
    }

    public AlertChannel recorder() {
        return new LogStreamRecorder(kinesis, "logs", SETTINGS);
    }

    public AlertState state() {
        return state;
    }

    @Override
    public void close() {
        sns.close();
        kinesis.close();
    }
}
