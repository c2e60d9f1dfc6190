package io.tributary.infra;

import static io.tributary.infra.Templates.resources;
import static io.tributary.infra.Templates.text;
import static io.tributary.infra.Templates.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each role may do in the buckets, and what nobody may. */
class ArchiveAccessTest {
    private static final Pattern CHANGES = Pattern.compile("s3:(Put|Delete|Abort|Restore|Bypass|Replicate|\\*).*");

    static List<String> logging() {
        return Templates.ofLogging();
    }

    /** Whoever delivers adds objects where they belong, and can neither delete nor lock any. */
    @ParameterizedTest
    @MethodSource("logging")
    void aStreamOnlyAddsObjectsInItsOwnPlace(String name) throws Exception {
        Map<String, Set<String>> changes = changes(name, "Delivery|Copies|Pipeline");
        assertThat(changes.keySet()).as(name).isSubsetOf("s3:AbortMultipartUpload", "s3:PutObject");
        assertThat(changes.get("s3:PutObject"))
                .as(name)
                .allMatch(
                        place -> place.matches(
                                "<StorageArchive.*>/(events|raw|failed|failed/[a-z]+)/\\*|<StorageWork.*>/(redshift|manifests|errors)/\\*"));
    }

    @Test
    void theArchiveStreamWritesEventsSourcesAndWhatFailed() throws Exception {
        assertThat(places(changes("small/TributaryLogging", "IngestionDelivery"), "s3:PutObject"))
                .containsExactlyInAnyOrder("Archive/events/*", "Archive/failed/*", "Archive/raw/*");
        assertThat(places(changes("existing/TributaryLogging", "SearchStreamDelivery"), "s3:PutObject"))
                .containsExactly("Archive/failed/index/*");
    }

    @Test
    void theArchiveFunctionChangesThePrefixesThatAreIts() throws Exception {
        Map<String, Set<String>> changes = changes("small/TributaryLogging", "ArchivingArchiveRole");
        assertThat(places(changes, "s3:PutObject"))
                .containsExactlyInAnyOrder(
                        "Archive/archive/*",
                        "Archive/failed/compaction/*",
                        "Archive/manifests/*",
                        "Archive/reports/*",
                        "Archive/restore/*",
                        "ChainHeads/*");
        assertThat(places(changes, "s3:DeleteObject"))
                .containsExactlyInAnyOrder(
                        "Archive/archive/*", "Archive/events/*", "Archive/manifests/*", "Archive/restore/*");
        assertThat(changes.keySet())
                .doesNotContain("s3:PutObjectRetention", "s3:PutObjectLegalHold", "s3:DeleteObjectVersion");
        assertThat(changes("organization/TributaryLogging", "ArchivingArchiveRole"))
                .as("a bucket with Object Lock")
                .containsKey("s3:PutObjectRetention");
    }

    /** CloudTrail's files are left alone unless the policy archives them, too. */
    @Test
    void theBucketOfTheTrailIsOnlyReadUnlessItsFilesAreArchived() throws Exception {
        assertThat(changes("small/TributaryLogging", "ArchivingArchiveRole").values().stream()
                        .flatMap(Set::stream)
                        .filter(place -> place.contains("StorageTrail")))
                .isEmpty();
        Map<String, Set<String>> changes = changes("organization/TributaryLogging", "ArchivingArchiveRole");
        assertThat(places(changes, "s3:PutObject"))
                .contains("Trail/archive/*", "Trail/manifests/*", "Trail/failed/compaction/*")
                .doesNotContain("Trail/cloudtrail/*");
        assertThat(places(changes, "s3:DeleteObject")).contains("Trail/cloudtrail/*", "Trail/archive/*");
    }

    @ParameterizedTest
    @MethodSource("logging")
    void nobodyDeletesAVersionOrLiftsALock(String name) throws Exception {
        for (String bucket : List.of("StorageArchive", "StorageTrail", "StorageChainHeads")) {
            List<JsonNode> denials = denials(name, bucket);
            assertThat(denials.stream().flatMap(denial -> texts(denial.path("Action")).stream()))
                    .as(name + " " + bucket)
                    .contains("s3:DeleteObjectVersion", "s3:BypassGovernanceRetention", "s3:PutObjectLegalHold");
            assertThat(denials)
                    .allMatch(denial -> denial.at("/Principal/AWS").asText().equals("*"));
            for (JsonNode denial : denials) {
                switch (denial.path("Sid").asText()) {
                    // a hold may be put, and not lifted
                    case "KeepLegalHolds" ->
                        assertThat(denial.path("Condition").toString())
                                .isEqualTo("{\"StringEquals\":{\"s3:object-lock-legal-hold\":\"OFF\"}}");
                    // the stack itself makes them
                    case "KeepRules" ->
                        assertThat(text(denial.at("/Condition/ArnNotLike/aws:PrincipalArn")))
                                .endsWith(":iam::210987654321:role/cdk-*-cfn-exec-role-*");
                    // a head is made once
                    case "KeepFirst" ->
                        assertThat(denial.path("Condition")).isEqualTo(new ObjectMapper().readTree("""
                                        {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}}"""));
                    default -> assertThat(denial.has("Condition")).isFalse();
                }
            }
        }
    }

