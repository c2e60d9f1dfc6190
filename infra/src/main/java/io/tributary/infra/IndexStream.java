package io.tributary.infra;

import java.util.List;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream;
import software.constructs.Construct;

/** The Firehose stream that events are put on, one a record, to get to a domain of OpenSearch Service. */
final class IndexStream extends Construct {
    static final String STREAM = "tributary-index";

    private final CfnDeliveryStream delivery;
    private final Role role;

    IndexStream(Construct scope, String id, Storage storage, String domainArn) {
        super(scope, id);
        DeliveryRole delivering =
                new DeliveryRole(this, "Delivery", STREAM, storage).writingTo(storage.archive(), "failed/index/");
        role = delivering.role();
        role.addToPolicy(Policies.allowing(
                List.of(
                        "es:DescribeDomain",
                        "es:DescribeDomains",
                        "es:DescribeDomainConfig",
                        "es:ESHttpPost",
                        "es:ESHttpPut",
                        "es:ESHttpGet"),
                List.of(domainArn, domainArn + "/*")));
        CfnDeliveryStream.CloudWatchLoggingOptionsProperty logging = delivering.logging();
        delivery = CfnDeliveryStream.Builder.create(this, "Stream")
                .deliveryStreamName(STREAM)
                .deliveryStreamType("DirectPut")
                .deliveryStreamEncryptionConfigurationInput(
                        CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty.builder()
                                .keyType("CUSTOMER_MANAGED_CMK")
                                .keyArn(storage.key().getKeyArn())
                                .build())
                .amazonopensearchserviceDestinationConfiguration(
                        CfnDeliveryStream.AmazonopensearchserviceDestinationConfigurationProperty.builder()
                                .domainArn(domainArn)
                                .indexName("tributary-events")
                                .indexRotationPeriod("NoRotation")
                                .typeName("")
                                .roleArn(role.getRoleArn())
                                .bufferingHints(
                                        CfnDeliveryStream.AmazonopensearchserviceBufferingHintsProperty.builder()
                                                .sizeInMBs(10)
                                                .intervalInSeconds(30)
                                                .build())
                                .retryOptions(CfnDeliveryStream.AmazonopensearchserviceRetryOptionsProperty.builder()
                                        .durationInSeconds(7_200)
                                        .build())
                                .cloudWatchLoggingOptions(logging)
                                .s3BackupMode("FailedDocumentsOnly")
                                .s3Configuration(CfnDeliveryStream.S3DestinationConfigurationProperty.builder()
                                        .bucketArn(storage.archive().getBucketArn())
                                        .roleArn(role.getRoleArn())
                                        .prefix("failed/index/!{timestamp:yyyy/MM/dd/HH}/")
                                        .errorOutputPrefix(
                                                "failed/index/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/")
                                        .compressionFormat("UNCOMPRESSED")
                                        .bufferingHints(Ingestion.buffer(64, 300))
                                        .cloudWatchLoggingOptions(logging)
                                        .build())
                                .build())
                .build();
        delivery.getNode().addDependency(role);
    }

    String streamArn() {
        return DeliveryRole.streamArn(STREAM);
    }

    Role role() {
        return role;
    }

    CfnDeliveryStream delivery() {
        return delivery;
    }
}
