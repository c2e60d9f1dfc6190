package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.opensearchservice.CapacityConfig;
import software.amazon.awscdk.services.opensearchservice.CfnDomain;
import software.amazon.awscdk.services.opensearchservice.Domain;
import software.amazon.awscdk.services.opensearchservice.EbsOptions;
import software.amazon.awscdk.services.opensearchservice.EncryptionAtRestOptions;
import software.amazon.awscdk.services.opensearchservice.EngineVersion;
import software.amazon.awscdk.services.opensearchservice.LoggingOptions;
import software.amazon.awscdk.services.opensearchservice.TLSSecurityPolicy;
import software.amazon.awscdk.services.opensearchservice.ZoneAwarenessConfig;
import software.constructs.Construct;

/** A domain of OpenSearch Service, and the Firehose stream that events are put on, one a record, to get there. */
final class SearchDomain extends Construct {
    static final String STREAM = "tributary-index";

    private final Domain domain;
    private final CfnDeliveryStream delivery;

    SearchDomain(Construct scope, String id, Storage storage) {
        super(scope, id);
        LogGroup domainLogs = LogGroup.Builder.create(this, "DomainLogs")
                .logGroupName("/tributary/opensearch")
                .retention(RetentionDays.THREE_MONTHS)
                .encryptionKey(storage.key())
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        domain = Domain.Builder.create(this, "Domain")
                .version(EngineVersion.openSearch("2.19"))
                .capacity(CapacityConfig.builder()
                        .dataNodes(2)
                        .dataNodeInstanceType("r7g.large.search")
                        .masterNodes(3)
                        .masterNodeInstanceType("m7g.medium.search")
                        .multiAzWithStandbyEnabled(false)
                        .build())
                .zoneAwareness(ZoneAwarenessConfig.builder()
                        .enabled(true)
                        .availabilityZoneCount(2)
                        .build())
                .ebs(EbsOptions.builder().volumeSize(200).build())
                .encryptionAtRest(EncryptionAtRestOptions.builder()
                        .enabled(true)
                        .kmsKey(storage.key())
                        .build())
                .nodeToNodeEncryption(true)
                .enforceHttps(true)
                .tlsSecurityPolicy(TLSSecurityPolicy.TLS_1_2)
                .logging(LoggingOptions.builder()
                        .slowIndexLogEnabled(true)
                        .slowIndexLogGroup(domainLogs)
                        .slowSearchLogEnabled(true)
                        .slowSearchLogGroup(domainLogs)
                        .appLogEnabled(true)
                        .appLogGroup(domainLogs)
                        .build())
                .suppressLogsResourcePolicy(true)
                .advancedOptions(Map.of("rest.action.multi.allow_explicit_index", "true"))
                .removalPolicy(RemovalPolicy.RETAIN)
                .build();
        delivery = delivery(storage);
    }

    private CfnDeliveryStream delivery(Storage storage) {
        DeliveryRole delivering = new DeliveryRole(this, "Delivery", STREAM, storage);
        Role role = delivering.role();
        role.addToPolicy(PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .actions(List.of(
                        "es:DescribeDomain",
                        "es:DescribeDomains",
                        "es:DescribeDomainConfig",
                        "es:ESHttpPost",
                        "es:ESHttpPut",
                        "es:ESHttpGet"))
                .resources(List.of(domain.getDomainArn(), domain.getDomainArn() + "/*"))
                .build());
        // the construct's own way to set it brings a function of the CDK's along
        ((CfnDomain) domain.getNode().getDefaultChild())
                .setAccessPolicies(Map.of(
                        "Version",
                        "2012-10-17",
                        "Statement",
                        List.of(Map.of(
                                "Effect",
                                "Allow",
                                "Principal",
                                Map.of("AWS", role.getRoleArn()),
                                "Action",
                                List.of("es:ESHttpPost", "es:ESHttpPut", "es:ESHttpGet"),
                                // within a domain's own policy there is no other domain
                                "Resource",
                                "*"))));
        CfnDeliveryStream.CloudWatchLoggingOptionsProperty logging = delivering.logging();
        CfnDeliveryStream stream = CfnDeliveryStream.Builder.create(this, "Stream")
                .deliveryStreamName(STREAM)
                .deliveryStreamType("DirectPut")
                .deliveryStreamEncryptionConfigurationInput(
                        CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty.builder()
                                .keyType("CUSTOMER_MANAGED_CMK")
                                .keyArn(storage.key().getKeyArn())
                                .build())
                .amazonopensearchserviceDestinationConfiguration(
                        CfnDeliveryStream.AmazonopensearchserviceDestinationConfigurationProperty.builder()
                                .domainArn(domain.getDomainArn())
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
        stream.getNode().addDependency(role);
        return stream;
    }

    String streamArn() {
        return "arn:" + Aws.PARTITION + ":firehose:" + Aws.REGION + ":" + Aws.ACCOUNT_ID + ":deliverystream/" + STREAM;
    }

    Domain domain() {
        return domain;
    }

    CfnDeliveryStream delivery() {
        return delivery;
    }
}
