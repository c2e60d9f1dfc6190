package io.tributary.alert.aws;

import io.tributary.alert.Alert;
import io.tributary.alert.AlertChannel;
import io.tributary.alert.Summary;
import io.tributary.alert.message.AlertRecord;
import io.tributary.alert.message.MessageSettings;
import io.tributary.aws.AwsCalls;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;

/** Records alerts on the stream of the logs. */
final class LogStreamRecorder implements AlertChannel {
    private final KinesisClient client;
    private final String stream;
    private final MessageSettings settings;

    LogStreamRecorder(KinesisClient client, String stream, MessageSettings settings) {
        this.client = client;
        this.stream = stream;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "log stream";
    }

    @Override
    public void send(Alert alert) {
        try {
            client.putRecord(PutRecordRequest.builder()
                    .streamName(stream)
                    .partitionKey(alert.id())
                    .data(SdkBytes.fromUtf8String(
                            AlertRecord.of(alert, settings).toString()))
                    .build());
        } catch (SdkException e) {
            throw new IllegalStateException("stream " + stream + ": " + AwsCalls.problem(e), e);
        }
    }

    /** What it sums up is recorded. */
    @Override
    public void send(Summary summary) {}
}
