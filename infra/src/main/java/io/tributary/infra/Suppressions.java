package io.tributary.infra;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import software.amazon.awscdk.Stack;

/** What cdk-nag finds and is meant to be so, each with its reason. */
final class Suppressions {
    private Suppressions() {}

    private static NagPackSuppression because(String rule, String reason) {
        return NagPackSuppression.builder().id(rule).reason(reason).build();
    }

    private static final NagPackSuppression KEY_BY_ALIAS = because(
            "AwsSolutions-IAM5",
            "The key is named by its alias in a condition: a role in another Region's stack cannot refer to the key itself.");

    static void logging(Stack stack) {
        NagSuppressions.addStackSuppressions(
                stack,
                List.of(
                        because(
                                "AwsSolutions-IAM5",
                                "Wildcards stand for the objects of the pipeline's own buckets, the paths of its own domain, the"
                                        + " actions of one key, and cloudtrail:ListPublicKeys, which has no resources; a test"
                                        + " holds the list of them."),
                        because("AwsSolutions-S1", "The bucket of access logs logs no access to itself."),
                        because(
                                "AwsSolutions-OS1",
                                "Firehose and people reach the domain by signed requests over TLS; its policy names Firehose's role"
                                        + " alone."),
                        because(
                                "AwsSolutions-OS3",
                                "The domain's policy names a role, which no list of addresses makes narrower."),
                        because(
                                "AwsSolutions-KDF1",
                                "A Firehose stream whose source is a Kinesis stream keeps nothing itself: CloudFormation refuses an"
                                        + " encryption of its own, and the Kinesis stream is encrypted."),
                        because(
                                "AwsSolutions-KDS3",
                                "A key of our own: its policy is ours, and the roles of other Regions are given it by its alias."),
                        because(
                                "AwsSolutions-SQS3",
                                "Dead-letter queues of rules' targets, which the check does not look at.")),
                true);
    }

    static void entrance(Stack stack) {
        NagSuppressions.addStackSuppressions(stack, List.of(KEY_BY_ALIAS), true);
    }

    static void member(Stack stack) {
        NagSuppressions.addStackSuppressions(
                stack,
                List.of(
                        because(
                                "AwsSolutions-IAM5",
                                "CloudWatch Logs asks for a role that may write to the account's own log groups, all of them."),
                        because("AwsSolutions-SQS3", "It is a dead-letter queue itself.")),
                true);
    }

    static void guardDuty(Stack stack) {
        NagSuppressions.addStackSuppressions(
                stack,
                List.of(
                        because(
                                "AwsSolutions-IAM5",
                                "Who administers an organization's GuardDuty, and its detectors' list, are no resources that can be"
                                        + " named."),
                        because("AwsSolutions-L1", "The CDK's own function, whose runtime is the CDK's choice.")),
                true);
    }

    static void organization(Stack stack) {
        NagSuppressions.addStackSuppressions(stack, List.of(), true);
    }
}
