package io.tributary.archive;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.tributary.archive.aws.AwsServer;
import io.tributary.archive.aws.S3Front;
import io.tributary.archive.aws.S3Mock;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The services that the function talks to, and the settings that lead it there. */
public final class AwsResources implements QuarkusTestResourceLifecycleManager {
    static S3Mock s3;
    static S3Front front;
    static AwsServer aws;
    static String bucket;
    static String trailBucket;
    static String headsBucket;

    @Override
    public Map<String, String> start() {
        try {
            s3 = new S3Mock();
            front = new S3Front(s3.endpoint());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        aws = new AwsServer();
        bucket = s3.bucket();
        trailBucket = s3.bucket();
        headsBucket = s3.bucket();
        Map<String, String> settings = new HashMap<>();
        for (String service : List.of("s3", "sns", "sqs", "kinesis", "cloudtrail")) {
            settings.put(
                    "quarkus." + service + ".endpoint-override",
                    (service.equals("s3") ? front.address() : aws.endpoint()).toString());
            settings.put("quarkus." + service + ".aws.region", "eu-central-1");
            settings.put("quarkus." + service + ".aws.credentials.type", "static");
            settings.put("quarkus." + service + ".aws.credentials.static-provider.access-key-id", "local");
            settings.put("quarkus." + service + ".aws.credentials.static-provider.secret-access-key", "local");
        }
        settings.put("quarkus.s3.path-style-access", "true");
        settings.put("tributary.bucket", bucket);
        settings.put("tributary.trail-bucket", trailBucket);
        settings.put("tributary.chain-heads-bucket", headsBucket);
        settings.put("tributary.policy", """
                version: 1
                defaults:
                  searchable: 30d
                  classes: [{class: deep-archive, after: 0d}]
                  retention: 2y
                trail files: {searchable: 30d}
                """);
        settings.put("tributary.queue-url", aws.endpoint() + "/123456789012/archive-tasks");
        settings.put("tributary.notice-topic", "arn:aws:sns:eu-central-1:123456789012:notices");
        settings.put("tributary.log-stream", "arn:aws:kinesis:eu-central-1:123456789012:stream/logs");
        return settings;
    }

    @Override
    public void stop() {
        aws.close();
        front.close();
        s3.close();
    }
}
