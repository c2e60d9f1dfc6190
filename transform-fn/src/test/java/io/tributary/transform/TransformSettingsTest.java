package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.transform.logtype.Origin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformSettingsTest {
    private static final String SETTING = "tributary.log-groups";

    @Test
    void logGroupsAreReadWithTheirTypesAndFormats() {
        assertThat(TransformSettings.parseLogGroups(
                        SETTING,
                        " /a/* = cloudtrail ;;\n/b=vpc-flow-logs: ${version} ${srcaddr}\n ; /c = application;"))
                .containsExactly(
                        new LogGroup("/a/*", "cloudtrail", ""),
                        new LogGroup("/b", "vpc-flow-logs", "${version} ${srcaddr}"),
                        new LogGroup("/c", "application", ""));
        assertThat(TransformSettings.parseLogGroups(SETTING, " \n;")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a | expected \"log group pattern = type\"",
                "= cloudtrail | expected \"log group pattern = type\"",
                "/a = nothing | there is no log type \"nothing\"",
                "/a = cloudtrail: x | one format only",
                "/a = vpc-flow-logs: srcaddr srcaddr | twice",
                "/a = vpc-flow-logs: srcaddr, colour | colour",
                "/a = tgw-flow-logs: colour | colour"
            })
    void aWrongEntryIsToldWithItsSettingAndWhatToWrite(String text, String message) {
        assertThatThrownBy(() -> TransformSettings.parseLogGroups(SETTING, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(SETTING)
                .hasMessageContaining(message);
    }

    @Test
    void accountNamesAreRead() {
        assertThat(TransformSettings.parseAccountNames("s", List.of("123456789012=production", " 111122223333 = a=b ")))
                .isEqualTo(Map.of("123456789012", "production", "111122223333", "a=b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"production", "123=production", "123456789012=", "12345678901x=a"})
    void aWrongAccountNameIsTold(String entry) {
        assertThatThrownBy(() -> TransformSettings.parseAccountNames("tributary.account-names", List.of(entry)))
                .hasMessageStartingWith("tributary.account-names")
                .hasMessageContaining(entry);
    }

    @Test
    void sourcesMustExist() {
        assertThat(TransformSettings.parseSources("s", List.of(" cloudtrail", "waf")))
                .isEqualTo(Set.of("cloudtrail", "waf"));
        assertThatThrownBy(() -> TransformSettings.parseSources("tributary.raw-data", List.of("cloud-trail")))
                .hasMessageStartingWith("tributary.raw-data")
                .hasMessageContaining("cloud-trail")
                .hasMessageContaining("vpc-flow-logs");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, (1 << 20) - 1, (512 << 20) + 1})
    void theLargestExpansionHasBounds(int bytes) {
        assertThatThrownBy(() ->
                        TransformSettings.builder().maxExpandedBytes(bytes).build())
                .hasMessageContaining("tributary.max-expanded-bytes");
    }

    // ---- which log group is of which type

    @ParameterizedTest
    @CsvSource({
        "a*c, abc, true",
        "a*c, ac, true",
        "a*c, abcb, false",
        "*, '', true",
        "*, x, true",
        "**a, ba, true",
        "*a*b*, xaxbx, true",
        "*a*b*, xbxax, false",
        "a, a, true",
        "a, aa, false",
        "*aab, aaaab, true"
    })
    void aStarStandsForAnyText(String pattern, String logGroup, boolean matches) {
        assertThat(new LogGroup(pattern, "cloudtrail", "").matches(logGroup)).isEqualTo(matches);
    }

    @Property
    void patternsMatchAsRegularExpressionsWould(@ForAll("patterns") String pattern, @ForAll("names") String name) {
        assertThat(new LogGroup(pattern, "cloudtrail", "").matches(name))
                .isEqualTo(name.matches(pattern.replace("*", ".*")));
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("ab*").ofMinLength(1).ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ab").ofMaxLength(10);
    }

    @Test
    void anEmptyPatternIsRefused() {
        assertThatThrownBy(() -> new LogGroup(" ", "cloudtrail", "")).hasMessageContaining("empty");
    }

    @Test
    void aConfiguredLogGroupCountsBeforeTheTypesOwnPatternsAndTheFirstCounts() {
        TransformSettings settings = settings("/aws/lambda/trail = cloudtrail; /aws/lambda/* = application; * = waf");
        assertThat(source(settings, "/aws/lambda/trail")).isEqualTo("cloudtrail");
        assertThat(source(settings, "/aws/lambda/x")).isEqualTo("application");
        assertThat(source(settings, "anything")).isEqualTo("waf");
        assertThat(source(TransformSettings.DEFAULTS, "/aws/lambda/x")).isEqualTo("lambda");
        assertThat(source(TransformSettings.DEFAULTS, "anything")).isEqualTo("application");
    }

    private static String source(TransformSettings settings, String logGroup) {
        Origin origin = Origin.logGroup("123456789012", "", logGroup, "s", "");
        return Normalised.of(settings, origin, "text".getBytes(StandardCharsets.UTF_8))
                .source();
    }

    private static TransformSettings settings(String logGroups) {
        return TransformSettings.builder()
                .logGroups(TransformSettings.parseLogGroups(SETTING, logGroups))
                .build();
    }
}
