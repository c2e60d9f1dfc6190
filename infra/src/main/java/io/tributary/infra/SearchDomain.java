package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.EbsDeviceVolumeType;
import software.amazon.awscdk.services.logs.CfnResourcePolicy;
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

/** A domain of OpenSearch Service of our own. */
final class SearchDomain extends Construct {
    static final String LOG_GROUP = "/tributary/opensearch";

    private static final int ZONES = 3;

    private final Domain domain;

    SearchDomain(Construct scope, String id, Settings.Index index, Storage storage) {
        super(scope, id);
        LogGroup domainLogs = LogGroup.Builder.create(this, "DomainLogs")
                .logGroupName(LOG_GROUP)
                .retention(RetentionDays.THREE_MONTHS)
                .encryptionKey(storage.key())
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        domain = Domain.Builder.create(this, "Domain")
                .version(EngineVersion.openSearch("2.19"))
                .capacity(CapacityConfig.builder()
                        .dataNodes(index.dataNodes())
                        .dataNodeInstanceType(index.instance())
                        .masterNodes(3)
                        .masterNodeInstanceType("m7g.medium.search")
                        .multiAzWithStandbyEnabled(false)
                        .build())
                .zoneAwareness(ZoneAwarenessConfig.builder()
                        .enabled(true)
                        .availabilityZoneCount(index.dataNodes() % ZONES == 0 ? ZONES : 2)
                        .build())
                .ebs(EbsOptions.builder()
                        .volumeSize(index.storage())
                        .volumeType(EbsDeviceVolumeType.GP3)
                        .build())
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
                // the construct's own brings a function of the CDK's along
                .suppressLogsResourcePolicy(true)
                .advancedOptions(Map.of("rest.action.multi.allow_explicit_index", "true"))
                .removalPolicy(Storage.KEPT)
                .build();
        domain.getNode().addDependency(allowLogs(domainLogs));
    }

    /** Lets domains of this account write to the log group: which of them, has no name yet that could be told. */
    private CfnResourcePolicy allowLogs(LogGroup logs) {
        return CfnResourcePolicy.Builder.create(this, "LogsPolicy")
                .policyName("tributary-opensearch")
                .policyDocument(Stack.of(this)
                        .toJsonString(Policies.of(List.of(Map.of(
                                "Effect",
                                "Allow",
                                "Principal",
                                Map.of("Service", "es.amazonaws.com"),
                                "Action",
                                List.of("logs:PutLogEvents", "logs:CreateLogStream"),
                                "Resource",
                                logs.getLogGroupArn(),
                                "Condition",
                                Map.of(
                                        "StringEquals",
                                        Map.of("aws:SourceAccount", Aws.ACCOUNT_ID),
                                        "ArnLike",
                                        Map.of(
                                                "aws:SourceArn",
                                                "arn:" + Aws.PARTITION + ":es:" + Aws.REGION + ":" + Aws.ACCOUNT_ID
                                                        + ":domain/*")))))))
                .build();
    }

    /** Lets roles write, and nobody else: people are given access by the domain's owner. */
    void allow(List<String> roleArns) {
        // the construct's own way to set it brings a function of the CDK's along
        ((CfnDomain) domain.getNode().getDefaultChild())
                .setAccessPolicies(Policies.of(List.of(Map.of(
                        "Effect",
                        "Allow",
                        "Principal",
                        Map.of("AWS", roleArns),
                        "Action",
                        List.of("es:ESHttpPost", "es:ESHttpPut", "es:ESHttpGet", "es:ESHttpHead", "es:DescribeDomain"),
                        // within a domain's own policy there is no other domain
                        "Resource",
                        "*"))));
    }

    Domain domain() {
        return domain;
    }
}
