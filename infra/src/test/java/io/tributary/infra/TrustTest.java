package io.tributary.infra;

import static io.tributary.infra.Templates.resource;
import static io.tributary.infra.Templates.text;
import static io.tributary.infra.Templates.texts;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is believed: the origins that may speak for other accounts. */
class TrustTest {
    /** CloudTrail wants the log group in the account that makes the trail, whose it is. */
    @ParameterizedTest
    @CsvSource({
        "small, 123456789012:/tributary-cloudtrail",
        "serverless, 345678901234:/tributary-cloudtrail",
        "organization, '123456789012:/tributary-cloudtrail,345678901234:/security/findings*'",
        "s3-only, ''"
    })
    void theTransformFunctionKnowsWhoMaySpeakForOthers(String settings, String origins) throws Exception {
        assertThat(TemplatesTest.setting(settings, "TRIBUTARY_TRUSTED_ORIGINS")).isEqualTo(origins);
        if (!origins.isEmpty()) {
            assertThat(resource(settings + "/TributaryOrganization", "AWS::Logs::LogGroup")
                            .path("LogGroupName")
                            .asText())
                    .isEqualTo("/tributary-cloudtrail");
        }
    }

    @Test
    void aSubscriptionSaysWhoseLogsItSendsWhereCloudWatchLogsTakesThat() throws Exception {
        assertThat(texts(resource("serverless/Member", "AWS::Logs::SubscriptionFilter")
                        .path("EmitSystemFields")))
                .containsExactly("@aws.account", "@aws.region");
        // an account-level policy knows four members, and these are not among them
        assertThat(text(resource("small/Member", "AWS::Logs::AccountPolicy").path("PolicyDocument")))
                .doesNotContain("@aws");
    }
}
