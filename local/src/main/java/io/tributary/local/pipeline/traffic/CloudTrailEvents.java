package io.tributary.local.pipeline.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.UUID;

/** Events as CloudTrail writes them, and as EventBridge passes them on. */
final class CloudTrailEvents {
    static final String REGION = "eu-central-1";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ID_LENGTH = 16;

    private CloudTrailEvents() {}

    /**
     * A call.
     *
     * @param service such as {@code iam}
     * @param user its name
     * @param parameters {@code requestParameters}, as JSON
     */
    static ObjectNode call(
            Random random, Account account, Instant time, String service, String name, String user, String parameters) {
        ObjectNode event = JSON.createObjectNode().put("eventVersion", "1.11");
        identity(event, account, user);
        event.put("eventTime", time.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("eventSource", service + ".amazonaws.com")
                .put("eventName", name)
                .put("awsRegion", REGION)
                .put("sourceIPAddress", "198.51.100." + (10 + random.nextInt(40)))
                .put("userAgent", "aws-sdk-go-v2/1.30.3")
                .set("requestParameters", read(parameters));
        event.putNull("responseElements");
        event.put("requestID", uuid(random))
                .put("eventID", uuid(random))
                .put("readOnly", name.matches("(Get|List|Describe|Lookup).*"))
                .put("eventType", "AwsApiCall")
                .put("managementEvent", true)
                .put("recipientAccountId", account.id())
                .put("eventCategory", "Management");
        return event;
    }

    /** A sign-in to the console. */
    static ObjectNode signIn(Random random, Account account, Instant time, String user, boolean isSuccess) {
        ObjectNode event = call(random, account, time, "signin", "ConsoleLogin", user, "null");
        event.put("eventType", "AwsConsoleSignIn").put("readOnly", false);
        event.putObject("responseElements").put("ConsoleLogin", isSuccess ? "Success" : "Failure");
        event.put("userAgent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        event.putObject("additionalEventData").put("MobileVersion", "No").put("MFAUsed", "Yes");
        if (!isSuccess) {
            event.put("errorMessage", "Failed authentication");
        }
        return event;
    }

    private static void identity(ObjectNode event, Account account, String user) {
        event.putObject("userIdentity")
                .put("type", "IAMUser")
                .put(
                        "principalId",
                        "AIDA" + Integer.toHexString(user.hashCode()).toUpperCase(java.util.Locale.ROOT))
                .put("arn", "arn:aws:iam::" + account.id() + ":user/" + user)
                .put("accountId", account.id())
                .put("accessKeyId", "AKIAEXAMPLE" + Math.floorMod(user.hashCode(), 100_000))
                .put("userName", user);
    }

    /**
     * A finding of GuardDuty, as EventBridge passes it on.
     *
     * @param id the finding's: it is the same for each of its updates
     */
    static ObjectNode finding(
            Random random,
            Account account,
            Instant time,
            String id,
            String type,
            double severity,
            String title,
            String resource) {
        ObjectNode onBus = JSON.createObjectNode()
                .put("version", "0")
                .put("id", uuid(random))
                .put("detail-type", "GuardDuty Finding")
                .put("source", "aws.guardduty")
                .put("account", account.id())
                .put("time", time.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("region", REGION);
        onBus.putArray("resources");
        ObjectNode detail = onBus.putObject("detail")
                .put("schemaVersion", "2.0")
                .put("accountId", account.id())
                .put("region", REGION)
                .put("partition", "aws")
                .put("id", id)
                .put(
                        "arn",
                        "arn:aws:guardduty:" + REGION + ":" + account.id() + ":detector/" + "0".repeat(ID_LENGTH)
                                + "/finding/" + id)
                .put("type", type);
        detail.set("resource", read(resource));
        detail.putObject("service")
                .put("serviceName", "guardduty")
                .put("count", 1)
                .put("archived", false)
                .put("eventFirstSeen", time.toString())
                .put("eventLastSeen", time.toString());
        detail.put("severity", severity)
                .put("createdAt", time.toString())
                .put("updatedAt", time.toString())
                .put("title", title)
                .put("description", title);
        return onBus;
    }

    static String uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
