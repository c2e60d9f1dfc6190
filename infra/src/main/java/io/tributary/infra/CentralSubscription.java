package io.tributary.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import software.amazon.awscdk.services.iam.CompositePrincipal;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.kinesis.Stream;
import software.amazon.awscdk.services.logs.CfnAccountPolicy;
import software.constructs.Construct;

/** The logging account's own subscription, of the log groups that CloudWatch's centralization brings there. */
final class CentralSubscription extends Construct {
    /** What the names of centralized log groups begin with. */
    static final String PREFIX = "/tributary-central/";

    /** How a centralized log group is named; the transform function reads account and Region from it. */
    static final String NAMES = PREFIX + "${source.accountId}/${source.region}/${source.logGroup}";

    CentralSubscription(Construct scope, String id, Storage storage, Stream stream) {
        super(scope, id);
        Role role = Role.Builder.create(this, "Role")
                .assumedBy(new CompositePrincipal(
                        Policies.onOurBehalf("logs.amazonaws.com"), Policies.onOurBehalf(Policies.regionalLogs())))
                .build();
        role.addToPolicy(
                Policies.allowing(List.of("kinesis:PutRecord", "kinesis:PutRecords"), List.of(stream.getStreamArn())));
        role.addToPolicy(Policies.allowing(
                List.of("kms:GenerateDataKey"), List.of(storage.key().getKeyArn())));
        ObjectNode document = new ObjectMapper()
                .createObjectNode()
                .put("DestinationArn", stream.getStreamArn())
                .put("RoleArn", role.getRoleArn())
                .put("FilterPattern", "")
                .put("Distribution", "Random");
        CfnAccountPolicy policy = CfnAccountPolicy.Builder.create(this, "Subscription")
                .policyName(InfraApp.SUBSCRIPTION)
                .policyType("SUBSCRIPTION_FILTER_POLICY")
                .scope("ALL")
                .selectionCriteria(OwnLogs.notSubscribed())
                .policyDocument(document.toString())
                .build();
        policy.getNode().addDependency(role);
    }
}
