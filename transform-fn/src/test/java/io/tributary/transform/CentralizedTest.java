package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.transform.logtype.Origin;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CentralizedTest {
    private static final String LOGGING = "210987654321";

    @ParameterizedTest
    @CsvSource({
        "/tributary-central/123456789012/us-east-1//aws/lambda/orders, 123456789012, us-east-1, /aws/lambda/orders",
        "/tributary-central/123456789012/us-east-1/orders, 123456789012, us-east-1, orders",
        // a member that tries to be another
        "/tributary-central/123456789012/us-east-1//tributary-central/999999999999/us-east-1/x, 123456789012, us-east-1,"
                + " /tributary-central/999999999999/us-east-1/x",
        "/tributary-central/12345/us-east-1/orders, 210987654321, eu-central-1, /tributary-central/12345/us-east-1/orders",
        "/aws/lambda/orders, 210987654321, eu-central-1, /aws/lambda/orders",
    })
    void aLogGroupsNameSaysWhoseItIs(String logGroup, String account, String region, String name) {
        assertThat(Centralized.resolve(new Origin(LOGGING, "eu-central-1", logGroup, "s")))
                .isEqualTo(new Origin(account, region, name, "s"));
    }

    /** Anybody may call a log group so where log groups are subscribed to. */
    @ParameterizedTest
    @CsvSource({"true, 123456789012", "false, 210987654321"})
    void aNameCountsOnlyWhereLogGroupsAreCentralized(boolean isCentralized, String account) throws Exception {
        byte[] text = """
                {"messageType":"DATA_MESSAGE","owner":"210987654321","logGroup":"/tributary-central/123456789012/us-east-1/x",
                "logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1772352900000,"message":"m"}]}
                """.getBytes(StandardCharsets.UTF_8);
        EnvelopeReader reader = new EnvelopeReader();
        reader.setCentralized(isCentralized);
        reader.begin(text, text.length, 0);
        assertThat(reader.nextEnvelope()).isTrue();
        assertThat(reader.origin().account()).isEqualTo(account);
    }
}
