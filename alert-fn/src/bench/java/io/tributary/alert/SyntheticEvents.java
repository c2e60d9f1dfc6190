package io.tributary.alert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** CloudTrail events as an account has them, from a seed: mostly reading, now and then something that a rule is about. */
final class SyntheticEvents {
    private static final List<String> CALLS = List.of(
            "sts AssumeRole",
            "sts GetCallerIdentity",
            "ec2 DescribeInstances",
            "ec2 DescribeVolumes",
            "ec2 DescribeTags",
            "s3 GetBucketAcl",
            "s3 ListBuckets",
            "s3 GetBucketLocation",
            "kms Decrypt",
            "kms GenerateDataKey",
            "iam ListRoles",
            "iam GetRole",
            "iam ListUsers",
            "logs CreateLogStream",
            "logs DescribeLogGroups",
            "lambda GetFunction20150331v2",
            "lambda ListFunctions20150331",
            "ssm GetParameters",
            "ssm UpdateInstanceInformation",
            "secretsmanager GetSecretValue",
            "monitoring DescribeAlarms",
            "elasticloadbalancing DescribeLoadBalancers",
            "autoscaling DescribeAutoScalingGroups",
            "rds DescribeDBInstances",
            "dynamodb DescribeTable",
            "ecs ListTasks",
            "eks DescribeCluster",
            "ecr GetAuthorizationToken",
            "cloudformation DescribeStacks",
            "sqs GetQueueAttributes");

    private static final List<String> TELLING = List.of(
            "cloudtrail StopLogging",
            "iam CreateUser",
            "iam AttachUserPolicy",
            "ec2 AuthorizeSecurityGroupIngress",
            "ec2 ModifySnapshotAttribute",
            "s3 PutBucketPolicy",
            "guardduty DeleteDetector",
            "kms ScheduleKeyDeletion");

    private SyntheticEvents() {}

    static List<byte[]> of(int count) {
        Random random = new Random(42);
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> calls = random.nextInt(50) == 0 ? TELLING : CALLS;
            events.add(event(random, calls.get(random.nextInt(calls.size())).split(" ")));
        }
        return events;
    }

    private static byte[] event(Random random, String[] call) {
        ObjectNode detail =
                (ObjectNode) TestRules.stopLoggingEvent(new UUID(random.nextLong(), random.nextLong()).toString())
                        .detail();
        detail.put("eventSource", call[0] + ".amazonaws.com").put("eventName", call[1]);
        detail.put("eventVersion", "1.11").put("eventType", "AwsApiCall").put("readOnly", true);
        detail.put("sourceIPAddress", "192.0.2." + random.nextInt(256));
        detail.put(
                "userAgent",
                "Boto3/1.40." + random.nextInt(60) + " md/Botocore#1.40.0 ua/2.1 os/linux#6.1 lang/python#3.13.1");
        detail.put("requestID", new UUID(random.nextLong(), random.nextLong()).toString());
        if (random.nextInt(10) == 0) {
            detail.put("errorCode", "AccessDenied").put("errorMessage", "User is not authorized to perform this call");
        }
        ObjectNode identity = (ObjectNode) detail.path("userIdentity");
        identity.put("type", "AssumedRole")
                .put("principalId", "AROAEXAMPLE:session")
                .put("accountId", "123456789012");
        ObjectNode session = identity.putObject("sessionContext");
        session.putObject("sessionIssuer")
                .put("type", "Role")
                .put("arn", "arn:aws:iam::123456789012:role/app-" + random.nextInt(50))
                .put("userName", "app");
        session.putObject("attributes")
                .put("creationDate", "2026-03-01T08:00:00Z")
                .put("mfaAuthenticated", "false");
        ObjectNode parameters = (ObjectNode) detail.path("requestParameters");
        for (int i = random.nextInt(5); i > 0; i--) {
            parameters.put("parameter" + i, "value-" + random.nextInt(1000));
        }
        return Event.ofCloudTrail(detail).json().toString().getBytes(StandardCharsets.UTF_8);
    }
}
