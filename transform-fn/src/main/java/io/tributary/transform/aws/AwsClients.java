package io.tributary.transform.aws;

import io.tributary.aws.ClientSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** The clients of Kinesis and Firehose, for which there are no Quarkus extensions. */
@ApplicationScoped
class AwsClients {
    private final ClientSettings settings;

    AwsClients(Config config) {
        settings = new ClientSettings(config);
    }

    @Produces
    @Singleton
    KinesisClient kinesis() {
        return settings.configure(KinesisClient.builder(), "kinesis")
                .overrideConfiguration(AwsClients::doNotRetry)
                .build();
    }

    void close(@Disposes KinesisClient client) {
        client.close();
    }

    @Produces
    @Singleton
    FirehoseClient firehose() {
        return settings.configure(FirehoseClient.builder(), "firehose")
                .overrideConfiguration(AwsClients::doNotRetry)
                .build();
    }

    void close(@Disposes FirehoseClient client) {
        client.close();
    }

    // Delivery repeats what failed, within the invocation's time; the SDK's own repetitions would hide how often
    private static void doNotRetry(ClientOverrideConfiguration.Builder configuration) {
        configuration.retryStrategy(DefaultRetryStrategy.doNotRetry());
    }
}
