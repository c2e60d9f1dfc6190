package io.tributary.transform.aws;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * The clients of Kinesis and Firehose, for which there are no Quarkus extensions. They are configured with the keys that the
 * extensions use ({@code quarkus.kinesis.endpoint-override}, {@code quarkus.kinesis.aws.region},
 * {@code quarkus.kinesis.aws.credentials.static-provider.access-key-id} and {@code .secret-access-key}; the same for
 * {@code firehose}), so that an extension can take this class's place.
 */
@ApplicationScoped
class AwsClients {
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

    @Produces
    @Singleton
    FirehoseClient firehose() {
        return configure(FirehoseClient.builder(), "firehose")
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    void close(@Disposes FirehoseClient client) {
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
        // Delivery repeats what failed, within the invocation's time; the SDK's own repetitions would hide how often
        builder.overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()));
        return builder;
    }

    private Optional<String> setting(String name) {
        return config.getOptionalValue(name, String.class);
    }
}
