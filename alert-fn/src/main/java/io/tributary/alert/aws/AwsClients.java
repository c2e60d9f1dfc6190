package io.tributary.alert.aws;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * The client of Kinesis, for which there is no Quarkus extension. It is configured with the keys that the extensions use
 * ({@code quarkus.kinesis.endpoint-override}, {@code quarkus.kinesis.aws.region},
 * {@code quarkus.kinesis.aws.credentials.static-provider.access-key-id} and {@code .secret-access-key}), so that an extension
 * can take this class's place.
 */
@ApplicationScoped
class AwsClients {
    /** Short, because others wait for the lease of whoever sends an alert. */
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

    private final Config config;

    AwsClients(Config config) {
        this.config = config;
    }

    @Produces
    @Singleton
    KinesisClient kinesis() {
        return configure(KinesisClient.builder(), "kinesis")
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    void close(@Disposes KinesisClient client) {
        client.close();
    }

    private <B extends AwsClientBuilder<B, ?>> B configure(B builder, String service) {
        String prefix = "quarkus." + service + ".";
        setting(prefix + "endpoint-override").map(URI::create).ifPresent(builder::endpointOverride);
        setting(prefix + "aws.region").map(Region::of).ifPresent(builder::region);
        String credentials = prefix + "aws.credentials.static-provider.";
        setting(credentials + "access-key-id").ifPresent(id -> {
            String secret = setting(credentials + "secret-access-key")
                    .orElseThrow(() -> new IllegalArgumentException(
                            credentials + "access-key-id is set, but not " + credentials + "secret-access-key"));
            builder.credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)));
        });
        builder.overrideConfiguration(configuration ->
                configuration.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT));
        return builder;
    }

    private Optional<String> setting(String name) {
        return config.getOptionalValue(name, String.class);
    }
}
