package io.tributary.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kinesis.Stream;
import software.amazon.awscdk.services.logs.CfnAccountPolicy;
import software.constructs.Construct;

/** The logging account's own subscription, of the log groups that CloudWatch's centralization brings there. */
final class CentralSubscription extends Construct {
    /** How a centralized log group is named; the transform function reads account and Region from it. */
    static final String NAMES = "/tributary-central/${source.accountId}/${source.region}/${source.logGroup}";

    CentralSubscription(Construct scope, String id, Storage storage, Stream stream) {
        super(scope, id);
        Role role = Role.Builder.create(this, "Role")
                .assumedBy(ServicePrincipal.Builder.create("logs." + Aws.REGION + ".amazonaws.com")
                        .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID)))
                        .build())
                .build();
        stream.grantWrite(role);
        storage.key().grantEncrypt(role);
        ObjectNode document = new ObjectMapper()
                .createObjectNode()
                .put("DestinationArn", stream.getStreamArn())
                .put("RoleArn", role.getRoleArn())
                .put("FilterPattern", "")
                .put("Distribution", "Random");
        CfnAccountPolicy policy = CfnAccountPolicy.Builder.create(this, "Subscription")
                .policyName("tributary")
                .policyType("SUBSCRIPTION_FILTER_POLICY")
                .scope("ALL")
                .selectionCriteria(MemberStack.notOurOwn())
                .policyDocument(document.toString())
                .build();
        policy.getNode().addDependency(role);
    }
}
