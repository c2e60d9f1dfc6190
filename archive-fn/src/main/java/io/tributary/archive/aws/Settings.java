package io.tributary.archive.aws;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/**
 * The settings of the deployed function: as properties {@code tributary.…}, or in Lambda as environment variables
 * {@code TRIBUTARY_…}. The README explains each.
 */
@ConfigMapping(prefix = "tributary")
interface Settings {
    /** The archive bucket. */
    String bucket();

    /** The bucket that CloudTrail delivers its files to. */
    Optional<String> trailBucket();

    /**
     * The bucket that the heads of the chains of manifests are kept in, where nobody can delete them who can delete the archive. Without one,
     * nobody can tell that the end of a chain, or all of it, was deleted.
     */
    Optional<String> chainHeadsBucket();

    /** The text of the policy file. */
    @WithDefault("{version: 1, preset: minimal}")
    String policy();

    /** The URL of the SQS queue that the function works on. */
    Optional<String> queueUrl();

    /** The ARN of the SNS topic that people are told by. */
    Optional<String> noticeTopic();

    /** The ARN of the Kinesis stream that events are replayed to. */
    Optional<String> logStream();

    /** How many events a second are replayed at most. */
    @WithDefault("1000")
    int replayedPerSecond();
}
