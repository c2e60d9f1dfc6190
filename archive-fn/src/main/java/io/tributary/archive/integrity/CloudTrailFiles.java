package io.tributary.archive.integrity;

import java.io.IOException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** CloudTrail's files and keys, as far as their verification needs them. */
public interface CloudTrailFiles {
    /**
     * A digest file.
     *
     * @param content as it is stored: gzip
     * @param metadata the object's own, without {@code x-amz-meta-}
     */
    record DigestFile(String bucket, String key, byte[] content, Map<String, String> metadata) {}

    /** A digest file, if it is there. */
    Optional<DigestFile> digest(String bucket, String key) throws IOException;

    /**
     * The SHA-256 of a log file's decompressed content, in hexadecimal, if the file is there; of one that was compacted, what its
     * manifest says.
     */
    Optional<String> logFile(String bucket, String key) throws IOException;

    /** CloudTrail's public keys of a time, by fingerprint (ListPublicKeys of the digests' own Region). */
    Map<String, PublicKey> publicKeys(Instant from, Instant to) throws IOException;
}
