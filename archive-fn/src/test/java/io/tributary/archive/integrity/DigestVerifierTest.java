package io.tributary.archive.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.compaction.Digests;
import io.tributary.archive.integrity.DigestVerifier.Finding;
import io.tributary.archive.integrity.DigestVerifier.Problem;
import io.tributary.archive.integrity.DigestVerifier.Result;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chains signed with keys of this test's own, as CloudTrail signs them, and what may be done to them. */
class DigestVerifierTest {
    private static final String BUCKET = "example-trail";
    private static final String LOGS = "AWSLogs/123456789012/CloudTrail/eu-central-1/2026/03/01/";
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int HOURS = 6;

    private static final Instant END = START.plus(Duration.ofHours(HOURS));

    private static KeyPair keys;
    private static KeyPair forgers;

    private final Files files = new Files();
    private final List<String> digests = new ArrayList<>();

    @BeforeAll
    static void makeKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        forgers = generator.generateKeyPair();
    }

    @BeforeEach
    void makeChain() {
        digests.addAll(chain(HOURS, START, "", keys));
    }

    @Test
    void aChainThatNobodyTouchedIsIntact() throws IOException {
        Result result = verify();
        assertThat(result.findings()).isEmpty();
        assertThat(result.isIntact()).isTrue();
        assertThat(result.digests()).isEqualTo(HOURS);
        assertThat(result.logFiles()).isEqualTo(HOURS * 2);
    }

    @Test
    void aChangedLogFileIsFound() throws IOException {
        files.logs.put(log(2, 1), "other content");
        assertThat(verify().findings()).containsExactly(finding(Problem.LOG_CHANGED, log(2, 1)));
    }

    @Test
    void aDeletedLogFileIsFound() throws IOException {
        files.logs.remove(log(2, 1));
        assertThat(verify().findings()).containsExactly(finding(Problem.LOG_MISSING, log(2, 1)));
    }

    @Test
    void anAddedLogFileIsFound() throws IOException {
        files.logs.put(LOGS + "added.json.gz", "{}");
        assertThat(verify().findings()).containsExactly(finding(Problem.LOG_UNKNOWN, LOGS + "added.json.gz"));
    }

    @Test
    void aChangedDigestIsFoundByItsSignatureAndByTheNext() throws IOException {
        files.change(
                digests.get(2),
                text -> text.replace("\"awsAccountId\":\"123456789012\"", "\"awsAccountId\":\"111122223333\""));
        assertThat(problems(verify(), digests.get(2))).contains(Problem.SIGNATURE_WRONG, Problem.DIGEST_CHANGED);
    }

    @Test
    void aDigestWithoutALogFileThatItHadIsFound() throws IOException {
        files.logs.remove(log(2, 1));
        files.change(digests.get(2), text -> {
            ObjectNode json = json(text);
            ((ArrayNode) json.path("logFiles")).remove(1);
            return json.toString();
        });
        assertThat(problems(verify(), digests.get(2))).contains(Problem.SIGNATURE_WRONG, Problem.DIGEST_CHANGED);
    }

    @Test
    void aDeletedDigestIsFound() throws IOException {
        files.digests.remove(digests.get(2));
        digests.remove(2);
        Result result = verify();
        assertThat(result.findings())
                .extracting(Finding::problem)
                .containsExactlyInAnyOrder(Problem.DIGEST_MISSING, Problem.LOG_UNKNOWN, Problem.LOG_UNKNOWN);
        assertThat(result.digests()).isEqualTo(HOURS - 1);
    }

    @Test
    void twoDeletedDigestsInARowAreTold() throws IOException {
        files.digests.remove(digests.get(2));
        files.digests.remove(digests.get(3));
        digests.subList(2, 4).clear();
        assertThat(verify().findings()).extracting(Finding::problem).contains(Problem.DIGEST_MISSING, Problem.GAP);
    }

    @Test
    void theOldestDigestOfTheTimeIsMissedToo() throws IOException {
        files.digests.remove(digests.get(0));
        String gone = digests.remove(0);
        assertThat(verify().findings()).contains(finding(Problem.DIGEST_MISSING, gone));
    }

    @Test
    void theDigestBeforeTheTimeHasToBeTheOneThatTheFirstNames() throws IOException {
        String before = digests.remove(0);
        files.logs.keySet().removeIf(key -> key.contains("log-0-"));
        DigestVerifier.Time later = new DigestVerifier.Time(
                START.plus(Duration.ofHours(1)), END, END.plus(Duration.ofDays(1)), Instant.MIN);
        assertThat(verify(later).findings())
                .as("it is there, and is not verified further")
                .isEmpty();
        files.change(before, text -> text.replace("123456789012", "210987654321"));
        assertThat(verify(later).findings()).extracting(Finding::problem).containsExactly(Problem.DIGEST_CHANGED);
        files.digests.remove(before);
        assertThat(verify(later).findings()).containsExactly(finding(Problem.DIGEST_MISSING, before));
        DigestVerifier.Time expired =
                new DigestVerifier.Time(later.from(), END, later.now(), START.plus(Duration.ofHours(2)));
        assertThat(verify(expired).findings()).as("it may have expired").isEmpty();
    }

    @Test
    void aDigestThatLeadsBackToItselfIsFoundAndTheOthersAreVerified() throws IOException {
        files.change(digests.get(3), text -> {
            ObjectNode json = json(text);
            json.put("previousDigestS3Object", digests.get(3));
            return json.toString();
        });
        assertThat(verify().findings())
                .extracting(Finding::problem)
                .contains(Problem.DIGEST_UNCHAINED, Problem.SIGNATURE_WRONG);
    }

    @Test
    void aBackfillOfNoTimeIsNotSigned() throws IOException {
        digests.addAll(chain(1, START.plus(Duration.ofMinutes(30)), "_backfill", keys));
        String backfill = digests.get(HOURS);
        files.put(
                backfill,
                files.digests.get(backfill).content(),
                Map.of("signature", "00", "backfill-generation-timestamp", "yesterday"));
        assertThat(verify().findings()).containsExactly(finding(Problem.SIGNATURE_WRONG, backfill));
    }

    @Test
    void digestsThatChangedPlacesAreFound() throws IOException {
        CloudTrailFiles.DigestFile one = files.digests.get(digests.get(2));
        CloudTrailFiles.DigestFile other = files.digests.get(digests.get(3));
        files.put(digests.get(2), other.content(), other.metadata());
        files.put(digests.get(3), one.content(), one.metadata());
        assertThat(verify().findings()).extracting(Finding::problem).contains(Problem.DIGEST_MOVED);
    }

    @Test
    void aForgedSignatureIsFound() throws IOException {
        String last = digests.get(HOURS - 1);
        byte[] content = files.expanded(last);
        files.put(
                last,
                gzip(content),
                Map.of("signature", sign(json(new String(content, StandardCharsets.UTF_8)), content, last, forgers)));
        assertThat(verify().findings()).containsExactly(finding(Problem.SIGNATURE_WRONG, last));
    }

    @Test
    void aDigestWithoutASignatureIsNotSigned() throws IOException {
        String last = digests.get(HOURS - 1);
        files.put(last, files.digests.get(last).content(), Map.of());
        assertThat(verify().findings()).containsExactly(finding(Problem.SIGNATURE_WRONG, last));
    }

    @Test
    void aKeyThatCloudTrailDoesNotHaveIsFound() throws IOException {
        files.publicKeys.clear();
        assertThat(verify().findings()).hasSize(HOURS).allMatch(finding -> finding.problem() == Problem.KEY_UNKNOWN);
    }

    @Test
    void aDigestOfAnotherBucketIsFound() throws IOException {
        files.change(
                digests.get(5),
                text -> text.replace("\"digestS3Bucket\":\"example-trail\"", "\"digestS3Bucket\":\"other\""));
        assertThat(problems(verify(), digests.get(5))).contains(Problem.DIGEST_MOVED, Problem.SIGNATURE_WRONG);
    }

    @Test
    void aDigestThatIsNoneIsFoundAndTheOthersAreVerified() throws IOException {
        files.put(digests.get(3), "no gzip".getBytes(StandardCharsets.UTF_8), Map.of());
        Result result = verify();
        assertThat(result.findings()).contains(finding(Problem.DIGEST_MALFORMED, digests.get(3)));
        assertThat(result.digests()).isEqualTo(HOURS - 1);
    }

    @Test
    void aDigestThatWasPutInIsInNoChain() throws IOException {
        String added = digests.get(2).replace("Z.json.gz", "Z_x.json.gz");
        files.put(
                added,
                files.digests.get(digests.get(2)).content(),
                files.digests.get(digests.get(2)).metadata());
        digests.add(added);
        assertThat(verify().findings()).contains(finding(Problem.DIGEST_UNCHAINED, added));
    }

    @Test
    void timeInWhichLoggingWasOffIsAGap() throws IOException {
        digests.addAll(chain(3, START.plus(Duration.ofHours(12)), "", keys));
        assertThat(verify().findings()).extracting(Finding::problem).containsExactly(Problem.GAP);
    }

    @Test
    void digestsOfABackfillAreAChainOfTheirOwn() throws IOException {
        digests.addAll(chain(3, START.plus(Duration.ofMinutes(30)), "_backfill", keys));
        Result result = verify();
        assertThat(result.findings()).isEmpty();
        assertThat(result.digests()).isEqualTo(HOURS + 3);
        files.digests.remove(digests.get(HOURS + 1));
        assertThat(verify().findings()).extracting(Finding::problem).contains(Problem.DIGEST_MISSING);
    }

    @Test
    void keysAreReadOfPkcs1AndOfSubjectPublicKeyInfo() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        assertThat(PublicKeys.parse(key.getEncoded())).isEqualTo(key);
        // what follows the header of 24 bytes, of a key of 2048 bits, is its PKCS#1
        byte[] info = key.getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(info, 24, info.length);
        assertThat(PublicKeys.parse(pkcs1)).isEqualTo(key);
    }

    private Result verify() throws IOException {
        return verify(new DigestVerifier.Time(START, END, END.plus(Duration.ofDays(1)), Instant.MIN));
    }

    private Result verify(DigestVerifier.Time time) throws IOException {
        DigestVerifier verifier = new DigestVerifier(files, BUCKET, time);
        Result result = verifier.trail(digests, false);
        List<Finding> findings = new ArrayList<>(result.findings());
        findings.addAll(verifier.unnamed(
                files.logs.keySet().stream().filter(key -> key.startsWith(LOGS)).toList()));
        return new Result(result.digests(), result.logFiles(), findings);
    }

    private static Finding finding(Problem problem, String key) {
        return new Finding(problem, BUCKET + "/" + key, explanation(problem));
    }

    private static String explanation(Problem problem) {
        return switch (problem) {
            case LOG_CHANGED -> "its content is not what the digest names";
            case LOG_MISSING -> "a digest names it";
            case LOG_UNKNOWN -> "no digest names it";
            case DIGEST_MISSING -> "a later digest names it, or it was listed";
            case DIGEST_UNCHAINED -> "no later digest names it";
            case DIGEST_MALFORMED -> "ZipException";
            case SIGNATURE_WRONG -> "the signature is not that of CloudTrail's key " + fingerprint();
            default -> throw new IllegalArgumentException(problem.name());
        };
    }

    private static List<Problem> problems(Result result, String key) {
        return result.findings().stream()
                .filter(finding -> finding.file().equals(BUCKET + "/" + key))
                .map(Finding::problem)
                .toList();
    }

    // ---- CloudTrail

    private List<String> chain(int hours, Instant start, String suffix, KeyPair signer) {
        List<String> made = new ArrayList<>();
        String previous = "";
        for (int hour = 0; hour < hours; hour++) {
            Instant from = start.plus(Duration.ofHours(hour));
            Instant to = from.plus(Duration.ofHours(1));
            String key = "AWSLogs/123456789012/CloudTrail-Digest/eu-central-1/2026/03/01/"
                    + "123456789012_CloudTrail-Digest_eu-central-1_example_eu-central-1_" + STAMP.format(to) + suffix
                    + ".json.gz";
            ObjectNode json = new ObjectMapper()
                    .createObjectNode()
                    .put("awsAccountId", "123456789012")
                    .put("digestStartTime", from.toString())
                    .put("digestEndTime", to.toString())
                    .put("digestS3Bucket", BUCKET)
                    .put("digestS3Object", key)
                    .put("digestPublicKeyFingerprint", fingerprint())
                    .put("digestSignatureAlgorithm", "SHA256withRSA");
            if (previous.isEmpty()) {
                json.putNull("previousDigestS3Bucket").putNull("previousDigestS3Object");
                json.putNull("previousDigestHashValue").putNull("previousDigestSignature");
            } else {
                json.put("previousDigestS3Bucket", BUCKET)
                        .put("previousDigestS3Object", previous)
                        .put("previousDigestHashValue", Digests.sha256(files.expanded(previous)))
                        .put(
                                "previousDigestSignature",
                                files.digests.get(previous).metadata().get("signature"));
            }
            ArrayNode logs = json.putArray("logFiles");
            for (int i = 0; i < 2; i++) {
                String log = suffix.isEmpty() && start.equals(START)
                        ? log(hour, i)
                        : log(hour, i).replace("log", "l" + STAMP.format(start) + suffix);
                files.logs.put(log, "{\"Records\":[" + hour + "," + i + "]}");
                logs.addObject()
                        .put("s3Bucket", BUCKET)
                        .put("s3Object", log)
                        .put("hashValue", Digests.sha256(files.logs.get(log).getBytes(StandardCharsets.UTF_8)));
            }
            byte[] content = json.toString().getBytes(StandardCharsets.UTF_8);
            Map<String, String> metadata = new HashMap<>(Map.of("signature", sign(json, content, key, signer)));
            if (!suffix.isEmpty()) {
                metadata.put("backfill-generation-timestamp", to.toString());
            }
            files.put(key, gzip(content), metadata);
            made.add(key);
            previous = key;
        }
        return made;
    }

    private static String log(int hour, int index) {
        return LOGS + "log-" + hour + "-" + index + ".json.gz";
    }

    private static String fingerprint() {
        return Digests.sha256(keys.getPublic().getEncoded()).substring(0, 32);
    }

    private static String sign(ObjectNode json, byte[] content, String key, KeyPair signer) {
        String text = json.path("digestEndTime").asText() + "\n" + BUCKET + "/" + key + "\n" + Digests.sha256(content)
                + "\n" + json.path("previousDigestSignature").asText("null");
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(signer.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
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

    private static final class Files implements CloudTrailFiles {
        private final Map<String, DigestFile> digests = new TreeMap<>();
        private final Map<String, String> logs = new TreeMap<>();
        private final Map<String, PublicKey> publicKeys = new HashMap<>(Map.of(fingerprint(), keys.getPublic()));

        void put(String key, byte[] content, Map<String, String> metadata) {
            digests.put(key, new DigestFile(BUCKET, key, content, Map.copyOf(metadata)));
        }

        byte[] expanded(String key) {
            try (var in = new GZIPInputStream(
                    new ByteArrayInputStream(digests.get(key).content()))) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void change(String key, UnaryOperator<String> change) {
            String text = change.apply(new String(expanded(key), StandardCharsets.UTF_8));
            put(
                    key,
                    gzip(text.getBytes(StandardCharsets.UTF_8)),
                    digests.get(key).metadata());
        }

        @Override
        public Optional<DigestFile> digest(String bucket, String key) {
            return Optional.ofNullable(digests.get(key));
        }

        @Override
        public Optional<String> logFile(String bucket, String key) {
            return Optional.ofNullable(logs.get(key))
                    .map(text -> Digests.sha256(text.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Map<String, PublicKey> publicKeys(Instant from, Instant to) {
            return publicKeys;
        }
    }
}
