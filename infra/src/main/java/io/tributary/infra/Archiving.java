package io.tributary.infra;

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
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/** The archive function, the queue that it works on, its schedules, and what tells it that objects are restored. */
final class Archiving extends Construct {
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
        for (var bucket : List.of(storage.archive(), storage.trail())) {
            function.allow(
                    List.of("s3:ListBucket", "s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
                    List.of(bucket.getBucketArn()));
            function.allow(
                    List.of(
                            "s3:GetObject",
                            "s3:PutObject",
                            "s3:PutObjectRetention",
                            "s3:DeleteObject",
                            "s3:AbortMultipartUpload",
                            "s3:RestoreObject"),
                    List.of(bucket.arnForObjects("*")));
        }
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
