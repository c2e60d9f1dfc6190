package io.tributary.archive.aws;

import io.tributary.archive.restore.Notices;
import io.tributary.aws.AwsCalls;
import java.io.IOException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;

/** An SNS topic. */
final class SnsNotices implements Notices {
    private final Supplier<SnsClient> client;
    private final String topic;

    SnsNotices(Supplier<SnsClient> client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    @Override
    public void publish(String subject, String text) throws IOException {
        try {
            client.get()
                    .publish(publish -> publish.topicArn(topic).subject(subject).message(text));
        } catch (SdkException e) {
            throw new IOException("topic " + topic + ": " + AwsCalls.problem(e), e);
        }
    }
}
