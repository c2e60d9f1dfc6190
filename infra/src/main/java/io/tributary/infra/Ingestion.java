package io.tributary.infra;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kinesis.Stream;
import software.amazon.awscdk.services.kinesis.StreamEncryption;
import software.amazon.awscdk.services.kinesis.StreamMode;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream;
import software.constructs.Construct;

/** The log stream, and the Firehose stream that takes from it, has records transformed, and writes them to the archive. */
final class Ingestion extends Construct {
    static final String STREAM = "tributary-logs";
    static final int CONCURRENCY = 200;
    static final String ARCHIVE_STREAM = "tributary-archive";

    private final Stream stream;
    private final PipelineFunction transform;
    private final CfnDeliveryStream archiveStream;

    Ingestion(
            Construct scope,
            String id,
            Settings settings,
            Storage storage,
            Packages.Zip archive,
            Search search,
            Copies copies) {
        super(scope, id);
        Stream.Builder builder = Stream.Builder.create(this, "Stream")
                .streamName(STREAM)
                .encryption(StreamEncryption.KMS)
                .encryptionKey(storage.key())
                .retentionPeriod(Duration.days(settings.stream().retentionDays()))
                // what is on it is on its way: nothing is kept there, and its name must be free for the next deployment
                .removalPolicy(RemovalPolicy.DESTROY);
        if (settings.stream().shards() > 0) {
            builder.streamMode(StreamMode.PROVISIONED)
                    .shardCount(settings.stream().shards());
        } else {
            builder.streamMode(StreamMode.ON_DEMAND);
        }
        stream = builder.build();
        Map<String, String> environment = new HashMap<>();
        environment.put("TRIBUTARY_INDEX", index(search));
        search.stream().ifPresent(index -> environment.put("TRIBUTARY_INDEX_STREAM", IndexStream.STREAM));
        if (!settings.origins().isEmpty()) {
            environment.put(
                    "TRIBUTARY_TRUSTED_ORIGINS",
                    settings.origins().stream().map(Settings.Origin::toString).collect(Collectors.joining(",")));
        }
        if (settings.regions().size() > 1) {
            // logs that do not tell their Region may be of any
            environment.put("TRIBUTARY_DEFAULT_REGION", "none");
        }
        if (settings.isCentralized()) {
            environment.put("TRIBUTARY_CENTRALIZATION_ACCOUNT", settings.logging());
        }
        if (!copies.setting().isEmpty()) {
            environment.put("TRIBUTARY_COPIES", copies.setting());
        }
        if (!settings.accountNames().isEmpty()) {
            environment.put("TRIBUTARY_ACCOUNT_NAMES", Alerting.names(settings));
        }
        transform = new PipelineFunction(
                this,
                "Transform",
                "transform",
                archive,
                new PipelineFunction.Shape(1_769, Duration.minutes(5), CONCURRENCY),
                environment,
                storage.key());
        transform.allow(List.of("kinesis:PutRecords"), List.of(stream.getStreamArn()));
        search.stream()
                .ifPresent(index -> transform.allow(List.of("firehose:PutRecordBatch"), List.of(index.streamArn())));
        copies.streams()
                .forEach(copy -> transform.allow(
                        List.of("firehose:PutRecordBatch"),
                        List.of(DeliveryRole.streamArn(copy.getDeliveryStreamName()))));
        storage.key().grantEncryptDecrypt(transform.function());
        archiveStream = archiveStream(storage);
    }

    private static String index(Search search) {
        if (search.stream().isPresent()) {
            return "firehose";
        }
        return search.pipeline().isPresent() ? "ingestion" : "none";
    }

