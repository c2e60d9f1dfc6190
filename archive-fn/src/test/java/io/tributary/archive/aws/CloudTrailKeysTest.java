package io.tributary.archive.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;

class CloudTrailKeysTest {
    @Test
    void keysAreThoseThatCloudTrailGivesForTheTime() throws IOException, GeneralSecurityException {
        PublicKey key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
        try (AwsServer aws = new AwsServer();
                CloudTrailClient client = CloudTrailClient.builder()
                        .endpointOverride(aws.endpoint())
                        .region(Region.EU_CENTRAL_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build()) {
            aws.key("abc", key);
            CloudTrailKeys keys = new CloudTrailKeys(client);
            Instant time = Instant.parse("2026-03-01T00:00:00Z");
            assertThat(keys.keys(time, time.plusSeconds(3600)))
                    .containsOnlyKeys("abc")
                    .containsValue(key);
            assertThat(keys.keys(time, time.plusSeconds(7200))).containsOnlyKeys("abc");
        }
    }
}
