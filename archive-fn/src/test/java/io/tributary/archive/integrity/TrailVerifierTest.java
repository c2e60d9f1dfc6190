package io.tributary.archive.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.EventObjects;
import io.tributary.archive.FakeStore;
import io.tributary.archive.Partition;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.ChainHeads;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.Digests;
import io.tributary.archive.compaction.Manifest;
import io.tributary.archive.compaction.SameThread;
import io.tributary.archive.compaction.WorkItem;
import io.tributary.archive.integrity.DigestVerifier.Finding;
import io.tributary.archive.integrity.DigestVerifier.Problem;
import io.tributary.archive.integrity.TrailVerifier.Verified;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A trail of two accounts in two Regions over two days, as it was delivered and after its files were compacted. */
class TrailVerifierTest {
    private static final String BUCKET = "example-trail";
    private static final String ROOT = "cloudtrail/AWSLogs/o-example123/";
    private static final List<String> ACCOUNTS = List.of("123456789012", "210987654321");
    private static final List<String> REGIONS = List.of("eu-central-1", "us-east-1");
    private static final LocalDate DAY = LocalDate.parse("2026-03-01");
    private static final Instant START = Instant.parse("2026-02-28T23:00:00Z");
    private static final int HOURS = 49;
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final DateTimeFormatter SECONDS = format("yyyyMMdd'T'HHmmss'Z'");
    private static final DateTimeFormatter MINUTES = format("yyyyMMdd'T'HHmm'Z'");
    private static final DateTimeFormatter FOLDER = format("yyyy/MM/dd/");

    private static KeyPair keys;

