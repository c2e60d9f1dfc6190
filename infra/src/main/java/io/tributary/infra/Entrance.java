package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.services.iam.CfnRole;
import software.amazon.awscdk.services.logs.CfnDestination;
import software.constructs.Construct;

/**
 * Where the log groups of a Region are subscribed to: a destination of CloudWatch Logs, which has to be in the Region of the log
 * groups, for the log stream, which may be in another.
 */
final class Entrance extends Construct {
    static final String DESTINATION = "tributary-logs";

    private final CfnDestination destination;

    /**
     * An entrance.
     *
     * @param streamArn the log stream, of this account, in the home Region
     * @param key lets the log stream's key be used: a stack of another Region knows it by its alias only
     */
    Entrance(Construct scope, String id, Settings settings, String streamArn, Map<String, Object> key) {
        super(scope, id);
        CfnRole role = CfnRole.Builder.create(this, "Role")
                // the organization is the boundary: no list of accounts that somebody has to keep
                .assumeRolePolicyDocument(Policies.trustLogs("aws:SourceOrgID", settings.organization()))
                .policies(List.of(Policies.inline(
                        "put",
                        List.of(Policies.allow(List.of("kinesis:PutRecord", "kinesis:PutRecords"), streamArn), key))))
                .build();
        destination = CfnDestination.Builder.create(this, "Destination")
                .destinationName(DESTINATION)
                .roleArn(role.getAttrArn())
                .targetArn(streamArn)
                .destinationPolicy(policy(settings))
                .build();
        destination.getNode().addDependency(role);
    }

    /** Lets the key of the home Region be used, by its alias, since another Region's stack cannot refer to the key itself. */
    static Map<String, Object> keyByAlias(Settings settings) {
        return Map.of(
                "Effect",
                "Allow",
                "Action",
                List.of("kms:GenerateDataKey"),
                "Resource",
                "arn:" + Aws.PARTITION + ":kms:" + settings.home() + ":" + Aws.ACCOUNT_ID + ":key/*",
                "Condition",
                Map.of("ForAnyValue:StringEquals", Map.of("kms:ResourceAliases", Storage.ALIAS)));
    }

    private static String policy(Settings settings) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
                + "\"Action\":[\"logs:PutSubscriptionFilter\",\"logs:PutAccountPolicy\"],\"Resource\":\"arn:"
                + Aws.PARTITION + ":logs:" + Aws.REGION + ":" + Aws.ACCOUNT_ID + ":destination:" + DESTINATION
                + "\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"" + settings.organization() + "\"}}}]}";
    }

    String arn() {
        return destination.getAttrArn();
    }
}
