package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.transform.logtype.Origin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
    private static final String LOGGING = "210987654321";

    private static Origin origin(TransformSettings.Builder settings, String owner, String logGroup) {
        return new Origins(settings.build()).of(owner, "eu-central-1", logGroup, "s", false);
    }

    private static TransformSettings.Builder trusting(String... origins) {
        return TransformSettings.builder()
                .trustedOrigins(TransformSettings.parseTrustedOrigins("tributary.trusted-origins", List.of(origins)));
    }

    @ParameterizedTest
    @CsvSource({
        "111122223333, /tributary-cloudtrail, true",
        // of another account, of another name, of another case: CloudWatch Logs tells names apart by it
        "123456789012, /tributary-cloudtrail, false",
        "111122223333, /tributary-cloudtrail-2, false",
        "111122223333, x/tributary-cloudtrail, false",
        "111122223333, /Tributary-CloudTrail, false",
        "123456789012, /findings/a, true",
        "123456789012, /findings, false",
        "'', /tributary-cloudtrail, false",
    })
    void onlyConfiguredLogGroupsSpeakForOthers(String owner, String logGroup, boolean isTrusted) {
        Origin origin =
                origin(trusting("111122223333:/tributary-cloudtrail", " 123456789012 : /findings/* "), owner, logGroup);
        assertThat(origin.isTrusted()).isEqualTo(isTrusted);
        assertThat(origin.account()).isEqualTo(owner);
    }

    @Test
    void whatComesWithoutAnEnvelopeIsTrusted() {
        assertThat(Origin.eventBus("123456789012", "eu-central-1").isTrusted()).isTrue();
    }

    /** On AWS nobody vouches, whatever an envelope says. */
    @ParameterizedTest
    @CsvSource({"true, true, true", "true, false, false", "false, true, false"})
    void aFileIsTrustedWhereFilesAreAccepted(boolean acceptsFiles, boolean isFile, boolean isTrusted) throws Exception {
        TransformSettings settings =
                TransformSettings.builder().acceptsFiles(acceptsFiles).build();
        String envelope = Envelopes.data("123456789012", "x", "a", List.of("m"));
        byte[] text = (isFile ? "{\"tributary.file\":true," + envelope.substring(1) : envelope)
                .getBytes(StandardCharsets.UTF_8);
        EnvelopeReader reader = new EnvelopeReader(new Origins(settings));
        reader.begin(text, text.length, 0);
        assertThat(reader.nextEnvelope()).isTrue();
        assertThat(reader.origin().isTrusted()).isEqualTo(isTrusted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "12345:/a", "123456789012", "123456789012:", "*:/a", "*:*", "12345678901x:/a"})
    void aTrustedOriginNamesAnAccountAndALogGroup(String text) {
        assertThatThrownBy(() -> trusting(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tributary.trusted-origins: expected \"12-digit account id:log group\", found");
    }

    // ---- copies by CloudWatch's centralization

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
    void aCopysNameSaysWhoseItIs(String logGroup, String account, String region, String name) {
        assertThat(origin(TransformSettings.builder().centralizationAccount(LOGGING), LOGGING, logGroup))
                .isEqualTo(Origin.logGroup(account, region, name, "s", ""));
    }

    /** Anybody may call a log group so. */
    @Test
    void aCopysNameCountsOnlyInTheAccountThatCopiesAreMadeTo() {
        String forged = "/tributary-central/123456789012/us-east-1/x";
        Origin asItIs = Origin.logGroup("999999999999", "eu-central-1", forged, "s", "");
        assertThat(origin(TransformSettings.builder().centralizationAccount(LOGGING), "999999999999", forged))
                .isEqualTo(asItIs);
        assertThat(origin(TransformSettings.builder(), "999999999999", forged)).isEqualTo(asItIs);
    }

    @Test
    void aCopyOfATrustedLogGroupIsTrusted() {
        TransformSettings.Builder settings =
                trusting("111122223333:/tributary-cloudtrail").centralizationAccount(LOGGING);
        assertThat(origin(settings, LOGGING, "/tributary-central/111122223333/eu-central-1//tributary-cloudtrail")
                        .isTrusted())
                .isTrue();
        assertThat(origin(settings, LOGGING, "/tributary-central/123456789012/eu-central-1//tributary-cloudtrail")
                        .isTrusted())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "12345", "12345678901x"})
    void theAccountOfCopiesIsAnAccount(String text) {
        assertThatThrownBy(() ->
                        TransformSettings.builder().centralizationAccount(text).build())
                .hasMessageStartingWith("tributary.centralization-account: expected a 12-digit account id, found");
    }
}
