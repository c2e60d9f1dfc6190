package io.tributary.archive.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tributary.archive.Lock;
import io.tributary.archive.StorageClass;
import io.tributary.archive.Term;
import io.tributary.archive.lifecycle.Lifecycle;
import io.tributary.archive.lifecycle.LifecycleRule;
import io.tributary.archive.policy.SourcePolicy.ObjectLock;
import io.tributary.yaml.YamlException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArchivePolicyTest {
    private static final String POLICY = """
            version: 1
            preset: pci-dss
            defaults:
              searchable: 60d
              classes:
                - {class: glacier-ir, after: 0d}
                - {class: deep-archive, after: 180d}
              retention: 3y
            sources:
              cloudtrail:
                retention: 7y
                object lock: {mode: compliance, for: 365d}
              vpc-flow-logs:
                classes: [{class: glacier, after: 0d}]
                retention: 90d
            raw: {retention: 120d, class: {class: standard-ia, after: 30d}}
            failed: {retention: 1y}
            """;

    @Test
    void aSourceHasItsOwnAndTheRestOfTheDefaults() throws YamlException {
        ArchivePolicy policy = ArchivePolicy.parse("p.yaml", POLICY);
        assertThat(policy.sources().keySet()).containsExactlyInAnyOrderElementsOf(ArchivePolicy.SOURCES);
        List<ClassChange> usual =
                List.of(new ClassChange(StorageClass.GLACIER_IR, 0), new ClassChange(StorageClass.DEEP_ARCHIVE, 180));
        assertThat(policy.sources().get("waf")).isEqualTo(new SourcePolicy(60, usual, 3 * 366, Optional.empty()));
        assertThat(policy.sources().get("cloudtrail"))
                .isEqualTo(
                        new SourcePolicy(60, usual, 7 * 366, Optional.of(new ObjectLock(Lock.Mode.COMPLIANCE, 365))));
        assertThat(policy.sources().get("vpc-flow-logs").classes())
                .containsExactly(new ClassChange(StorageClass.GLACIER, 0));
        assertThat(policy.raw().change()).contains(new ClassChange(StorageClass.STANDARD_IA, 30));
        assertThat(policy.failed().retentionDays()).isEqualTo(366);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void aPresetIsAWholePolicy(Preset preset) throws YamlException {
        String name = preset.name().toLowerCase(Locale.ROOT).replace('_', '-');
        ArchivePolicy policy = ArchivePolicy.parse("p.yaml", "version: 1\npreset: " + name + "\ndefaults: {}\n");
        assertThat(policy.sources().values()).containsOnly(preset.policy());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            version: 1                        ~ version: 2                          ~ p.yaml:1: expected an integer from 1 to 1
            preset: pci-dss                   ~ preset: gdpr                        ~ p.yaml:2: 'gdpr' is none of pci-dss
            searchable: 60d                   ~ searchable: soon                    ~ p.yaml:4: 'soon' is no time such as 90d or 7y
            searchable: 60d                   ~ searching: 60d                      ~ p.yaml:4: 'searching' is not known here
            class: glacier-ir, after: 0d      ~ class: glacier-ir, after: 1d        ~ p.yaml:6: the first class is the one that compacted
            deep-archive, after: 180d         ~ standard-ia, after: 180d            ~ p.yaml:7: S3 moves objects down only
            deep-archive, after: 180d         ~ deep-archive, after: 89d            ~ p.yaml:7: S3 moves objects from glacier-ir to deep-archive after 90 days
            retention: 3y                     ~ retention: 359d                     ~ p.yaml:8: a retention of 359 days ends before the 180 days
            retention: 90d                    ~ retention: 89d                      ~ p.yaml:15: a retention of 89 days ends before the 90 days
            for: 365d                         ~ for: 8y                             ~ p.yaml:12: an object lock of 2928 days outlasts
            mode: compliance                  ~ mode: strict                        ~ p.yaml:12: 'strict' is none of governance, compliance
            standard-ia, after: 30d           ~ standard-ia, after: 29d             ~ p.yaml:16: S3 moves objects from standard to standard-ia after 30 days
            retention: 120d                   ~ retention: 59d                      ~ p.yaml:16: a retention of 59 days ends before the 30 days
            vpc-flow-logs                     ~ netflow                             ~ p.yaml:13: 'netflow' is not known here
            retention: 7y                     ~ accounts: {}                        ~ p.yaml:11: the layout is not partitioned by account
            """)
    void whatS3CannotDoIsRefusedWithItsLineAndRule(String good, String wrong, String problem) {
        assertThat(POLICY).contains(good);
        assertThatThrownBy(() -> ArchivePolicy.parse("p.yaml", POLICY.replace(good, wrong)))
                .isInstanceOf(YamlException.class)
                .message()
                .startsWith(problem);
    }

    @Test
    void cloudTrailsOwnFilesAreLeftAloneUnlessThePolicyNamesThem() throws YamlException {
        assertThat(ArchivePolicy.parse("p.yaml", "version: 1\n").trailFiles()).isEmpty();
        assertThat(Lifecycle.ofTrail(ArchivePolicy.parse("p.yaml", "version: 1\n")))
                .isEmpty();
        ArchivePolicy policy =
                ArchivePolicy.parse("p.yaml", "version: 1\npreset: sox\ntrail files: {searchable: 400d}\n");
        assertThat(policy.trailFiles().orElseThrow().searchableDays()).isEqualTo(400);
        assertThat(Lifecycle.ofTrail(policy))
                .extracting(LifecycleRule::id, LifecycleRule::prefix, LifecycleRule::expireDays)
                .containsExactly(
                        tuple("tributary-archive-trail", "archive/", 7 * 366),
                        tuple("tributary-leftovers", "", 0),
                        tuple("tributary-manifests-trail", "manifests/", 7 * 366 + 30),
                        tuple("tributary-trail", "cloudtrail/", 400 + 7 * 366));
    }

    /** A manifest of a large part is larger than what S3 leaves in its class by itself. */
    @Test
    void nothingPutsManifestsToSleep() throws YamlException {
        for (Preset preset : Preset.values()) {
            ArchivePolicy policy = ArchivePolicy.parse(
                    "p.yaml",
                    "version: 1\npreset: "
                            + preset.name().toLowerCase(Locale.ROOT).replace('_', '-')
                            + "\ntrail files: {searchable: 400d}\n");
            List<LifecycleRule> rules = new ArrayList<>(Lifecycle.of(policy));
            rules.addAll(Lifecycle.ofTrail(policy));
            assertThat(rules)
                    .filteredOn(rule -> !rule.transitions().isEmpty())
                    .noneMatch(rule ->
                            "manifests/source=waf/date=2026-03-01/manifest-00000000.json".startsWith(rule.prefix()));
        }
    }

    /** Rules go by each object's own age: of the same days, a manifest might go before its part, and a head before its manifest. */
    @Test
    void manifestsOutliveTheirPartsAndHeadsTheirManifests() throws YamlException {
        ArchivePolicy policy = ArchivePolicy.parse("p.yaml", POLICY);
        List<LifecycleRule> rules = Lifecycle.of(policy);
        for (String source : ArchivePolicy.SOURCES) {
            int parts = days(rules, "tributary-archive-" + source);
            int manifests = days(rules, "tributary-manifests-" + source);
            assertThat(manifests).isEqualTo(parts + 30);
            assertThat(Lifecycle.headDays(policy)).isGreaterThanOrEqualTo(manifests + 30);
        }
    }

    private static int days(List<LifecycleRule> rules, String id) {
        return rules.stream()
                .filter(rule -> rule.id().equals(id))
                .mapToInt(LifecycleRule::expireDays)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPartAndItsManifestAreKeptForTheRetentionFromNow() throws YamlException {
        SourcePolicy policy = ArchivePolicy.parse("p.yaml", POLICY).sources().get("cloudtrail");
        assertThat(policy.keeping(Instant.EPOCH).term())
                .isEqualTo(new Term(Instant.EPOCH, Instant.EPOCH.plus(Duration.ofDays(7 * 366))));
    }

    @Test
    void aLockIsForTheDaysFromNow() throws YamlException {
        SourcePolicy policy = ArchivePolicy.parse("p.yaml", POLICY).sources().get("cloudtrail");
        assertThat(policy.keeping(Instant.EPOCH).lock())
                .contains(new Lock(Lock.Mode.COMPLIANCE, Instant.EPOCH.plus(Duration.ofDays(365))));
    }

    @Test
    void aDayIsClosedWhenNobodySearchesItAnyMore() throws YamlException {
        SourcePolicy policy = ArchivePolicy.parse("p.yaml", POLICY).sources().get("cloudtrail");
        LocalDate day = LocalDate.parse("2026-03-01");
        assertThat(policy.isClosed(day, day.plusDays(60))).isFalse();
        assertThat(policy.isClosed(day, day.plusDays(61))).isTrue();
    }
}
