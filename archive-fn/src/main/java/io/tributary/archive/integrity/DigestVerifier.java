package io.tributary.archive.integrity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.archive.ArchiveStore.ChangedException;
import io.tributary.archive.ArchiveStore.RefusedException;
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
 * Verifies the digest files of trails in one account and Region as AWS defines it: where each is, its signature, the chain
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

    /** A log file's name has the time of its delivery; one that comes at the end of a digest's hour may be in the next. */
    private static final Duration NEXT_DIGEST = Duration.ofMinutes(30);

    /**
     * How long after a time its digest has to be there: a digest is of an hour, and AWS does not say how long its delivery takes. Until then a
     * log file is not judged unless a later digest is there already.
     */
    static final Duration GRACE = HOUR.plusHours(2);

    /** An expanded digest of an hour with a hundred thousand log files has less. */
    private static final int MOST_BYTES = 256 << 20;

    /** The time in a log file's name. */
    private static final Pattern LOG_TIME = Pattern.compile("_(\\d{8}T\\d{4}Z)_[^/]*$");

    private static final DateTimeFormatter LOG_TIME_FORMAT = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmm'Z'");

    /** What is wrong. */
    public enum Problem {
        /** A digest is gone that a later one names. */
        DIGEST_MISSING,
        /** A digest is no gzip, or no JSON. */
        DIGEST_MALFORMED,
        /** A digest may not be read. */
        DIGEST_UNREADABLE,
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
        /** A log file may not be read. */
        LOG_UNREADABLE,
        /** A log file that no digest names. */
        LOG_UNKNOWN
    }

    /** Something wrong with a file. */
    public record Finding(Problem problem, String file, String explanation) {
        public Finding {
            file = io.tributary.archive.Problem.printable(file);
            explanation = io.tributary.archive.Problem.printable(explanation);
        }
    }

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

    /**
     * What time is verified.
     *
     * @param from the beginning
     * @param to the end, not included
     * @param now what has to be there by now
     * @param oldest before this, digests may have expired
     */
    public record Time(Instant from, Instant to, Instant now, Instant oldest) {
        /** Until when there have to be digests. */
        private Instant due() {
            return to.isBefore(now.minus(GRACE)) ? to : now.minus(GRACE);
        }
    }

    private final CloudTrailFiles files;
    private final String bucket;
    private final Time time;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> named = new HashSet<>();
    private Instant last = Instant.MIN;
    private int digests;
    private int logFiles;

    /** A verifier for the trails of one account and Region. */
    public DigestVerifier(CloudTrailFiles files, String bucket, Time time) {
        this.files = files;
        this.bucket = bucket;
        this.time = time;
    }

    /**
     * Verifies the digests of a trail, and the log files that they name. That the first of them follows the one before it is looked at, too.
     *
     * @param keys of all digest files of the time
     * @param hasOlder whether the trail has digests of the time before
     */
    public Result trail(List<String> keys, boolean hasOlder) throws IOException {
        int foundBefore = findings.size();
        int digestsBefore = digests;
        int logFilesBefore = logFiles;
        Instant lastBefore = last;
        last = Instant.MIN;
        List<String> hourly =
                keys.stream().filter(key -> !key.endsWith(BACKFILL)).toList();
        chain(hourly, hasOlder);
        if (hourly.isEmpty() && time.due().isAfter(time.from())) {
            found(
                    Problem.GAP,
                    bucket,
                    "there is no digest from " + time.from() + " to " + time.due()
                            + ", although there was one before: they were deleted, or nothing was logged");
        } else if (!hourly.isEmpty() && last.isBefore(time.due().minus(TOLERANCE))) {
            found(
                    Problem.GAP,
                    bucket + "/" + hourly.get(hourly.size() - 1),
                    "after it there is no digest until " + time.due());
        }
        chain(keys.stream().filter(key -> key.endsWith(BACKFILL)).toList(), false);
        last = last.isBefore(lastBefore) ? lastBefore : last;
        return new Result(
                digests - digestsBefore, logFiles - logFilesBefore, findings.subList(foundBefore, findings.size()));
    }

    /**
     * Finds log files that no digest of the trails names that were verified before. Those that are too fresh are left to the next time.
     *
     * @param keys of all log files of the time
     */
    public List<Finding> unnamed(List<String> keys) {
        List<Finding> unnamed = new ArrayList<>();
        for (String key : keys) {
            if (!named.contains(bucket + "/" + key) && isDue(logTime(key))) {
                unnamed.add(new Finding(Problem.LOG_UNKNOWN, bucket + "/" + key, "no digest names it"));
            }
        }
        return unnamed;
    }

    private boolean isDue(Optional<Instant> delivered) {
        return delivered.isEmpty()
                || !last.isBefore(delivered.get().plus(NEXT_DIGEST))
                || !time.now().isBefore(delivered.get().plus(GRACE));
    }

    /** When a log file was delivered, by its name; empty if the name does not say. */
    static Optional<Instant> logTime(String key) {
        Matcher matcher = LOG_TIME.matcher(key);
        try {
            return matcher.find()
                    ? Optional.of(LocalDateTime.parse(matcher.group(1), LOG_TIME_FORMAT)
                            .toInstant(ZoneOffset.UTC))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private void found(Problem problem, String file, String explanation) {
        findings.add(new Finding(problem, file, explanation));
    }

    /** What a later digest says of the one before it. */
    private record Expected(String key, String hash, String signature, Instant end) {}

    /** From the newest digest to the oldest: each names the one before it, and the oldest one of the time before. */
    private void chain(List<String> keys, boolean hasOlder) throws IOException {
        NavigableSet<String> left = new TreeSet<>(keys);
        Set<String> seen = new HashSet<>();
        Optional<Expected> expected = Optional.empty();
        Optional<Instant> goneUntil = Optional.empty();
        while (!left.isEmpty() || expected.isPresent()) {
            boolean isBefore = left.isEmpty();
            String key = expected.map(Expected::key).orElseGet(left::last);
            if (isBefore && expected.get().end().isBefore(time.oldest())) {
                return; // it has expired
            }
            left.remove(key);
            if (!seen.add(key)) {
                found(Problem.DIGEST_UNCHAINED, bucket + "/" + key, "an older digest names it");
                expected = Optional.empty();
                continue;
            }
            Optional<DigestFile> file = file(key);
            Optional<Digest> digest = file.flatMap(this::read);
            if (digest.isPresent() && expected.isPresent()) {
                compare(expected.get(), file.get(), digest.get());
            }
            if (isBefore) {
                return;
            }
            if (digest.isEmpty()) {
                // go on with the next older one that is there
                goneUntil = expected.map(Expected::end).or(() -> Optional.of(Instant.MAX));
                expected = Optional.empty();
                continue;
            }
            goneUntil.ifPresent(until -> gap(bucket + "/" + key, digest.get().end(), until));
            goneUntil = Optional.empty();
            check(file.get(), digest.get());
            last = digest.get().end().isAfter(last) ? digest.get().end() : last;
            expected = digest.get().previous();
            if (expected.isPresent()) {
                dropUnchained(left, expected.get().key());
            } else if (!left.isEmpty() || hasOlder) {
                found(
                        Problem.GAP,
                        bucket + "/" + key,
                        "it begins a chain at " + digest.get().start()
                                + ", but there are older digests: in between nothing was logged");
            }
        }
    }

    private Optional<DigestFile> file(String key) throws IOException {
        try {
            Optional<DigestFile> file = files.digest(bucket, key);
            if (file.isEmpty()) {
                found(Problem.DIGEST_MISSING, bucket + "/" + key, "a later digest names it, or it was listed");
            }
            return file;
        } catch (ChangedException e) {
            found(Problem.DIGEST_MISSING, bucket + "/" + key, "it was deleted or changed meanwhile");
        } catch (RefusedException e) {
            found(Problem.DIGEST_UNREADABLE, bucket + "/" + key, e.getMessage());
        }
        return Optional.empty();
    }

    /** A digest is of an hour: where more is gone than one, more than one was deleted. */
    private void gap(String older, Instant end, Instant goneUntil) {
        if (goneUntil.isBefore(Instant.MAX) && Duration.between(end, goneUntil).compareTo(HOUR.plus(TOLERANCE)) > 0) {
            found(Problem.GAP, older, "after it there is no digest until " + goneUntil + ": several in a row are gone");
        }
    }

    /** Digests between one and the one that it names are in no chain. */
    private void dropUnchained(NavigableSet<String> left, String named) {
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
            byte[] content = in.readNBytes(MOST_BYTES);
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
        Instant around = generated(file).orElse(digest.end());
        Map<String, PublicKey> keys;
        try {
            keys = files.publicKeys(around.minus(HOUR), around.plus(HOUR));
        } catch (IOException e) {
            // such as of a Region that there is not: the digests of others are verified all the same
            found(Problem.KEY_UNKNOWN, name, e.getMessage());
            return false;
        }
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

    /** When a digest of a backfill was made; empty for others. */
    private static Optional<Instant> generated(DigestFile file) {
        try {
            return Optional.ofNullable(file.metadata().get("backfill-generation-timestamp"))
                    .map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty(); // then it is not CloudTrail's, as its signature shows
        }
    }

    private void logFile(JsonNode log) throws IOException {
        String bucket = log.path("s3Bucket").asText();
        String key = log.path("s3Object").asText();
        named.add(bucket + "/" + key);
        Optional<String> hash;
        try {
            hash = files.logFile(bucket, key);
        } catch (ChangedException e) {
            hash = Optional.empty();
        } catch (RefusedException e) {
            found(Problem.LOG_UNREADABLE, bucket + "/" + key, e.getMessage());
            return;
        }
        if (hash.isEmpty()) {
            found(Problem.LOG_MISSING, bucket + "/" + key, "a digest names it");
        } else if (!hash.get().equals(log.path("hashValue").asText())) {
            found(Problem.LOG_CHANGED, bucket + "/" + key, "its content is not what the digest names");
        } else {
            logFiles++;
        }
    }
}
