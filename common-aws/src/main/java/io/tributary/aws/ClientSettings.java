package io.tributary.aws;

import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * Configures clients of services for which there is no Quarkus extension, with the keys that the extensions use:
 * {@code quarkus.kinesis.endpoint-override}, {@code quarkus.kinesis.aws.region},
 * {@code quarkus.kinesis.aws.credentials.static-provider.access-key-id} and {@code .secret-access-key}. So an extension can take
 * this class's place.
 */
public final class ClientSettings {
    private final Config config;

    public ClientSettings(Config config) {
        this.config = config;
    }

    /**
     * Configures a client, with the JDK's HTTP client.
     *
     * @param service as it stands in the keys
     */
    public <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configure(B builder, String service) {
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
        return builder.httpClientBuilder(UrlConnectionHttpClient.builder());
    }

    private Optional<String> setting(String name) {
        return config.getOptionalValue(name, String.class);
    }
}
