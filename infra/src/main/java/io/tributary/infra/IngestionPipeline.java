package io.tributary.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.osis.CfnPipeline;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * OpenSearch Ingestion: reads the objects of {@code events/} as they are written, and puts their documents into a domain or a
 * serverless collection. For sites whose volume is too much for a second Firehose stream, at the price of some minutes' delay.
 *
 * @see <a href="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/configure-client-s3.html">S3 as a source</a>
 */
final class IngestionPipeline extends Construct {
    static final String LOG_GROUP = "/aws/vendedlogs/tributary-ingestion";
    /** Characters of a value: with its path it stays below the 32,766 bytes of a term, whatever it is encoded to. */
    private static final int LONGEST_VALUE = 8_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of the pipeline, and of its only part. */
    static final String NAME = "tributary";

    private final Role role;
    private final Queue objects;
    private final Queue failed;

    /**
     * A pipeline.
     *
     * @param arn of the domain or collection
     * @param isServerless whether it is a collection, which has no ingest pipeline of ours to route documents
     */
    IngestionPipeline(Construct scope, String id, Storage storage, String arn, String endpoint, boolean isServerless) {
        super(scope, id);
        failed = queue("Failed", storage).build();
        objects = queue("Objects", storage)
                .visibilityTimeout(Duration.minutes(10))
                .deadLetterQueue(DeadLetterQueue.builder()
                        .queue(failed)
                        .maxReceiveCount(5)
                        .build())
                .build();
        // the construct for such a target lets the rules of every account in where a queue is encrypted
        CfnRule written = ObjectCreated.rule(
                        this, "Written", "Objects of normalised events", storage.archive(), "events/")
                .targets(List.of(CfnRule.TargetProperty.builder()
                        .id("objects")
                        .arn(objects.getQueueArn())
                        .deadLetterConfig(CfnRule.DeadLetterConfigProperty.builder()
                                .arn(failed.getQueueArn())
                                .build())
                        .build()))
                .build();
        Policies.allowRule(objects, written.getAttrArn());
        Policies.allowRule(failed, written.getAttrArn());
        role = Role.Builder.create(this, "Role")
                .assumedBy(ServicePrincipal.Builder.create("osis-pipelines.amazonaws.com")
                        .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID)))
                        .build())
                .build();
        allow(
                List.of("s3:ListBucket", "s3:GetBucketLocation"),
                storage.archive().getBucketArn());
        allow(List.of("s3:GetObject"), storage.archive().arnForObjects("events/*"));
        allow(List.of("s3:PutObject"), storage.archive().arnForObjects("failed/index/*"));
        allow(List.of("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"), objects.getQueueArn());
        allow(List.of("kms:Decrypt", "kms:GenerateDataKey"), storage.key().getKeyArn());
        allow(List.of(isServerless ? "aoss:APIAccessAll" : "es:ESHttp*"), isServerless ? arn : arn + "/*");
        allow(List.of(isServerless ? "aoss:BatchGetCollection" : "es:DescribeDomain"), arn);
        LogGroup logs = LogGroup.Builder.create(this, "Logs")
                .logGroupName(LOG_GROUP)
                .retention(RetentionDays.THREE_MONTHS)
                .encryptionKey(storage.key())
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        CfnPipeline.Builder.create(this, "Pipeline")
                .pipelineName(NAME)
                .minUnits(1)
                .maxUnits(8)
                .pipelineConfigurationBody(configuration(storage, objects, endpoint, isServerless))
                .encryptionAtRestOptions(CfnPipeline.EncryptionAtRestOptionsProperty.builder()
                        .kmsKeyArn(storage.key().getKeyArn())
                        .build())
                .logPublishingOptions(CfnPipeline.LogPublishingOptionsProperty.builder()
                        .isLoggingEnabled(true)
                        .cloudWatchLogDestination(CfnPipeline.CloudWatchLogDestinationProperty.builder()
                                .logGroup(logs.getLogGroupName())
                                .build())
                        .build())
                .build()
                .getNode()
                .addDependency(role);
    }

    private void allow(List<String> actions, String resource) {
        role.addToPolicy(Policies.allowing(actions, List.of(resource)));
    }

    private Queue.Builder queue(String id, Storage storage) {
        return Queue.Builder.create(this, id)
                .encryption(QueueEncryption.KMS)
                .encryptionMasterKey(storage.key())
                .enforceSsl(true)
                .retentionPeriod(Duration.days(14));
    }

    /** JSON is YAML, which a pipeline's configuration is. */
    private String configuration(Storage storage, Queue objects, String endpoint, boolean isServerless) {
        ObjectNode root = JSON.createObjectNode().put("version", "2");
        ObjectNode pipeline = root.putObject(NAME);
        ObjectNode source = pipeline.putObject("source").putObject("s3");
        source.put("acknowledgments", true)
                .put("notification_type", "sqs")
                .put("notification_source", "eventbridge")
                .put("compression", "gzip");
        source.putObject("codec").putObject("ndjson");
        source.putObject("sqs").put("queue_url", objects.getQueueUrl()).put("visibility_duplication_protection", true);
        aws(source);
        ObjectNode sink = JSON.createObjectNode();
        sink.putArray("hosts").add(endpoint);
        if (isServerless) {
            var processors = pipeline.putArray("processor");
            processors
                    .addObject()
                    .putObject("copy_values")
                    .putArray("entries")
                    .addObject()
                    .put("from_key", "/@timestamp")
                    .put("to_key", "/tributary_day");
            ObjectNode truncate = processors.addObject().putObject("truncate");
            ObjectNode entry = truncate.putArray("entries").addObject();
            entry.putArray("source_keys").add("tributary_day");
            entry.put("length", "yyyy-MM-dd".length());
            // all values of an event, at any depth
            truncate.withArray("/entries")
                    .addObject()
                    .put("length", LONGEST_VALUE)
                    .put("recursive", true);
            sink.put("index", "tributary-${/class_uid}-${/tributary_day}").put("document_id", "${/metadata/uid}");
            sink.putArray("exclude_keys").add("tributary_day");
        } else {
            // its ingest pipeline gives the document its id, and its index
            sink.put("index", "tributary-events");
        }
        aws(sink);
        if (isServerless) {
            sink.withObject("/aws").put("serverless", true);
        }
        sink.putObject("dlq")
                .putObject("s3")
                .put("bucket", storage.archive().getBucketName())
                .put("key_path_prefix", "failed/index")
                .put("region", Aws.REGION)
                .put("sts_role_arn", role.getRoleArn());
        pipeline.putArray("sink").addObject().set("opensearch", sink);
        return root.toString();
    }

    private void aws(ObjectNode part) {
        part.putObject("aws").put("region", Aws.REGION).put("sts_role_arn", role.getRoleArn());
    }

    Role role() {
        return role;
    }

    /** Objects that wait to be read. */
    Queue objects() {
        return objects;
    }

    /** Objects that could not be read. */
    Queue failed() {
        return failed;
    }
}
