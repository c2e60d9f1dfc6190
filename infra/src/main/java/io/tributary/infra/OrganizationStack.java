package io.tributary.infra;

import java.nio.file.Path;
import java.util.List;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnStackSet;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.cloudtrail.CfnTrail;
import software.amazon.awscdk.services.iam.CfnRole;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.observabilityadmin.CfnOrganizationCentralizationRule;
import software.amazon.awscdk.services.observabilityadmin.CfnOrganizationTelemetryRule;
import software.amazon.awscdk.services.s3.assets.Asset;
import software.constructs.Construct;

/**
 * The organization's management account, or a delegated administrator: the trail of all accounts and Regions, flow logs for every
 * VPC, and the StackSet that puts every account on board, those that join later by themselves.
 */
final class OrganizationStack extends Stack {
    /** The log group that the trail writes to: it has no slash behind the name, as those that the pipeline writes for itself have. */
    static final String TRAIL_LOGS = "/tributary-cloudtrail";

    /** @param member the template of {@link MemberStack} */
    OrganizationStack(Construct scope, String id, StackProps properties, Settings settings, Path member) {
        super(scope, id, properties);
        if (settings.isTrail()) {
            trail(settings);
        }
        if (settings.isFlowLogs() && settings.vpcs().isEmpty()) {
            flowLogs(settings);
        }
        if (settings.isCentralized()) {
            centralization(settings);
        }
        // larger than a template that stands in a template may be
        Asset template = Asset.Builder.create(this, "MemberTemplate")
                .path(member.toString())
                .build();
        CfnStackSet.Builder.create(this, "Members")
                .stackSetName(InfraApp.STACK_SET)
                .description("Tributary: sends an account's logs and events to the logging account")
                .permissionModel("SERVICE_MANAGED")
                .callAs(settings.isDelegated() ? "DELEGATED_ADMIN" : "SELF")
                .autoDeployment(CfnStackSet.AutoDeploymentProperty.builder()
                        .enabled(true)
                        .retainStacksOnAccountRemoval(false)
                        .build())
                .capabilities(List.of("CAPABILITY_IAM"))
                .templateUrl(template.getHttpUrl())
                .operationPreferences(CfnStackSet.OperationPreferencesProperty.builder()
                        .regionConcurrencyType("PARALLEL")
                        .maxConcurrentPercentage(50)
                        .failureTolerancePercentage(20)
                        .build())
                .stackInstancesGroup(List.of(CfnStackSet.StackInstancesProperty.builder()
                        .deploymentTargets(CfnStackSet.DeploymentTargetsProperty.builder()
                                .organizationalUnitIds(settings.roots())
                                .build())
                        .regions(settings.regions())
                        .build()))
                .build();
        Suppressions.organization(this);
    }

    private void trail(Settings settings) {
        LogGroup logs = LogGroup.Builder.create(this, "TrailLogs")
                .logGroupName(TRAIL_LOGS)
                .retention(RetentionDays.ONE_WEEK)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        CfnRole role = CfnRole.Builder.create(this, "TrailRole")
                .assumeRolePolicyDocument(
                        Policies.trust("cloudtrail.amazonaws.com", "aws:SourceArn", Storage.trailArn(settings)))
                .policies(List.of(Policies.inline(
                        "log",
                        List.of(Policies.allow(
                                List.of("logs:CreateLogStream", "logs:PutLogEvents"), logs.getLogGroupArn())))))
                .build();
        CfnTrail.Builder.create(this, "Trail")
                .trailName(Storage.TRAIL)
                .isLogging(true)
                .isOrganizationTrail(true)
                .isMultiRegionTrail(true)
                .includeGlobalServiceEvents(true)
                .enableLogFileValidation(true)
                .s3BucketName(Storage.name("trail", settings))
                .s3KeyPrefix("cloudtrail")
                .kmsKeyId("arn:" + Aws.PARTITION + ":kms:" + settings.home() + ":" + settings.logging() + ":"
                        + Storage.ALIAS)
                .cloudWatchLogsLogGroupArn(logs.getLogGroupArn())
                .cloudWatchLogsRoleArn(role.getAttrArn())
                .build();
    }

    private void centralization(Settings settings) {
        CfnOrganizationCentralizationRule.Builder.create(this, "Centralization")
                .ruleName("tributary")
                .rule(CfnOrganizationCentralizationRule.CentralizationRuleProperty.builder()
                        .source(CfnOrganizationCentralizationRule.CentralizationRuleSourceProperty.builder()
                                .regions(settings.regions())
                                .scope("OrganizationId = '" + settings.organization() + "'")
                                .sourceLogsConfiguration(
                                        CfnOrganizationCentralizationRule.SourceLogsConfigurationProperty.builder()
                                                .logGroupSelectionCriteria(OwnLogs.notOurOwn())
                                                .encryptedLogGroupStrategy("ALLOW")
                                                .build())
                                .build())
                        .destination(CfnOrganizationCentralizationRule.CentralizationRuleDestinationProperty.builder()
                                .account(settings.logging())
                                .region(settings.home())
                                .destinationLogsConfiguration(
                                        CfnOrganizationCentralizationRule.DestinationLogsConfigurationProperty.builder()
                                                .logsEncryptionConfiguration(
                                                        CfnOrganizationCentralizationRule
                                                                .LogsEncryptionConfigurationProperty.builder()
                                                                .encryptionStrategy("AWS_OWNED")
                                                                .build())
                                                .logGroupNameConfiguration(
                                                        CfnOrganizationCentralizationRule
                                                                .LogGroupNameConfigurationProperty.builder()
                                                                .logGroupNamePattern(CentralSubscription.NAMES)
                                                                .build())
                                                .build())
                                .build())
                        .build())
                .build();
    }

    private void flowLogs(Settings settings) {
        CfnOrganizationTelemetryRule.Builder.create(this, "FlowLogs")
                .ruleName("tributary-vpc-flow-logs")
                .rule(CfnOrganizationTelemetryRule.TelemetryRuleProperty.builder()
                        .resourceType("AWS::EC2::VPC")
                        .telemetryType("Logs")
                        // the rule's own Region is the home Region
                        .regions(settings.otherRegions().isEmpty() ? null : settings.otherRegions())
                        .destinationConfiguration(
                                CfnOrganizationTelemetryRule.TelemetryDestinationConfigurationProperty.builder()
                                        .destinationType("cloud-watch-logs")
                                        .destinationPattern(MemberStack.VPC_LOGS + "<resourceId>")
                                        .retentionInDays(7)
                                        .vpcFlowLogParameters(
                                                CfnOrganizationTelemetryRule.VPCFlowLogParametersProperty.builder()
                                                        .trafficType("ALL")
                                                        .maxAggregationInterval(60)
                                                        .build())
                                        .build())
                        .build())
                .build();
    }
}
