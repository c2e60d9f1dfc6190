package io.tributary.archive.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.FakeStore;
import io.tributary.archive.Partition;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.Chain;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.Compactor.Keeping;
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
import java.util.Optional;
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
            assertThat(each.result().digests()).isEqualTo(48);
            assertThat(each.result().logFiles()).isEqualTo(96);
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
            assertThat(each.result().logFiles()).isEqualTo(96);
        });
    }

    @Test
    void eventsAndTimesOfCompactedFilesAreInTheManifest() throws IOException {
        compact(StorageClass.STANDARD);
        Partition partition = Partition.of(logKey("123456789012", "eu-central-1", 3, 0));
        Manifest manifest = Chain.manifests(store, partition).get(0);
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
        Manifest.Part part = Chain.manifests(store, partition).get(0).part();
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
            archived += new Compactor(store, new Keeping(storageClass, Optional.empty()), () -> "n", new SameThread())
                    .compact(new WorkItem(partition, partition.loose(), partition.loose() + "~"))
                    .archived();
        }
        return archived;
    }

    private List<Verified> verify() throws IOException {
        return new TrailVerifier(
                        store,
                        BUCKET,
                        region -> (from, to) -> Map.of("fingerprint", keys.getPublic()),
                        () -> Instant.parse("2026-06-01T00:00:00Z"))
                .verify("cloudtrail/AWSLogs/", DAY, DAY.plusDays(2));
    }

    private List<Finding> findings() throws IOException {
        return verify().stream()
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