    /** Who can delete the archive cannot delete what its chains must end with. */
    @ParameterizedTest
    @MethodSource("logging")
    void theHeadsOfTheChainsAreKeptFromEverybody(String name) throws Exception {
        JsonNode heads = resources(name, "AWS::S3::Bucket").entrySet().stream()
                .filter(bucket -> bucket.getKey().startsWith("StorageChainHeads"))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(heads.path("BucketName").asText()).isEqualTo("tributary-chain-heads-210987654321-eu-central-1");
        assertThat(heads.path("ObjectLockEnabled").asBoolean()).isTrue();
        assertThat(heads.at("/VersioningConfiguration/Status").asText()).isEqualTo("Enabled");
        assertThat(denials(name, "StorageChainHeads").stream().flatMap(denial -> texts(denial.path("Action")).stream()))
                .contains("s3:DeleteObject", "s3:PutLifecycleConfiguration");
        assertThat(heads.at("/ObjectLockConfiguration/Rule/DefaultRetention/Mode")
                        .asText())
                .isEqualTo("GOVERNANCE");
        // longer than the archive keeps anything: 180 days by the preset minimal, 366 by pci-dss
        int days = name.startsWith("organization/") ? 366 + 60 : 180 + 60;
        assertThat(heads.at("/ObjectLockConfiguration/Rule/DefaultRetention/Days")
                        .asInt())
                .isEqualTo(days);
        assertThat(heads.at("/LifecycleConfiguration/Rules/0/ExpirationInDays").asInt())
                .isEqualTo(days);
        assertThat(resources(name, "AWS::Lambda::Function").values().stream()
                        .map(function -> text(function.at("/Environment/Variables/TRIBUTARY_CHAIN_HEADS_BUCKET")))
                        .filter(bucket -> bucket.startsWith("<StorageChainHeads")))
                .hasSize(1);
    }

    private static List<JsonNode> denials(String name, String bucket) throws Exception {
        List<JsonNode> denials = new ArrayList<>();
        resources(name, "AWS::S3::BucketPolicy").forEach((id, policy) -> {
            if (text(policy.path("Bucket")).startsWith("<" + bucket)) {
                policy.at("/PolicyDocument/Statement").forEach(statement -> {
                    if (statement.path("Effect").asText().equals("Deny")
                            && !statement.toString().contains("aws:SecureTransport")
                            && !statement.toString().contains("s3:TlsVersion")) {
                        denials.add(statement);
                    }
                });
            }
        });
        return denials;
    }

    /** What changes something in a bucket, by action: the resources of roles whose logical id begins with an expression. */
    private static Map<String, Set<String>> changes(String name, String role) throws Exception {
        Map<String, Set<String>> changes = new TreeMap<>();
        Pattern pattern = Pattern.compile(".*(" + role + ").*");
        resources(name, "AWS::IAM::Policy").forEach((id, policy) -> {
            if (pattern.matcher(id).matches()) {
                for (JsonNode statement : policy.at("/PolicyDocument/Statement")) {
                    texts(statement.path("Action")).stream()
                            .filter(action -> CHANGES.matcher(action).matches())
                            .filter(action -> !action.equals("s3:PutLifecycleConfiguration"))
                            .forEach(action -> changes.computeIfAbsent(action, any -> new TreeSet<>())
                                    .addAll(texts(statement.path("Resource"))));
                }
            }
        });
        return changes;
    }

    /** Without the parts of logical ids that say nothing. */
    private static Set<String> places(Map<String, Set<String>> changes, String action) {
        return changes.getOrDefault(action, Set.of()).stream()
                .map(place -> place.replaceFirst("<Storage([A-Za-z]+?)[0-9A-F]{8}\\.Arn>", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
