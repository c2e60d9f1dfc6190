package io.tributary.archive.aws;

import io.tributary.archive.integrity.PublicKeys;
import io.tributary.archive.integrity.TrailFiles.KeySource;
import io.tributary.aws.AwsCalls;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;

/**
 * CloudTrail's public keys of a Region. Those that were asked for are remembered: a day's digests need one or two.
 *
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html">ListPublicKeys</a>
 */
public final class CloudTrailKeys implements KeySource {
    private final CloudTrailClient client;
    private final Map<String, Known> known = new HashMap<>();

    private record Known(PublicKey key, Instant from, Instant to) {
        boolean covers(Instant begin, Instant end) {
            return !begin.isBefore(from) && !end.isAfter(to);
        }
    }

    public CloudTrailKeys(CloudTrailClient client) {
        this.client = client;
    }

    @Override
    public Map<String, PublicKey> keys(Instant from, Instant to) throws IOException {
        if (known.values().stream().noneMatch(key -> key.covers(from, to))) {
            ask(from, to);
        }
        Map<String, PublicKey> keys = new HashMap<>();
        known.forEach((fingerprint, key) -> {
            if (key.from().isBefore(to) && key.to().isAfter(from)) {
                keys.put(fingerprint, key.key());
            }
        });
        return keys;
    }

    private void ask(Instant from, Instant to) throws IOException {
        try {
            client.listPublicKeysPaginator(list -> list.startTime(from).endTime(to)).publicKeyList().stream()
                    .forEach(key -> known.put(
                            key.fingerprint(),
                            new Known(
                                    PublicKeys.parse(key.value().asByteArray()),
                                    key.validityStartTime(),
                                    key.validityEndTime())));
        } catch (SdkException e) {
            throw new IOException("CloudTrail's public keys: " + AwsCalls.problem(e), e);
        }
    }
}
