package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.customresources.AwsCustomResource;
import software.amazon.awscdk.customresources.AwsSdkCall;
import software.amazon.awscdk.customresources.PhysicalResourceId;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * GuardDuty for a whole organization, in one Region: CloudFormation has no resource for it, so that its calls are made by the CDK's own
 * function while a stack is deployed.
 *
 * @see <a href="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html">GuardDuty and organizations</a>
 */
final class GuardDuty extends Construct {
    static final String DELEGATION_LOGS = "/tributary/guardduty-delegation";
    static final String ORGANIZATION_LOGS = "/tributary/guardduty-organization";

    private static final String SERVICE = "GuardDuty";

    private final Role role;
    private final LogGroup logs;

    private GuardDuty(Construct scope, String id, String logGroup, List<String> actions) {
        super(scope, id);
        logs = LogGroup.Builder.create(this, "Logs")
                .logGroupName(logGroup)
                .retention(RetentionDays.ONE_MONTH)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        role = Role.Builder.create(this, "Role")
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                .build();
        role.addToPolicy(Policies.allowing(
                List.of("logs:CreateLogStream", "logs:PutLogEvents"), List.of(logs.getLogGroupArn())));
        // none of these is about a resource that could be named
        role.addToPolicy(Policies.allowing(actions, List.of("*")));
    }

    /** In the management account: makes the logging account the administrator of the organization's GuardDuty. */
    static void delegate(Construct scope, Settings settings) {
        GuardDuty guardDuty = new GuardDuty(
                scope,
                "Delegation",
                DELEGATION_LOGS,
                List.of(
                        "guardduty:EnableOrganizationAdminAccount",
                        "guardduty:DisableOrganizationAdminAccount",
                        "organizations:EnableAWSServiceAccess",
                        "organizations:RegisterDelegatedAdministrator",
                        "organizations:DeregisterDelegatedAdministrator",
                        "organizations:ListDelegatedAdministrators",
                        "organizations:ListAWSServiceAccessForOrganization",
                        "organizations:DescribeOrganizationalUnit",
                        "organizations:DescribeAccount",
                        "organizations:DescribeOrganization",
                        "organizations:ListAccounts"));
        Map<String, String> administrator = Map.of("AdminAccountId", settings.logging());
        guardDuty
                .resource("Administrator")
                .onUpdate(call("enableOrganizationAdminAccount", administrator)
                        // it is so already
                        .ignoreErrorCodesMatching("BadRequestException")
                        .build())
                .onDelete(call("disableOrganizationAdminAccount", administrator)
                        .ignoreErrorCodesMatching("BadRequestException")
                        .build())
                .build();
    }

    /** In the logging account, once it is the administrator: GuardDuty in every account, those that join later included. */
    static void enableEverywhere(Construct scope) {
        GuardDuty guardDuty = new GuardDuty(
                scope,
                "Organization",
                ORGANIZATION_LOGS,
                List.of(
                        "guardduty:ListDetectors",
                        "guardduty:UpdateDetector",
                        "guardduty:UpdateOrganizationConfiguration"));
        AwsCustomResource detectors = guardDuty
                .resource("Detector")
                .onUpdate(call("listDetectors", Map.of()).build())
                .build();
        String detector = detectors.getResponseField("DetectorIds.0");
        guardDuty
                .resource("Everywhere")
                .onUpdate(call(
                                "updateOrganizationConfiguration",
                                Map.of("DetectorId", detector, "AutoEnableOrganizationMembers", "ALL"))
                        .build())
                .build();
        guardDuty
                .resource("Frequency")
                // a finding that goes on is told of again as soon as GuardDuty does it
                .onUpdate(call(
                                "updateDetector",
                                Map.of("DetectorId", detector, "FindingPublishingFrequency", "FIFTEEN_MINUTES"))
                        .build())
                .build();
    }

    private AwsCustomResource.Builder resource(String id) {
        return AwsCustomResource.Builder.create(this, id)
                .role(role)
                .logGroup(logs)
                .timeout(Duration.minutes(2))
                .resourceType("Custom::TributaryGuardDuty")
                .installLatestAwsSdk(false);
    }

    private static AwsSdkCall.Builder call(String action, Map<String, String> parameters) {
        return AwsSdkCall.builder()
                .service(SERVICE)
                .action(action)
                .parameters(parameters)
                .physicalResourceId(PhysicalResourceId.of("tributary-guardduty-" + action + "-" + Aws.REGION));
    }
}
