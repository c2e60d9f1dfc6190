package io.tributary.transform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Records as CloudWatch Logs writes them, from a seed: the same on every machine. */
final class SyntheticLogs {
    /** When all of them are delivered, epoch milliseconds. */
    static final long DELIVERED = Instant.parse("2026-03-02T10:00:00Z").toEpochMilli();

    private static final long START = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond();

    private static BigInteger batch = BigInteger.ZERO;
    private static long number;

    private SyntheticLogs() {}

    /** The defaults, with the log group of the organization's trail, which speaks for all accounts. */
    static TransformSettings settings(boolean compress) {
        return TransformSettings.builder()
                .compress(compress)
                .trustedOrigins(List.of(new TrustedOrigin("123456789012", "aws-cloudtrail-logs")))
                .build();
    }

    /** Gzip records of a source, of about {@code bytes} in all before compression. */
    static List<byte[]> records(String source, int bytes) {
        Random random = new Random(20260301);
        List<byte[]> records = new ArrayList<>();
        long written = 0;
        while (written < bytes) {
            String envelope = source.equals("cloudtrail") ? cloudTrail(random) : flowLogs(random);
            byte[] text = envelope.getBytes(StandardCharsets.UTF_8);
            written += text.length;
            records.add(gzip(text));
        }
        return records;
    }