    private final FakeStore store = new FakeStore();

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
    }

    @BeforeEach
    void log() throws GeneralSecurityException {
        for (String account : ACCOUNTS) {
            for (String region : REGIONS) {
                chain(account, region);
            }
        }
    }

    @Test
    void aTrailAsItWasDeliveredIsIntact() throws IOException {
        List<Verified> verified = verify();
        assertThat(verified).hasSize(4);
        assertThat(verified).allSatisfy(each -> {
            assertThat(each.result().findings()).isEmpty();
            assertThat(each.result().digests()).isEqualTo(HOURS);
            assertThat(each.result().logFiles()).isEqualTo(HOURS * 2);
            assertThat(each.chain().trail()).isEqualTo("organization");
        });
    }

    @ParameterizedTest
    @EnumSource(StorageClass.class)
    void itIsIntactAfterItsFilesWereCompacted(StorageClass storageClass) throws IOException {
        int archived = compact(storageClass);
        assertThat(archived).isEqualTo(4 * HOURS * 2);
        assertThat(store.keys(ROOT)).allMatch(key -> key.contains("/CloudTrail-Digest/"));
        List<Verified> verified = verify();
        assertThat(verified).hasSize(4).allSatisfy(each -> {
            assertThat(each.result().findings()).isEmpty();
            assertThat(each.result().logFiles()).isEqualTo(HOURS * 2);
        });
    }

    @Test
    void aDayWithoutDigestsIsAGapWhereThereAreLogFiles() throws IOException {
        store.delete(store.keys(ROOT).stream()
                .filter(key -> key.contains("/CloudTrail-Digest/") && key.contains("/123456789012/"))
                .toList());
        List<Verified> verified = verify();
        assertThat(verified).hasSize(4);
        assertThat(verified)
                .filteredOn(each -> each.chain().folder().contains("/123456789012/"))
                .hasSize(2)
                .allSatisfy(each -> {
                    assertThat(each.chain().trail()).isEmpty();
                    assertThat(each.result().findings()).singleElement().satisfies(finding -> {
                        assertThat(finding.problem()).isEqualTo(Problem.GAP);
                        assertThat(finding.explanation()).contains("vouches for " + HOURS * 2 + " log files");
                    });
                });
    }

    @Test
    void aDayWithoutDigestsIsAGapWhereThereWereSomeTheDayBefore() throws IOException {
        store.delete(store.keys(ROOT + "123456789012/").stream()
                .filter(key -> key.contains("/2026/03/02/") || key.contains("/2026/03/03/"))
                .toList());
        List<Verified> verified = verify(DAY.plusDays(1), DAY.plusDays(2), NOW);
        assertThat(verified).hasSize(4);
        assertThat(verified)
                .filteredOn(each -> each.chain().folder().contains("/123456789012/"))
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.result().findings())
                        .extracting(Finding::problem)
                        .as("and the last files of the day before are vouched for by none")
                        .containsExactlyInAnyOrder(Problem.GAP, Problem.LOG_UNKNOWN, Problem.LOG_UNKNOWN));
    }

    @Test
    void aDayWithoutDigestsIsAGapAfterItsFilesWereCompacted() throws IOException {
        compact(StorageClass.GLACIER);
        store.delete(store.keys(ROOT));
        assertThat(verify()).hasSize(4);
        assertThat(problems()).containsExactly(Problem.GAP);
    }

    /** In the last hour of the day, whose digest is of the next. */
    @Test
    void aFileThatWasAddedAtTheEndIsFoundAsSoonAsItsDigestIsThere() throws IOException {
        String added = logKey("123456789012", "eu-central-1", 47, 5);
        assertThat(added).contains("20260302T2310Z");
        store.put(added, gzip("{\"Records\":[]}"));
        Finding unknown = new Finding(Problem.LOG_UNKNOWN, BUCKET + "/" + added, "no digest names it");
        assertThat(findings(DAY, DAY.plusDays(2), NOW)).as("the scheduled run").containsExactly(unknown);
        Instant early = Instant.parse("2026-03-03T00:20:00Z");
        assertThat(findings(DAY.plusDays(1), DAY.plusDays(2), early))
                .as("its digest is there")
                .containsExactly(unknown);
        store.delete(store.keys(ROOT).stream()
                .filter(key -> key.contains("_20260303T000000Z"))
                .toList());
        assertThat(findings(DAY.plusDays(1), DAY.plusDays(2), early))
                .as("its digest may still come")
                .isEmpty();
        Instant late = Instant.parse("2026-03-03T03:00:00Z");
        assertThat(findings(DAY.plusDays(1), DAY.plusDays(2), late))
                .as("it is overdue, and so are those of the others")
                .contains(unknown)
                .extracting(Finding::problem)
                .contains(Problem.GAP);
    }

    /** What was too fresh the time before is of the day before, then. */
    @Test
    void whatWasTooFreshIsJudgedByTheNextRun() throws IOException {
        String added = logKey("123456789012", "eu-central-1", 23, 5);
        assertThat(added).contains("20260301T2310Z");
        store.put(added, gzip("{\"Records\":[]}"));
        assertThat(findings(DAY.plusDays(1), DAY.plusDays(2), NOW))
                .containsExactly(new Finding(Problem.LOG_UNKNOWN, BUCKET + "/" + added, "no digest names it"));
    }

    @Test
    void theDigestOfTheDayBeforeHasToBeTheOneThatTheFirstNames() throws IOException {
        String before = digestKey("123456789012", "eu-central-1", 20);
        byte[] content = store.get(before);
        store.put(
                before,
                gzip("{\"digestStartTime\":\"2026-03-01T19:00:00Z\",\"digestEndTime\":\"2026-03-01T20:00:00Z\"}"));
        assertThat(findings(DAY.plusDays(1), DAY.plusDays(2), NOW))
                .extracting(Finding::problem)
                .containsExactly(Problem.DIGEST_CHANGED);
        assertThat(content).isNotEmpty();
        store.delete(List.of(before));
        assertThat(findings(DAY.plusDays(1), DAY.plusDays(2), NOW))
                .extracting(Finding::problem)
                .containsExactly(Problem.DIGEST_MISSING);
    }

    @Test
    void whatADigestNamesElsewhereIsMissedAndNotRead() throws IOException {
        String first = digestKey("123456789012", "eu-central-1", 0);
        store.put(
                first,
                gzip("{\"digestStartTime\":\"2026-02-28T23:00:00Z\",\"digestEndTime\":\"2026-03-01T00:00:00Z\","
                        + "\"digestS3Bucket\":\"example-trail\",\"digestS3Object\":\"" + first + "\","
                        + "\"previousDigestS3Object\":\"../../etc/passwd\","
                        + "\"logFiles\":[{\"s3Bucket\":\"example-trail\",\"s3Object\":\"/etc/passwd\"}]}"),
                Map.of("backfill-generation-timestamp", "never"));
        assertThat(findings())
                .extracting(Finding::problem)
                .contains(Problem.LOG_MISSING, Problem.DIGEST_MISSING, Problem.DIGEST_CHANGED);
    }

    @Test
    void aRegionThatThereIsNotKeepsNoOtherFromBeingVerified() throws IOException {
        String digest = digestKey("123456789012", "eu-central-1", 3);
        store.put(digest.replace("eu-central-1", "nowhere-1"), store.get(digest));
        List<Verified> verified = new TrailVerifier(
                        new Chains(store, ChainHeads.NONE, () -> NOW), BUCKET, region -> (begin, end) -> {
                            if (region.equals("nowhere-1")) {
                                throw new IOException("no such host");
                            }
                            return Map.of("fingerprint", keys.getPublic());
                        })
                .verify("cloudtrail/AWSLogs/", DAY, DAY.plusDays(2));
        assertThat(verified).hasSize(5);
        assertThat(verified)
                .filteredOn(each -> !each.result().isIntact())
                .singleElement()
                .satisfies(each -> assertThat(each.result().findings())
                        .extracting(Finding::problem)
                        .contains(Problem.KEY_UNKNOWN, Problem.DIGEST_MOVED));
    }

    /** As S3's console makes them. */
    @Test
    void emptyObjectsForFoldersHideNothing() throws IOException {
        for (String folder :
                List.of("cloudtrail/", "cloudtrail/AWSLogs/", ROOT, ROOT + "123456789012/", "manifests/")) {
            store.put(folder, "");
        }
        compact(StorageClass.STANDARD);
        assertThat(verify()).hasSize(4).allSatisfy(each -> {
            assertThat(each.result().findings()).isEmpty();
            assertThat(each.result().logFiles()).isEqualTo(HOURS * 2);
        });
    }

    @Test
    void eventsAndTimesOfCompactedFilesAreInTheManifest() throws IOException {
        compact(StorageClass.STANDARD);
        Partition partition = Partition.of(logKey("123456789012", "eu-central-1", 3, 0));
        Manifest manifest = EventObjects.manifests(store, partition).get(0);
        assertThat(manifest.sources()).hasSize(48);
        assertThat(manifest.part().events()).isEqualTo(48 * 2);
        Manifest.Source source = manifest.sources().get(0);
        assertThat(source.events()).isEqualTo(2);
        assertThat(Instant.ofEpochMilli(source.firstTime())).isEqualTo("2026-03-01T00:20:00Z");
        assertThat(source.members()).singleElement().satisfies(member -> {
            assertThat(member.account()).isEqualTo("123456789012");
            assertThat(member.region()).isEqualTo("eu-central-1");
            assertThat(member.length()).isEqualTo(source.length());
        });
    }

    @Test
    void aFileThatWasChangedWithinItsPartIsFound() throws IOException {
        compact(StorageClass.STANDARD);
        Partition partition = Partition.of(logKey("123456789012", "eu-central-1", 3, 0));
        Manifest.Part part = EventObjects.manifests(store, partition).get(0).part();
        byte[] content = store.get(part.key());
        content[40] ^= 1;
        store.put(part.key(), content);
        assertThat(problems()).contains(Problem.LOG_CHANGED).doesNotContain(Problem.LOG_MISSING);
        store.delete(List.of(part.key()));
        assertThat(problems()).contains(Problem.LOG_MISSING);
    }

    @Test
    void aFileThatIsLeftOutOfTheManifestIsMissing() throws IOException {
        String gone = logKey("123456789012", "eu-central-1", 3, 0);
        store.delete(List.of(gone));
        compact(StorageClass.GLACIER);
        assertThat(findings())
                .containsExactly(new Finding(Problem.LOG_MISSING, BUCKET + "/" + gone, "a digest names it"));
    }

    @Test
    void aFileThatWasAddedBeforeCompactionIsFoundAfterIt() throws IOException {
        String added = logKey("123456789012", "eu-central-1", 3, 2);
        store.put(added, gzip("{\"Records\":[]}"));
        compact(StorageClass.GLACIER);
        assertThat(findings())
                .containsExactly(new Finding(Problem.LOG_UNKNOWN, BUCKET + "/" + added, "no digest names it"));
    }

    @Test
    void digestsThatAreGoneAtTheEndAreFound() throws IOException {
        store.delete(
                List.of(digestKey("123456789012", "eu-central-1", 48), digestKey("123456789012", "eu-central-1", 47)));
        assertThat(problems()).contains(Problem.GAP);
    }

    @Test
    void aFileThatIsNoJsonIsSetAsideAndMissed() throws IOException {
        String bad = logKey("123456789012", "eu-central-1", 3, 0);
        store.put(bad, gzip("{\"Records\":[{\"eventTime\""));
        compact(StorageClass.STANDARD);
        assertThat(store.keys("failed/compaction/")).hasSize(2);
        assertThat(problems()).containsExactly(Problem.LOG_MISSING);
    }

    private int compact(StorageClass storageClass) throws IOException {
        int archived = 0;
        for (Partition partition : Partition.all(store, Partition.TRAIL_FILES)) {
            assertThat(partition.isTrail()).isTrue();
            archived += new Compactor(
                            EventObjects.chains(store), EventObjects.keeping(storageClass), () -> "n", new SameThread())
                    .compact(new WorkItem(partition, partition.loose(), partition.loose() + "~"))
                    .archived();
        }
        return archived;
    }

    private List<Verified> verify() throws IOException {
        return verify(DAY, DAY.plusDays(2), NOW);
    }

    private List<Verified> verify(LocalDate from, LocalDate to, Instant now) throws IOException {
        return new TrailVerifier(
                        new Chains(store, ChainHeads.NONE, () -> now),
                        BUCKET,
                        region -> (begin, end) -> Map.of("fingerprint", keys.getPublic()))
                .verify("cloudtrail/AWSLogs/", from, to);
    }

    private List<Finding> findings() throws IOException {
        return findings(DAY, DAY.plusDays(2), NOW);
    }

    private List<Finding> findings(LocalDate from, LocalDate to, Instant now) throws IOException {
        return verify(from, to, now).stream()
                .flatMap(each -> each.result().findings().stream())
                .toList();
    }

    private List<Problem> problems() throws IOException {
        return findings().stream().map(Finding::problem).distinct().toList();
    }

    // ---- CloudTrail

    private static Instant hour(int hour) {
        return START.plus(Duration.ofHours(hour));
    }

    private static String logKey(String account, String region, int hour, int index) {
        Instant time = hour(hour).plus(Duration.ofMinutes(20L + index * 10));
        return ROOT + account + "/CloudTrail/" + region + "/" + FOLDER.format(time) + account + "_CloudTrail_" + region
                + "_" + MINUTES.format(time) + "_0123456789abcdef.json.gz";
    }

    private static String digestKey(String account, String region, int hour) {
        Instant end = hour(hour + 1);
        return ROOT + account + "/CloudTrail-Digest/" + region + "/" + FOLDER.format(end) + account
                + "_CloudTrail-Digest_" + region + "_organization_eu-central-1_" + SECONDS.format(end) + ".json.gz";
    }

    private void chain(String account, String region) throws GeneralSecurityException {
        String previous = "";
        String previousHash = "";
        String previousSignature = "null";
        for (int hour = 0; hour < HOURS; hour++) {
            String key = digestKey(account, region, hour);
            ObjectNode json = new ObjectMapper()
                    .createObjectNode()
                    .put("digestStartTime", hour(hour).toString())
                    .put("digestEndTime", hour(hour + 1).toString())
                    .put("digestS3Bucket", BUCKET)
                    .put("digestS3Object", key)
                    .put("digestPublicKeyFingerprint", "fingerprint");
            if (!previous.isEmpty()) {
                json.put("previousDigestS3Object", previous)
                        .put("previousDigestHashValue", previousHash)
                        .put("previousDigestSignature", previousSignature);
            }
            ArrayNode logs = json.putArray("logFiles");
            for (String log : logs(account, region, hour)) {
                logs.addObject()
                        .put("s3Bucket", BUCKET)
                        .put("s3Object", log)
                        .put("hashValue", Digests.sha256(records(log)));
            }
            byte[] content = json.toString().getBytes(StandardCharsets.UTF_8);
            previousHash = Digests.sha256(content);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(
                    (hour(hour + 1) + "\n" + BUCKET + "/" + key + "\n" + previousHash + "\n" + previousSignature)
                            .getBytes(StandardCharsets.UTF_8));
            previousSignature = HexFormat.of().formatHex(signature.sign());
            store.put(key, gzip(content), Map.of("signature", previousSignature));
            previous = key;
        }
    }

    private List<String> logs(String account, String region, int hour) {
        List<String> logs = new ArrayList<>();
        IntStream.range(0, 2).forEach(index -> logs.add(logKey(account, region, hour, index)));
        logs.forEach(log -> store.put(log, gzip(records(log))));
        return logs;
    }

    private static byte[] records(String key) {
        String time = key.replaceAll(".*_(\\d{4})(\\d{2})(\\d{2})T(\\d{2})(\\d{2})Z_.*", "$1-$2-$3T$4:$5:00Z");
        return ("{\"Records\":[{\"eventTime\":\"%s\",\"requestParameters\":{\"Records\":[{}]}},{\"eventTime\":\"%s\"}]}")
                .formatted(time, time)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) {
        return gzip(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }
}
