package io.tributary.archive.integrity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.archive.compaction.Digests;
import io.tributary.archive.integrity.CloudTrailFiles.DigestFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Verifies the digest files of one trail in one account and Region as AWS defines it: where each is, its signature, the chain
 * that each makes with the one before, and the log files that they name; and finds log files that none names. Digests of a
 * backfill are a chain of their own.
 *
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html">
 *     Digest file structure</a>
 */
public final class DigestVerifier {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BACKFILL = "_backfill.json.gz";
    private static final Duration HOUR = Duration.ofHours(1);

    /** Hours of digests are not always of the same length. */
    private static final Duration TOLERANCE = Duration.ofMinutes(10);

    /** The time in a log file's name. */
    private static final Pattern LOG_TIME = Pattern.compile("_(\\d{8}T\\d{4}Z)_[^/]*$");

    private static final DateTimeFormatter LOG_TIME_FORMAT = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'");

    /** What is wrong. */
    public enum Problem {
        /** A digest is gone that a later one names. */
        DIGEST_MISSING,
        /** A digest is no gzip, or no JSON. */
        DIGEST_MALFORMED,
        /** A digest is not where it says it was written. */
        DIGEST_MOVED,
        /** A digest is not the one that the later one names. */
        DIGEST_CHANGED,
        /** A digest that no later one leads to: put in from outside. */
        DIGEST_UNCHAINED,
        /** CloudTrail has no key of this fingerprint for the time. */
        KEY_UNKNOWN,
        /** The signature is not CloudTrail's. */
        SIGNATURE_WRONG,
        /** Time for which there is no digest. */
        GAP,
        /** A log file is gone. */
        LOG_MISSING,
        /** A log file has other content. */
        LOG_CHANGED,
        /** A log file that no digest names. */
        LOG_UNKNOWN
    }

    /** Something wrong with a file. */
    public record Finding(Problem problem, String file, String explanation) {}

    /**
     * What was found.
     *
     * @param digests how many are right
     * @param logFiles how many are right
     */
    public record Result(int digests, int logFiles, List<Finding> findings) {
        public Result {
            findings = List.copyOf(findings);
        }

        public boolean isIntact() {
            return findings.isEmpty();
        }
    }

    private final CloudTrailFiles files;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> named = new HashSet<>();
    private Instant first = Instant.MAX;
    private Instant last = Instant.MIN;
    private int digests;
    private int logFiles;

    private DigestVerifier(CloudTrailFiles files) {
        this.files = files;
    }

    /**
     * Verifies.
     *
     * @param keys the keys of all digest files of the time that is verified
     * @param logPrefixes where the log files of that time are: every one there must be named by a digest, but for those of the
     *     first and last hour, whose digests may be others
     * @param from the beginning of the time, to tell whether something is missing before the first digest
     * @param to its end, to tell whether something is missing after the last
     */
    public static Result verify(
            CloudTrailFiles files, String bucket, List<String> keys, List<String> logPrefixes, Instant from, Instant to)
            throws IOException {
        DigestVerifier verifier = new DigestVerifier(files);
        verifier.chain(
                bucket, keys.stream().filter(key -> !key.endsWith(BACKFILL)).toList(), from);
        if (!verifier.first.isAfter(verifier.last)) {
            verifier.gap(bucket, verifier.last, to);
        }
        verifier.chain(
                bucket, keys.stream().filter(key -> key.endsWith(BACKFILL)).toList(), Instant.MAX);
        for (String prefix : logPrefixes) {
            for (String key : files.logFiles(bucket, prefix)) {
                if (!verifier.named.contains(bucket + "/" + key) && verifier.covers(key)) {
                    verifier.found(Problem.LOG_UNKNOWN, bucket + "/" + key, "no digest names it");
                }
            }
        }
        return new Result(verifier.digests, verifier.logFiles, verifier.findings);
    }

    /** Whether a log file of this name should be named by a digest that was read. */
    private boolean covers(String key) {
        Matcher matcher = LOG_TIME.matcher(key);
        if (!matcher.find() || first.isAfter(last)) {
            return true;
        }
        Instant time = LocalDateTime.parse(matcher.group(1), LOG_TIME_FORMAT).toInstant(ZoneOffset.UTC);
        return time.isAfter(first.plus(HOUR)) && time.isBefore(last.minus(HOUR));
    }

    private void found(Problem problem, String file, String explanation) {
        findings.add(new Finding(problem, file, explanation));
    }

    /** What a later digest says of the one before it. */
    private record Expected(String key, String hash, String signature, Instant end) {}

    /** From the newest digest to the oldest: each names the one before it. */
    private void chain(String bucket, List<String> keys, Instant from) throws IOException {
        NavigableSet<String> left = new TreeSet<>(keys);
        Optional<Expected> expected = Optional.empty();
        Optional<Instant> goneUntil = Optional.empty();
        while (!left.isEmpty() || expected.isPresent()) {
            String key = expected.map(Expected::key).orElseGet(left::last);
            if (expected.isPresent()
                    && !left.contains(key)
                    && expected.get().end().compareTo(from) <= 0) {
                return; // it is of the time before
            }
            left.remove(key);
            Optional<DigestFile> file = files.digest(bucket, key);
            if (file.isEmpty()) {
                found(Problem.DIGEST_MISSING, bucket + "/" + key, "a later digest names it, or it was listed");
            }
            Optional<Digest> digest = file.flatMap(this::read);
            if (digest.isEmpty()) {
                // go on with the next older one that is there
                goneUntil = expected.map(Expected::end).or(() -> Optional.of(Instant.MAX));
                expected = Optional.empty();
                continue;
            }
            if (expected.isPresent()) {
                compare(expected.get(), file.get(), digest.get());
            }
            goneUntil.ifPresent(until -> gap(bucket + "/" + key, digest.get().end(), until));
            goneUntil = Optional.empty();
            check(file.get(), digest.get());
            first = digest.get().start().isBefore(first) ? digest.get().start() : first;
            last = digest.get().end().isAfter(last) ? digest.get().end() : last;
            expected = digest.get().previous();
            if (expected.isPresent()) {
                dropUnchained(bucket, left, expected.get().key());
            } else if (!left.isEmpty()) {
                found(
                        Problem.GAP,
                        bucket + "/" + key,
                        "it begins a chain at " + digest.get().start()
                                + ", but there are older digests: in between nothing was logged");
            }
        }
    }

