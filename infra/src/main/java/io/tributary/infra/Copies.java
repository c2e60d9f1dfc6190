package io.tributary.infra;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream;
import software.constructs.Construct;

/**
 * Destinations beside the search engine: further Firehose streams that the transform function puts every document on. What is
 * delivered twice is there twice; {@code metadata.uid} tells.
 */
final class Copies extends Construct {
    static final String SPLUNK = "tributary-splunk";
    static final String REDSHIFT = "tributary-redshift";

    private final Storage storage;
    private final List<String> frames = new ArrayList<>();
    private final List<CfnDeliveryStream> streams = new ArrayList<>();

    Copies(Construct scope, String id, Settings.Destinations destinations, Storage storage) {
        super(scope, id);
        this.storage = storage;
        destinations.splunk().ifPresent(this::splunk);
        destinations.redshift().ifPresent(this::redshift);
    }

    private void splunk(Settings.Splunk splunk) {
        DeliveryRole delivering = role(SPLUNK, splunk.secret()).writingTo(storage.archive(), "failed/splunk/");
        add(
                "splunk",
                SPLUNK,
                delivering,
                stream("Splunk", SPLUNK)
                        .splunkDestinationConfiguration(
                                CfnDeliveryStream.SplunkDestinationConfigurationProperty.builder()
                                        .hecEndpoint(splunk.endpoint())
                                        .hecEndpointType("Event")
                                        .hecAcknowledgmentTimeoutInSeconds(180)
                                        .bufferingHints(CfnDeliveryStream.SplunkBufferingHintsProperty.builder()
                                                .sizeInMBs(5)
                                                .intervalInSeconds(30)
                                                .build())
                                        .retryOptions(CfnDeliveryStream.SplunkRetryOptionsProperty.builder()
                                                .durationInSeconds(7_200)
                                                .build())
                                        .secretsManagerConfiguration(secret(delivering, splunk.secret()))
                                        .cloudWatchLoggingOptions(delivering.logging())
                                        .s3BackupMode("FailedEventsOnly")
                                        .s3Configuration(failed(delivering, "splunk"))
                                        .build())
                        .build());
    }

    private void redshift(Settings.Redshift redshift) {
        // Firehose has Redshift copy files, of which it writes lists, too: of what could not be copied, below errors/
        DeliveryRole delivering =
                role(REDSHIFT, redshift.secret()).writingTo(storage.work(), "redshift/", "manifests/", "errors/");
        add(
                "lines",
                REDSHIFT,
                delivering,
                stream("Redshift", REDSHIFT)
                        .redshiftDestinationConfiguration(
                                CfnDeliveryStream.RedshiftDestinationConfigurationProperty.builder()
                                        .clusterJdbcurl(redshift.jdbc())
                                        .roleArn(delivering.role().getRoleArn())
                                        .copyCommand(CfnDeliveryStream.CopyCommandProperty.builder()
                                                .dataTableName(redshift.table())
                                                // a document is one value of type SUPER
                                                .copyOptions("JSON 'noshred' GZIP TRUNCATECOLUMNS")
                                                .build())
                                        .retryOptions(CfnDeliveryStream.RedshiftRetryOptionsProperty.builder()
                                                .durationInSeconds(7_200)
                                                .build())
                                        .secretsManagerConfiguration(secret(delivering, redshift.secret()))
                                        .cloudWatchLoggingOptions(delivering.logging())
                                        .s3Configuration(CfnDeliveryStream.S3DestinationConfigurationProperty.builder()
                                                .bucketArn(storage.work().getBucketArn())
                                                .roleArn(delivering.role().getRoleArn())
                                                .prefix("redshift/")
                                                .compressionFormat("GZIP")
                                                .bufferingHints(Ingestion.buffer(64, 300))
                                                .cloudWatchLoggingOptions(delivering.logging())
                                                .build())
                                        .build())
                        .build());
    }

    private DeliveryRole role(String stream, String secret) {
        DeliveryRole delivering = new DeliveryRole(this, stream, stream, storage);
        delivering.role().addToPolicy(Policies.allowing(List.of("secretsmanager:GetSecretValue"), List.of(secret)));
        return delivering;
    }

    private static CfnDeliveryStream.SecretsManagerConfigurationProperty secret(
            DeliveryRole delivering, String secret) {
        return CfnDeliveryStream.SecretsManagerConfigurationProperty.builder()
                .enabled(true)
                .roleArn(delivering.role().getRoleArn())
                .secretArn(secret)
                .build();
    }

    private CfnDeliveryStream.S3DestinationConfigurationProperty failed(DeliveryRole delivering, String destination) {
        return CfnDeliveryStream.S3DestinationConfigurationProperty.builder()
                .bucketArn(storage.archive().getBucketArn())
                .roleArn(delivering.role().getRoleArn())
                .prefix("failed/" + destination + "/!{timestamp:yyyy/MM/dd/HH}/")
                .errorOutputPrefix(
                        "failed/" + destination + "/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/")
                .compressionFormat("UNCOMPRESSED")
                .bufferingHints(Ingestion.buffer(64, 300))
                .cloudWatchLoggingOptions(delivering.logging())
                .build();
    }

    private CfnDeliveryStream.Builder stream(String id, String name) {
        return CfnDeliveryStream.Builder.create(this, id)
                .deliveryStreamName(name)
                .deliveryStreamType("DirectPut")
                .deliveryStreamEncryptionConfigurationInput(
                        CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty.builder()
                                .keyType("CUSTOMER_MANAGED_CMK")
                                .keyArn(storage.key().getKeyArn())
                                .build());
    }

    private void add(String frame, String name, DeliveryRole delivering, CfnDeliveryStream stream) {
        stream.getNode().addDependency(delivering.role());
        frames.add(frame + ":" + name);
        streams.add(stream);
    }

    /** As the transform function is told of them; empty for none. */
    String setting() {
        return String.join(",", frames);
    }

    List<CfnDeliveryStream> streams() {
        return streams;
    }
}
