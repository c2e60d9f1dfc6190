package io.tributary.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.yaml.YamlException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final String SETTINGS = """
            version: 1
            organization: {id: o-example1234, units: [r-ab12], management account: "123456789012"}
            logging: {account: "210987654321", home region: eu-central-1}
            regions: [us-east-1]
            stream: {shards: 8, retention days: 14}
            index: none
            alerts:
              security: {email: [security@example.com], least severity: high}
            accounts: {"123456789012": management}
            archive: {policy: policy.yaml}
            """;

    @TempDir
    private Path folder;

    @Test
    void theExampleIsRight() throws Exception {
        Settings settings = Settings.read(Path.of("../tributary.example.yaml"));
        assertThat(settings.regions()).containsExactly("eu-central-1", "us-east-1");
        assertThat(settings.otherRegions()).containsExactly("us-east-1");
        assertThat(settings.channels()).containsOnlyKeys("security", "chat");
        assertThat(settings.stream()).isEqualTo(new Settings.Stream(0, 7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            version: 1                    ~ version: 2                     ~ 1: expected an integer from 1 to 1
            o-example1234                 ~ example                        ~ 2: 'example' is not an organization such as
            r-ab12                        ~ everything                     ~ 2: 'everything' is not a root or organizational unit
            "123456789012"}               ~ "12345"}                       ~ 2: '12345' is not an account of 12 digits
            home region: eu-central-1     ~ home region: Frankfurt         ~ 3: 'Frankfurt' is not a Region such as
            shards: 8                     ~ shards: 0                      ~ 5: expected an integer from 1 to 500
            retention days: 14            ~ retention days: 366            ~ 5: expected an integer from 1 to 365
            index: none                   ~ index: elastic                 ~ 6: 'elastic' is none of domain, existing, ingestion
            index: none                   ~ index: existing                ~ 6: an existing domain is named
            index: none                   ~ 'index: {kind: existing, domain: search}' ~ 6: 'search' is not the ARN of a domain
            index: none                   ~ 'index: {kind: serverless, data nodes: 2}' ~ 6: only a domain of our own has nodes
            index: none                   ~ 'index: {kind: domain, data nodes: 1}' ~ 6: expected an integer from 2 to 80
            index: none                   ~ 'index: {kind: domain, data nodes: 5}' ~ 6: 5 data nodes cannot be spread evenly over two or three zones
            index: none                   ~ 'sources: {trusted origins: [{account: "123456789012", log group: "**"}]}' ~ 6: every log group of an account would speak for all others
            index: none                   ~ 'sources: {trusted origins: [{account: "123456789012", log group: "a,b"}]}' ~ 6: 'a,b' is not a log group's name, with *
            index: none                   ~ 'sources: {trusted origins: [{account: me, log group: trail}]}' ~ 6: 'me' is not an account of 12 digits
            index: none                   ~ 'sources: {trusted origins: [{account: "123456789012"}]}' ~ 6: 'log group' is missing
            index: none                   ~ 'index: {kind: domain, instance: big}' ~ 6: 'big' is not a type of instance
            index: none                   ~ 'sources: {vpc flow logs: [{account: "123456789012", region: eu-central-1, vpc: mine}]}' ~ 6: 'mine' is not a VPC
            index: none                   ~ 'sources: {log groups: [{account: "123456789012", region: eu-central-1}]}' ~ 6: 'name' is missing
            index: none                   ~ 'destinations: {splunk: {endpoint: "http://x", secret: s}}' ~ 6: 'http://x' is not an address such as https
            index: none                   ~ 'destinations: {redshift: {jdbc: "jdbc:redshift://x:1/d", table: t, secret: s}}' ~ 6: 's' is not the ARN of a secret
            index: none                   ~ 'sources: {log groups: some}'  ~ 6: log groups are all, centralized, or a list
            management}                   ~ '"a,b"}'                         ~ 9: an account's name may have no comma
            [security@example.com]        ~ [everybody]                    ~ 8: 'everybody' is not an address
            email: [security@example.com] ~ slack: {workspace: T0}         ~ 8: 'channel' is missing
            security:                     ~ Security Team:                 ~ 8: 'Security Team' is no name of a channel
            {"123456789012"               ~ {"production"                  ~ 9: 'production' is not an account of 12 digits
            policy: policy.yaml           ~ policy: other.yaml             ~ 10:
            """)
    void whatIsWrongIsToldWithItsLine(String good, String wrong, String problem) throws Exception {
        Files.writeString(folder.resolve("policy.yaml"), "version: 1\npreset: sox\n");
        Path file = folder.resolve("tributary.yaml");
        Files.writeString(file, SETTINGS);
        assertThat(Settings.read(file).policy()).contains("preset: sox");
        assertThat(SETTINGS).contains(good);
        Files.writeString(file, SETTINGS.replace(good, wrong));
        assertThatThrownBy(() -> Settings.read(file))
                .isInstanceOf(YamlException.class)
                .message()
                .startsWith(file + ":" + problem.strip());
    }

    @Test
    void aPolicyThatS3CannotKeepIsRefusedBeforeItIsDeployed() throws Exception {
        Files.writeString(folder.resolve("policy.yaml"), "version: 1\ndefaults: {retention: 5d}\n");
        Path file = folder.resolve("tributary.yaml");
        Files.writeString(file, SETTINGS);
        assertThatThrownBy(() -> Settings.read(file)).hasMessageContaining("policy.yaml:2: a retention of 5 days");
    }

    /** S3 refuses to lock objects in a bucket that was made without. */
    @Test
    void aPolicyThatLocksNeedsBucketsThatCan() throws Exception {
        Files.writeString(
                folder.resolve("policy.yaml"),
                "version: 1\nsources: {cloudtrail: {object lock: {mode: compliance, for: 30d}}}\n");
        Path file = folder.resolve("tributary.yaml");
        Files.writeString(file, SETTINGS);
        assertThatThrownBy(() -> Settings.read(file))
                .hasMessageStartingWith(file + ":10: ")
                .hasMessageContaining("logging: {object lock: true}");
        Files.writeString(file, SETTINGS.replace("eu-central-1}", "eu-central-1, object lock: true}"));
        assertThat(Settings.read(file).isLocked()).isTrue();
    }

    @Test
    void namesThatAFunctionsEnvironmentDoesNotHoldAreRefused() throws Exception {
        Files.writeString(folder.resolve("policy.yaml"), "version: 1\n");
        StringBuilder names = new StringBuilder("accounts: {");
        for (int i = 0; i < 30; i++) {
            // of two bytes each
            names.append("\"")
                    .append(100_000_000_000L + i)
                    .append("\": ")
                    .append("ü".repeat(25))
                    .append(", ");
        }
        Path file = folder.resolve("tributary.yaml");
        Files.writeString(
                file,
                SETTINGS.replace(
                        "accounts: {\"123456789012\": management}",
                        names.append("}").toString()));
        assertThatThrownBy(() -> Settings.read(file)).hasMessageStartingWith(file + ":9: names: more than 1500 bytes");
    }

    /** The log group of a trail is its maker's, the trail itself the management account's. */
    @Test
    void theTrailsOriginIsTheAccountThatMakesIt() throws Exception {
        Files.writeString(folder.resolve("policy.yaml"), "version: 1\n");
        Path file = folder.resolve("tributary.yaml");
        Files.writeString(file, SETTINGS);
        assertThat(Settings.read(file).origins())
                .containsExactly(new Settings.Origin("123456789012", "/tributary-cloudtrail"));
        Files.writeString(
                file,
                SETTINGS.replace(
                        "management account: \"123456789012\"",
                        "management account: \"123456789012\", delegated administrator: \"345678901234\""));
        assertThat(Settings.read(file).origins())
                .containsExactly(new Settings.Origin("345678901234", "/tributary-cloudtrail"));
    }
}