    static byte[] gzip(byte[] text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes, 8192)) {
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String flowLogs(Random random) {
        String account = "12345678901" + random.nextInt(10);
        String networkInterface = "eni-" + hex(random, 17);
        StringBuilder envelope = header(account, "/aws/vpc/flow-logs", networkInterface + "-all");
        int events = 1000 + random.nextInt(1500);
        String own = "10.0." + random.nextInt(256) + "." + random.nextInt(256);
        long time = START + random.nextInt(80_000);
        for (int i = 0; i < events; i++) {
            boolean out = random.nextBoolean();
            String peer = random.nextInt(3) == 0
                    ? "10.0." + random.nextInt(256) + "." + random.nextInt(256)
                    : (1 + random.nextInt(222)) + "." + random.nextInt(256) + "." + random.nextInt(256) + "."
                            + random.nextInt(256);
            int port = new int[] {443, 443, 80, 22, 53, 5432, 3306, 8080}[random.nextInt(8)];
            int ephemeral = 1024 + random.nextInt(64_000);
            int packets = 1 + random.nextInt(random.nextInt(10) == 0 ? 5000 : 40);
            long start = time + random.nextInt(60);
            String line = "2 " + account + " " + networkInterface + " " + (out ? own : peer) + " " + (out ? peer : own)
                    + " "
                    + (out ? ephemeral : port) + " " + (out ? port : ephemeral) + " " + (port == 53 ? 17 : 6) + " "
                    + packets + " " + packets * (40L + random.nextInt(1400)) + " " + start + " "
                    + (start + random.nextInt(60)) + (random.nextInt(8) == 0 ? " REJECT OK" : " ACCEPT OK");
            event(envelope, random, start * 1000, line, i == 0);
        }
        return envelope.append("]}").toString();
    }

    private static final String[][] OPERATIONS = {
        {
            "ec2.amazonaws.com",
            "DescribeInstances",
            "true",
            "{\"maxResults\":1000,\"instancesSet\":{},\"filterSet\":{\"items\":[{\"name\":\"instance-state-name\",\"valueSet\":{\"items\":[{\"value\":\"running\"}]}}]}}",
            "null"
        },
        {
            "s3.amazonaws.com",
            "GetObject",
            "true",
            "{\"bucketName\":\"example-bucket\",\"Host\":\"example-bucket.s3.eu-central-1.amazonaws.com\",\"key\":\"data/part-%s.parquet\"}",
            "null"
        },
        {
            "sts.amazonaws.com",
            "AssumeRole",
            "true",
            "{\"roleArn\":\"arn:aws:iam::123456789012:role/example-role\",\"roleSessionName\":\"session-%s\",\"durationSeconds\":3600}",
            "{\"credentials\":{\"accessKeyId\":\"ASIAEXAMPLE%s\",\"expiration\":\"Mar 1, 2026, 11:00:00 AM\"},\"assumedRoleUser\":{\"assumedRoleId\":\"AROAEXAMPLE:session\",\"arn\":\"arn:aws:sts::123456789012:assumed-role/example-role/session\"}}"
        },
        {
            "kms.amazonaws.com",
            "Decrypt",
            "true",
            "{\"encryptionContext\":{\"aws:s3:arn\":\"arn:aws:s3:::example-bucket\"},\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"}",
            "null"
        },
        {
            "iam.amazonaws.com",
            "CreateUser",
            "false",
            "{\"userName\":\"user-%s\",\"path\":\"/team/\"}",
            "{\"user\":{\"path\":\"/team/\",\"userName\":\"user-%s\",\"userId\":\"AIDAEXAMPLE\",\"arn\":\"arn:aws:iam::123456789012:user/team/user\",\"createDate\":\"Mar 1, 2026, 10:00:00 AM\"}}"
        },
        {"dynamodb.amazonaws.com", "DescribeTable", "true", "{\"tableName\":\"orders-%s\"}", "null"},
        {
            "lambda.amazonaws.com",
            "UpdateFunctionConfiguration20150331v2",
            "false",
            "{\"functionName\":\"worker\",\"timeout\":30,\"memorySize\":512,\"environment\":{}}",
            "{\"functionName\":\"worker\",\"functionArn\":\"arn:aws:lambda:eu-central-1:123456789012:function:worker\",\"runtime\":\"provided.al2023\",\"role\":\"arn:aws:iam::123456789012:role/worker\",\"handler\":\"bootstrap\",\"codeSize\":%s,\"lastModified\":\"2026-03-01T10:00:00.000+0000\",\"version\":\"$LATEST\",\"tracingConfig\":{\"mode\":\"Active\"},\"state\":\"Active\"}"
        },
    };

    private static String cloudTrail(Random random) {
        StringBuilder envelope =
                header("123456789012", "aws-cloudtrail-logs", "123456789012_CloudTrail_eu-central-1_2");
        int events = 100 + random.nextInt(200);
        for (int i = 0; i < events; i++) {
            String[] operation = OPERATIONS[random.nextInt(OPERATIONS.length)];
            long time = START + random.nextInt(80_000);
            String iso = Instant.ofEpochSecond(time).toString();
            String user = "person-" + random.nextInt(200);
            String resources = operation[1].equals("GetObject")
                    ? ",\"resources\":[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::example-bucket/data/part.parquet\"},{\"accountId\":\"123456789012\",\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::example-bucket\"}]"
                    : "";
            String error = random.nextInt(12) == 0
                    ? ",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: arn:aws:sts::123456789012:assumed-role/example-role/"
                            + user + " is not authorized to perform this operation\""
                    : "";
            String fill = String.valueOf(random.nextInt(1_000_000));
            String message =
                    "{\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":\"AROA"
                            + hex(random, 16).toUpperCase(java.util.Locale.ROOT) + ":" + user
                            + "\",\"arn\":\"arn:aws:sts::123456789012:assumed-role/example-role/" + user
                            + "\",\"accountId\":\"123456789012\",\"accessKeyId\":\"ASIA"
                            + hex(random, 16).toUpperCase(java.util.Locale.ROOT)
                            + "\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROAEXAMPLEEXAMPLE\",\"arn\":\"arn:aws:iam::123456789012:role/example-role\",\"accountId\":\"123456789012\",\"userName\":\"example-role\"},\"attributes\":{\"creationDate\":\""
                            + iso + "\",\"mfaAuthenticated\":\"false\"}}},\"eventTime\":\"" + iso
                            + "\",\"eventSource\":\"" + operation[0] + "\",\"eventName\":\"" + operation[1]
                            + "\",\"awsRegion\":\"eu-central-1\",\"sourceIPAddress\":\"198.51.100."
                            + random.nextInt(256)
                            + "\",\"userAgent\":\"aws-sdk-java/2.41.14 md/io#sync md/http#UrlConnection ua/2.1 os/Linux#6.1 lang/java#17.0.15 md/OpenJDK_64-Bit_Server_VM md/en exec-env/AWS_Lambda_java17 cfg/retry-mode#legacy\""
                            + error
                            + ",\"requestParameters\":" + operation[3].replace("%s", fill) + ",\"responseElements\":"
                            + operation[4].replace("%s", fill)
                            + ",\"requestID\":\"" + uuid(random) + "\",\"eventID\":\"" + uuid(random)
                            + "\",\"readOnly\":" + operation[2] + resources
                            + ",\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":\"123456789012\",\"eventCategory\":\"Management\",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\",\"clientProvidedHostHeader\":\""
                            + operation[0].replace(".amazonaws.com", ".eu-central-1.amazonaws.com") + "\"}}";
            event(envelope, random, time * 1000, message, i == 0);
        }
        return envelope.append("]}").toString();
    }

    private static StringBuilder header(String account, String logGroup, String logStream) {
        return new StringBuilder(256 << 10)
                .append("{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"")
                .append(account)
                .append("\",\"logGroup\":\"")
                .append(logGroup)
                .append("\",\"logStream\":\"")
                .append(logStream)
                .append("\",\"subscriptionFilters\":[\"tributary\"],\"logEvents\":[");
    }

    private static void event(StringBuilder envelope, Random random, long time, String message, boolean first) {
        if (!first) {
            envelope.append(',');
        }
        // as CloudWatch Logs makes its ids: the time, 128 bits of the batch, 16 bits of the event's number in it
        if (first) {
            batch = new BigInteger(128, random).shiftLeft(16);
            number = 0;
        }
        BigInteger id = BigInteger.valueOf(time).shiftLeft(144).add(batch).add(BigInteger.valueOf(number++));
        envelope.append("{\"id\":\"").append(id);
        envelope.append("\",\"timestamp\":").append(time).append(",\"message\":\"");
        envelope.append(message.replace("\\", "\\\\").replace("\"", "\\\""));
        envelope.append("\"}");
    }

    private static String hex(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
        return text.toString();
    }

    private static String uuid(Random random) {
        return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    }
}
