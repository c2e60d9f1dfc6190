package io.tributary.archive.aws;

import io.quarkus.runtime.Startup;
import io.tributary.archive.ArchiveHandler.RequestCounts;
import io.tributary.archive.Requests;
import io.tributary.archive.compaction.ChainHeads;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.StoredChainHeads;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.integrity.TrailVerifier;
import io.tributary.archive.lifecycle.Lifecycle;
import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.archive.restore.Notices;
import io.tributary.archive.restore.Restorer;
import io.tributary.archive.task.Archivist;
import io.tributary.archive.task.Archivist.Stores;
import io.tributary.archive.task.TaskQueue;
import io.tributary.aws.KinesisRecordStream;
import io.tributary.yaml.YamlException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Puts the core together from the settings; at start, so that a wrong setting fails then. */
@ApplicationScoped
class ArchiveProducer {
    private static final Logger LOG = Logger.getLogger(Archivist.class);

    /** The buckets. */
    record Buckets(S3ArchiveStore archive, Optional<S3ArchiveStore> trail, Optional<S3ArchiveStore> heads) {
        List<S3ArchiveStore> all() {
            List<S3ArchiveStore> all = new ArrayList<>(List.of(archive));
            trail.ifPresent(all::add);
            heads.ifPresent(all::add);
            return all;
        }
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    ArchivePolicy policy(Settings settings) {
        try {
            return ArchivePolicy.parse("tributary.policy", settings.policy());
        } catch (YamlException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Produces
    @Singleton
    Buckets buckets(Settings settings, S3Client s3, ExecutorService executor) {
        return new Buckets(
                new S3ArchiveStore(s3, settings.bucket(), executor),
                settings.trailBucket().map(bucket -> new S3ArchiveStore(s3, bucket, executor)),
                settings.chainHeadsBucket().map(bucket -> new S3ArchiveStore(s3, bucket, executor)));
    }

    @Produces
    @Singleton
    Stores stores(Settings settings, Buckets buckets, ArchivePolicy policy, InstantSource clock) {
        return new Stores(
                chains(buckets.archive(), settings.bucket(), buckets, policy, clock),
                buckets.trail()
                        .map(store -> chains(store, settings.trailBucket().orElseThrow(), buckets, policy, clock)));
    }

    private static Chains chains(
            S3ArchiveStore store, String name, Buckets buckets, ArchivePolicy policy, InstantSource clock) {
        ChainHeads heads = buckets.heads()
                .map(bucket -> (ChainHeads) new StoredChainHeads(bucket, name))
                .orElse(ChainHeads.NONE);
        return new Chains(store, heads, clock, policy::retention);
    }

    @Produces
    @Singleton
    RequestCounts requestCounts(Buckets buckets) {
        Map<String, Long> before = new TreeMap<>();
        return () -> {
            Map<String, Long> now = new TreeMap<>();
            for (S3ArchiveStore store : buckets.all()) {
                store.requests().forEach((request, count) -> now.merge(request.metric(), count, Long::sum));
            }
            Map<String, Long> since = new TreeMap<>();
            now.forEach((name, count) -> since.put(name, count - before.getOrDefault(name, 0L)));
            before.putAll(now);
            return since;
        };
    }

    @Produces
    @Singleton
    TaskQueue queue(Settings settings, Instance<SqsClient> sqs) {
        return settings.queueUrl()
                .map(url -> (TaskQueue) new SqsTaskQueue(sqs::get, url))
                .orElse(tasks -> {
                    if (!tasks.isEmpty()) {
                        throw new IllegalArgumentException(
                                "tributary.queue-url is missing: it must name the SQS queue that the function works on");
                    }
                });
    }

    @Produces
    @Singleton
    Notices notices(Settings settings, Instance<SnsClient> sns) {
        return settings.noticeTopic()
                .map(topic -> (Notices) new SnsNotices(sns::get, topic))
                .orElse((subject, text) -> LOG.infof("%s%n%s", subject, text));
    }

    @Produces
    @Singleton
    Restorer restorer(Stores stores, Notices notices) {
        return new Restorer(stores.archive(), Prices.usual(), notices, LOG::warn);
    }

    @Produces
    @Singleton
    Archivist archivist(
            Settings settings,
            Stores stores,
            ArchivePolicy policy,
            TaskQueue queue,
            Notices notices,
            Instance<KinesisClient> kinesis,
            InstantSource clock,
            ExecutorService executor) {
        return new Archivist(
                stores,
                policy,
                Prices.usual(),
                queue,
                notices,
                settings.logStream().map(arn -> new KinesisRecordStream(kinesis::get, arn)),
                settings.replayedPerSecond(),
                clock,
                executor,
                LOG::info);
    }

    @Produces
    @Singleton
    @Startup
    Requests requests(
            Settings settings,
            Stores stores,
            Archivist archivist,
            Restorer restorer,
            ArchivePolicy policy,
            TaskQueue queue,
            AwsClients clients,
            S3Client s3,
            InstantSource clock) {
        Optional<TrailVerifier> trail = stores.trail()
                .map(chains -> new TrailVerifier(
                        chains,
                        settings.trailBucket().orElseThrow(),
                        region -> new CloudTrailKeys(clients.cloudTrail(region))));
        return new Requests(
                stores.archive(),
                archivist,
                restorer,
                trail,
                (wanted, isDryRun) -> reconcile(settings, s3, wanted, isDryRun),
                policy,
                Prices.usual(),
                queue,
                clock);
    }

    private static List<String> reconcile(Settings settings, S3Client s3, ArchivePolicy policy, boolean isDryRun)
            throws IOException {
        S3Lifecycle archive = new S3Lifecycle(s3, settings.bucket());
        List<String> lines = new ArrayList<>(
                (isDryRun ? archive.compare(Lifecycle.of(policy)) : archive.apply(Lifecycle.of(policy))).lines());
        if (settings.trailBucket().isPresent() && policy.trailFiles().isPresent()) {
            S3Lifecycle trail = new S3Lifecycle(s3, settings.trailBucket().get());
            lines.addAll((isDryRun ? trail.compare(Lifecycle.ofTrail(policy)) : trail.apply(Lifecycle.ofTrail(policy)))
                    .lines());
        }
        return lines;
    }
}