    /** A digest is of an hour: where more is gone than one, more than one was deleted. */
    private void gap(String older, Instant end, Instant goneUntil) {
        if (goneUntil.isBefore(Instant.MAX) && Duration.between(end, goneUntil).compareTo(HOUR.plus(TOLERANCE)) > 0) {
            found(Problem.GAP, older, "after it there is no digest until " + goneUntil + ": several in a row are gone");
        }
    }

    /** Digests between one and the one that it names are in no chain. */
    private void dropUnchained(String bucket, NavigableSet<String> left, String named) {
        for (String key : List.copyOf(left.tailSet(named, false))) {
            found(Problem.DIGEST_UNCHAINED, bucket + "/" + key, "no later digest names it");
            left.remove(key);
        }
    }

    private record Digest(JsonNode json, byte[] content, Instant start, Instant end) {
        Optional<Expected> previous() {
            JsonNode key = json.path("previousDigestS3Object");
            return key.isTextual()
                    ? Optional.of(new Expected(
                            key.asText(),
                            json.path("previousDigestHashValue").asText(),
                            json.path("previousDigestSignature").asText(),
                            start))
                    : Optional.empty();
        }
    }

    private Optional<Digest> read(DigestFile file) {
        String name = file.bucket() + "/" + file.key();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file.content()))) {
            byte[] content = in.readAllBytes();
            JsonNode json = JSON.readTree(content);
            return Optional.of(new Digest(
                    json,
                    content,
                    Instant.parse(json.path("digestStartTime").asText()),
                    Instant.parse(json.path("digestEndTime").asText())));
        } catch (IOException | DateTimeException e) {
            found(Problem.DIGEST_MALFORMED, name, e.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    private void compare(Expected expected, DigestFile file, Digest digest) {
        if (!expected.hash().equals(Digests.sha256(digest.content()))
                || !expected.signature().equals(file.metadata().getOrDefault("signature", ""))) {
            found(
                    Problem.DIGEST_CHANGED,
                    file.bucket() + "/" + file.key(),
                    "it has not the content or signature that the later digest names");
        }
    }

    private void check(DigestFile file, Digest digest) throws IOException {
        String name = file.bucket() + "/" + file.key();
        JsonNode json = digest.json();
        boolean right = true;
        if (!json.path("digestS3Bucket").asText().equals(file.bucket())
                || !json.path("digestS3Object").asText().equals(file.key())) {
            found(
                    Problem.DIGEST_MOVED,
                    name,
                    "it says that it is "
                            + json.path("digestS3Bucket").asText() + "/"
                            + json.path("digestS3Object").asText());
            right = false;
        }
        right &= isSigned(file, digest, name);
        if (right) {
            digests++;
        }
        // what an unsigned digest says of log files proves nothing, but what it says may be wrong is worth knowing
        for (JsonNode log : json.path("logFiles")) {
            logFile(log);
        }
    }

    private boolean isSigned(DigestFile file, Digest digest, String name) throws IOException {
        Instant around = file.metadata().containsKey("backfill-generation-timestamp")
                ? Instant.parse(file.metadata().get("backfill-generation-timestamp"))
                : digest.end();
        Map<String, PublicKey> keys = files.publicKeys(around.minus(HOUR), around.plus(HOUR));
        String fingerprint = digest.json().path("digestPublicKeyFingerprint").asText();
        PublicKey key = keys.get(fingerprint);
        if (key == null) {
            found(Problem.KEY_UNKNOWN, name, "CloudTrail has no public key " + fingerprint + " of " + around);
            return false;
        }
        JsonNode previous = digest.json().path("previousDigestSignature");
        String signed = digest.json().path("digestEndTime").asText() + "\n"
                + file.bucket() + "/" + file.key() + "\n"
                + Digests.sha256(digest.content()) + "\n"
                + (previous.isTextual() ? previous.asText() : "null");
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(signed.getBytes(StandardCharsets.UTF_8));
            if (signature.verify(HexFormat.of().parseHex(file.metadata().getOrDefault("signature", "")))) {
                return true;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // no signature at all is as wrong as a wrong one
        }
        found(Problem.SIGNATURE_WRONG, name, "the signature is not that of CloudTrail's key " + fingerprint);
        return false;
    }

    private void logFile(JsonNode log) throws IOException {
        String bucket = log.path("s3Bucket").asText();
        String key = log.path("s3Object").asText();
        named.add(bucket + "/" + key);
        Optional<String> hash = files.logFile(bucket, key);
        if (hash.isEmpty()) {
            found(Problem.LOG_MISSING, bucket + "/" + key, "a digest names it");
        } else if (!hash.get().equals(log.path("hashValue").asText())) {
            found(Problem.LOG_CHANGED, bucket + "/" + key, "its content is not what the digest names");
        } else {
            logFiles++;
        }
    }
}
