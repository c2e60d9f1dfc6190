package io.tributary.infra;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.events.CronOptions;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.RuleTargetInput;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSource;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/** The archive function, the queue that it works on, its schedules, and what tells it that objects are restored. */
final class Archiving extends Construct {
    /** Where objects are put that cannot be compacted. */
    private static final String SET_ASIDE = FailedObjects.PREFIX + "compaction/";

    private static final String TRAIL_FILES = "cloudtrail/";

    private static final Duration TIMEOUT = Duration.minutes(15);
    private static final int CONCURRENT_ITEMS = 10;
    /** For items of the queue, and for requests and schedules beside them. */
    static final int CONCURRENCY = CONCURRENT_ITEMS + 5;

    private final PipelineFunction function;
    private final Queue tasks;
    private final Queue failed;
    private final Queue undelivered;

    Archiving(
            Construct scope,
            String id,
            Settings settings,
            Storage storage,
            Ingestion ingestion,
            Topic notices,
            Packages.Zip archive) {
        super(scope, id);
        failed = queue("FailedTasks", storage).build();
        tasks = queue("Tasks", storage)
                // as AWS advises: six times the function's timeout
                .visibilityTimeout(Duration.minutes(90))
                .deadLetterQueue(DeadLetterQueue.builder()
                        .queue(failed)
                        .maxReceiveCount(4)
                        .build())
                .build();
        undelivered = queue("Undelivered", storage).build();
        Map<String, String> environment = new HashMap<>();
        environment.put("TRIBUTARY_BUCKET", storage.archive().getBucketName());
        environment.put("TRIBUTARY_CHAIN_HEADS_BUCKET", storage.chainHeads().getBucketName());
        environment.put("TRIBUTARY_TRAIL_BUCKET", storage.trail().getBucketName());
        environment.put("TRIBUTARY_POLICY", settings.policy());
        environment.put("TRIBUTARY_QUEUE_URL", tasks.getQueueUrl());
        environment.put("TRIBUTARY_NOTICE_TOPIC", notices.getTopicArn());
        environment.put("TRIBUTARY_LOG_STREAM", ingestion.stream().getStreamArn());
        function = new PipelineFunction(
                this,
                "Archive",
                "archive",
                archive,
                new PipelineFunction.Shape(1_024, TIMEOUT, CONCURRENCY),
                environment,
                storage.key());
        boolean isLocking = settings.isLocked();
        read(storage.archive(), "archive/", "events/", FailedObjects.PREFIX, "manifests/", "raw/", "restore/");
        write(storage.archive(), isLocking, "archive/", SET_ASIDE, "manifests/", "reports/", "restore/");
        delete(storage.archive(), "archive/", "events/", "manifests/", "restore/");
        read(storage.trail(), "archive/", TRAIL_FILES, "manifests/");
        if (settings.archivePolicy().trailFiles().isPresent()) {
            write(storage.trail(), isLocking, "archive/", SET_ASIDE, "manifests/");
            delete(storage.trail(), "archive/", TRAIL_FILES, "manifests/");
        }
        read(storage.chainHeads(), "");
        function.allow(List.of("s3:PutObject"), List.of(storage.chainHeads().arnForObjects("*")));
        storage.key().grantEncryptDecrypt(function.function());
        function.allow(List.of("sqs:SendMessage"), List.of(tasks.getQueueArn()));
        function.allow(List.of("sns:Publish"), List.of(notices.getTopicArn()));
        function.allow(List.of("kinesis:PutRecords"), List.of(ingestion.stream().getStreamArn()));
        // it has no resources
        function.allow(List.of("cloudtrail:ListPublicKeys"), List.of("*"));
        function.function()
                .addEventSource(SqsEventSource.Builder.create(tasks)
                        .batchSize(1)
                        .maxConcurrency(CONCURRENT_ITEMS)
                        .reportBatchItemFailures(true)
                        .build());
        schedule("Plan", Map.of("action", "plan"), hour("*", 17));
        schedule("Verify", Map.of("action", "verify"), hour("3", 40));
        schedule("VerifyTrail", Map.of("action", "verify trail"), hour("5", 20));
        schedule("Lifecycle", Map.of("action", "lifecycle"), hour("2", 5));
        schedule(
                "Report",
                Map.of("action", "report"),
                CronOptions.builder().day("1").hour("6").minute("0").build());
        Rule.Builder.create(this, "Restored")
                .description("Objects of the archive that can be read again")
                .eventPattern(EventPattern.builder()
                        .source(List.of("aws.s3"))
                        .detailType(List.of("Object Restore Completed"))
                        .detail(Map.of(
                                "bucket",
                                Map.of("name", List.of(storage.archive().getBucketName()))))
                        .build())
                .targets(List.of(LambdaFunction.Builder.create(function.function())
                        .deadLetterQueue(undelivered)
                        .build()))
                .build();
    }

    private void read(Bucket bucket, String... prefixes) {
        function.allow(List.of("s3:ListBucket"), List.of(bucket.getBucketArn()));
        function.allow(List.of("s3:GetObject"), objects(bucket, prefixes));
    }

    /** Lets the function add objects, lock them where the bucket has locks, wake them, and keep the bucket's lifecycle rules. */
    private void write(Bucket bucket, boolean isLocking, String... prefixes) {
        List<String> actions = new ArrayList<>(List.of("s3:PutObject", "s3:AbortMultipartUpload"));
        if (isLocking) {
            actions.add("s3:PutObjectRetention");
        }
        function.allow(actions, objects(bucket, prefixes));
        function.allow(List.of("s3:RestoreObject"), objects(bucket, "archive/"));
        function.allow(
                List.of("s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
                List.of(bucket.getBucketArn()));
    }

    /** Lets the function put a marker of deletion before objects; versions go by lifecycle rules alone. */
    private void delete(Bucket bucket, String... prefixes) {
        function.allow(List.of("s3:DeleteObject"), objects(bucket, prefixes));
    }

    private static List<String> objects(Bucket bucket, String... prefixes) {
        return Arrays.stream(prefixes)
                .map(prefix -> bucket.arnForObjects(prefix + "*"))
                .toList();
    }

    private Queue.Builder queue(String id, Storage storage) {
        return Queue.Builder.create(this, id)
                .encryption(QueueEncryption.KMS)
                .encryptionMasterKey(storage.key())
                .enforceSsl(true)
                .retentionPeriod(Duration.days(14));
    }

    private static CronOptions hour(String hour, int minute) {
        return CronOptions.builder().hour(hour).minute(Integer.toString(minute)).build();
    }

    private void schedule(String id, Map<String, String> request, CronOptions when) {
        Rule.Builder.create(this, id)
                .description("Tributary's archive: " + request.get("action"))
                .schedule(Schedule.cron(when))
                .targets(List.of(LambdaFunction.Builder.create(function.function())
                        .event(RuleTargetInput.fromObject(request))
                        .deadLetterQueue(undelivered)
                        .build()))
                .build();
    }

    PipelineFunction function() {
        return function;
    }

    /** Tasks that failed. */
    Queue failed() {
        return failed;
    }

    /** Events that the function did not get. */
    Queue undelivered() {
        return undelivered;
    }
}