    private CfnDeliveryStream archiveStream(Storage storage) {
        DeliveryRole delivering = new DeliveryRole(this, "Delivery", ARCHIVE_STREAM, storage)
                .writingTo(storage.archive(), "events/", "raw/", FailedObjects.PREFIX);
        Role role = delivering.role();
        role.addToPolicy(Policies.allowing(
                List.of(
                        "kinesis:DescribeStream",
                        "kinesis:GetRecords",
                        "kinesis:GetShardIterator",
                        "kinesis:ListShards"),
                List.of(stream.getStreamArn())));
        String function = transform.function().getFunctionArn();
        role.addToPolicy(Policies.allowing(
                List.of("lambda:InvokeFunction", "lambda:GetFunctionConfiguration"),
                List.of(function, function + ":*")));
        CfnDeliveryStream.CloudWatchLoggingOptionsProperty logging = delivering.logging();
        CfnDeliveryStream delivery = CfnDeliveryStream.Builder.create(this, "ArchiveStream")
                .deliveryStreamName(ARCHIVE_STREAM)
                .deliveryStreamType("KinesisStreamAsSource")
                .kinesisStreamSourceConfiguration(CfnDeliveryStream.KinesisStreamSourceConfigurationProperty.builder()
                        .kinesisStreamArn(stream.getStreamArn())
                        .roleArn(role.getRoleArn())
                        .build())
                .extendedS3DestinationConfiguration(
                        CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty.builder()
                                .bucketArn(storage.archive().getBucketArn())
                                .roleArn(role.getRoleArn())
                                .prefix(
                                        "events/source=!{partitionKeyFromLambda:source}/date=!{partitionKeyFromLambda:date}/")
                                .errorOutputPrefix("failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/")
                                .fileExtension(".ndjson.gz")
                                // the function's data is gzip already
                                .compressionFormat("UNCOMPRESSED")
                                .bufferingHints(buffer(128, 300))
                                .cloudWatchLoggingOptions(logging)
                                .dynamicPartitioningConfiguration(
                                        CfnDeliveryStream.DynamicPartitioningConfigurationProperty.builder()
                                                .enabled(true)
                                                .retryOptions(CfnDeliveryStream.RetryOptionsProperty.builder()
                                                        .durationInSeconds(3_600)
                                                        .build())
                                                .build())
                                .processingConfiguration(processing())
                                .s3BackupMode("Enabled")
                                .s3BackupConfiguration(CfnDeliveryStream.S3DestinationConfigurationProperty.builder()
                                        .bucketArn(storage.archive().getBucketArn())
                                        .roleArn(role.getRoleArn())
                                        .prefix("raw/!{timestamp:yyyy/MM/dd/HH}/")
                                        .errorOutputPrefix(
                                                "failed/backup/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/")
                                        .compressionFormat("UNCOMPRESSED")
                                        .bufferingHints(buffer(128, 900))
                                        .cloudWatchLoggingOptions(logging)
                                        .build())
                                .build())
                .build();
        delivery.getNode().addDependency(role);
        return delivery;
    }

    private CfnDeliveryStream.ProcessingConfigurationProperty processing() {
        return CfnDeliveryStream.ProcessingConfigurationProperty.builder()
                .enabled(true)
                .processors(List.of(CfnDeliveryStream.ProcessorProperty.builder()
                        .type("Lambda")
                        .parameters(List.of(
                                parameter("LambdaArn", transform.function().getFunctionArn()),
                                // a megabyte of compressed records is all that an answer holds
                                parameter("BufferSizeInMBs", "1"),
                                parameter("BufferIntervalInSeconds", "10"),
                                parameter("NumberOfRetries", "3")))
                        .build()))
                .build();
    }

    private static CfnDeliveryStream.ProcessorParameterProperty parameter(String name, String value) {
        return CfnDeliveryStream.ProcessorParameterProperty.builder()
                .parameterName(name)
                .parameterValue(value)
                .build();
    }

    static CfnDeliveryStream.BufferingHintsProperty buffer(int megabytes, int seconds) {
        return CfnDeliveryStream.BufferingHintsProperty.builder()
                .sizeInMBs(megabytes)
                .intervalInSeconds(seconds)
                .build();
    }

    Stream stream() {
        return stream;
    }

    PipelineFunction transform() {
        return transform;
    }

    CfnDeliveryStream archiveStream() {
        return archiveStream;
    }
}
