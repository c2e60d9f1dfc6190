package io.tributary.archive.aws;

import io.tributary.aws.ClientSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** The clients of services for which there is no Quarkus extension. */
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

    // Delivery repeats what failed, within the invocation's time
    private static void doNotRetry(ClientOverrideConfiguration.Builder configuration) {
        configuration.retryStrategy(DefaultRetryStrategy.doNotRetry());
    }

    void close(@Disposes KinesisClient client) {
        client.close();
    }

    /** CloudTrail in a Region: its public keys are those of the Region. */
    CloudTrailClient cloudTrail(String region) {
        return settings.configure(CloudTrailClient.builder(), "cloudtrail")
                .region(Region.of(region))
                .build();
    }
}
