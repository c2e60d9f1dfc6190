package io.tributary.alert.aws;

import io.tributary.aws.ClientSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** The client of Kinesis, for which there is no Quarkus extension. */
@ApplicationScoped
class AwsClients {
    /** Short, because others wait for the lease of whoever sends an alert. */
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

    private final ClientSettings settings;

    AwsClients(Config config) {
        settings = new ClientSettings(config);
    }

    @Produces
    @Singleton
    KinesisClient kinesis() {
        return settings.configure(KinesisClient.builder(), "kinesis")
                .overrideConfiguration(configuration ->
                        configuration.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT))
                .build();
    }

    void close(@Disposes KinesisClient client) {
        client.close();
    }
}
