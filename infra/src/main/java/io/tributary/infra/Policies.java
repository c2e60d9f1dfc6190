package io.tributary.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.services.iam.CfnRole;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IPrincipal;
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
     * Lets a service take a role, on behalf of somebody only: for services of which AWS documents that they say on whose.
     *
     * @param key such as {@code aws:SourceAccount}
     */
    static Map<String, Object> trust(String service, String key, String value) {
        return trust(service, "StringEquals", key, value);
    }

    /**
     * Lets CloudWatch Logs take a role. AWS's examples know it by its global and by its Region's name, and not all of them have it say on
     * whose behalf it acts: what it says has to be right, but it need not say anything.
     */
    static Map<String, Object> trustLogs(String key, String value) {
        return trust(List.of("logs.amazonaws.com", regionalLogs()), "StringEqualsIfExists", key, value);
    }

    /** CloudWatch Logs, as keys know it. */
    static String regionalLogs() {
        return "logs." + Aws.REGION + ".amazonaws.com";
    }

    private static Map<String, Object> trust(Object services, String operator, String key, String value) {
        return of(List.of(Map.of(
                "Effect",
                "Allow",
                "Principal",
                Map.of("Service", services),
                "Action",
                "sts:AssumeRole",
                "Condition",
                Map.of(operator, Map.of(key, value)))));
    }

    /** A service of which AWS does not document that it says on whose behalf it acts: if it does, it is this account's. */
    static IPrincipal onOurBehalf(String service) {
        return ServicePrincipal.Builder.create(service)
                .conditions(Map.of("StringEqualsIfExists", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID)))
                .build();
    }

    /** Allows actions on a resource. */
    static Map<String, Object> allow(List<String> actions, String resource) {
        return Map.of("Effect", "Allow", "Action", actions, "Resource", resource);
    }

    /** A statement that allows actions on resources. */
    static PolicyStatement allowing(List<String> actions, List<String> resources) {
        return PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .actions(actions)
                .resources(resources)
                .build();
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
