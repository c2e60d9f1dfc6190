package io.tributary.archive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.archive.lifecycle.Lifecycle;
import io.tributary.archive.lifecycle.LifecycleRule;
import io.tributary.archive.lifecycle.Reconciliation;
import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.yaml.YamlException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;

class S3LifecycleTest {
    private static S3Mock s3;

    private String bucket;
    private S3Lifecycle lifecycle;
    private List<LifecycleRule> wanted;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        s3 = new S3Mock();
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @BeforeEach
    void newBucket() throws YamlException {
        bucket = s3.bucket();
        lifecycle = new S3Lifecycle(s3.client(), bucket);
        wanted = wanted("version: 1\npreset: sox\n");
    }

    @Test
    void anEmptyBucketGetsAllRulesAndASecondRunChangesNothing() throws IOException {
        Reconciliation first = lifecycle.apply(wanted);
        assertThat(first.added()).hasSize(wanted.size());
        Reconciliation second = lifecycle.apply(wanted);
        assertThat(second.isNothing()).isTrue();
        assertThat(second.lines()).isEmpty();
    }

    @Test
    void comparingWritesNothing() throws IOException {
        assertThat(lifecycle.compare(wanted).lines())
                .contains(
                        "+ tributary-archive-cloudtrail (archive/source=cloudtrail/): DEEP_ARCHIVE after 365d, deleted"
                                + " after 2562d")
                .contains("+ tributary-leftovers (all): old versions deleted after 30d, uploads ended after 7d, empty"
                        + " markers deleted");
        assertThat(lifecycle.compare(wanted).added()).hasSize(wanted.size());
    }

    @Test
    void rulesOfOthersAreKept() throws IOException {
        s3.client()
                .putBucketLifecycleConfiguration(put -> put.bucket(bucket)
                        .lifecycleConfiguration(configuration -> configuration.rules(rule -> rule.id("theirs")
                                .status(ExpirationStatus.ENABLED)
                                .filter(filter -> filter.prefix("theirs/"))
                                .expiration(expiration -> expiration.days(5)))));
        assertThat(lifecycle.apply(wanted).foreign()).isEqualTo(1);
        assertThat(rules()).contains("theirs").hasSize(wanted.size() + 1);
        assertThat(lifecycle.apply(wanted).isNothing()).isTrue();
    }

    @Test
    void driftIsToldAndMended() throws IOException {
        lifecycle.apply(wanted);
        List<LifecycleRule> other = new ArrayList<>(wanted);
        LifecycleRule last = other.remove(other.size() - 1);
        other.add(new LifecycleRule(last.id(), last.prefix(), last.transitions(), 1, 0, 0, false));
        other.add(new LifecycleRule("tributary-old", "old/", List.of(), 5, 0, 0, false));
        lifecycle.apply(other);
        Reconciliation mended = lifecycle.apply(wanted);
        assertThat(mended.lines())
                .containsExactly(
                        "~ tributary-replayed (events/source=replayed/): deleted after 1d  ->  tributary-replayed (events/source=replayed/): deleted after 30d",
                        "- tributary-old (old/): deleted after 5d");
        assertThat(lifecycle.compare(wanted).isNothing()).isTrue();
    }

    @Test
    void moreRulesThanS3TakesAreRefused() {
        assertThatThrownBy(() -> Reconciliation.of(List.of(), 990, wanted))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("S3 takes 1000");
        assertThat(IntStream.range(0, wanted.size()).mapToObj(i -> wanted.get(i).id()))
                .doesNotHaveDuplicates();
    }

    @Test
    void aBucketThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> new S3Lifecycle(s3.client(), "nowhere-" + bucket).compare(wanted))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be read");
    }

    private List<String> rules() {
        return s3.client().getBucketLifecycleConfiguration(get -> get.bucket(bucket)).rules().stream()
                .map(rule -> rule.id())
                .toList();
    }

    private static List<LifecycleRule> wanted(String policy) throws YamlException {
        return Lifecycle.of(ArchivePolicy.parse("archive-policy.yaml", policy));
    }
}
