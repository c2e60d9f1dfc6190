package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.CfnRole;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sqs.Queue;

/** Policy documents of roles that stand in templates as they are, and what policies have in common. */
final class Policies {
    private static final String VERSION = "2012-10-17";

    private Policies() {}

    /** A policy of statements. */
    static Map<String, Object> of(List<Map<String, Object>> statements) {
        return Map.of("Version", VERSION, "Statement", statements);
    }

    /**
     * Lets a service take a role, on behalf of somebody only.
     *
     * @param key such as {@code aws:SourceAccount}
     */
    static Map<String, Object> trust(String service, String key, String value) {
        return of(List.of(Map.of(
                "Effect",
                "Allow",
                "Principal",
                Map.of("Service", service),
                "Action",
                "sts:AssumeRole",
                "Condition",
                Map.of("StringEquals", Map.of(key, value)))));
    }

    /** Allows actions on a resource. */
    static Map<String, Object> allow(List<String> actions, String resource) {
        return Map.of("Effect", "Allow", "Action", actions, "Resource", resource);
    }

    /** A policy within a role. */
    static CfnRole.PolicyProperty inline(String name, List<Map<String, Object>> statements) {
        return CfnRole.PolicyProperty.builder()
                .policyName(name)
                .policyDocument(of(statements))
                .build();
    }

    /**
     * Lets rules of EventBridge send to a queue. EventBridge says which rule it acts for, and no account.
     *
     * @param rule the ARN of a rule of this account, or of several with {@code *}
     * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html#eb-dlq-perms">Permissions</a>
     */
    static void allowRule(Queue queue, String rule) {
        queue.addToResourcePolicy(PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .principals(List.of(new ServicePrincipal("events.amazonaws.com")))
                .actions(List.of("sqs:SendMessage"))
                .resources(List.of(queue.getQueueArn()))
                .conditions(Map.of("ArnLike", Map.of("aws:SourceArn", rule)))
                .build());
    }
}
