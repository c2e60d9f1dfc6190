package io.tributary.alert.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.alert.Event;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is known of every event, of whatever rule: who, from where, in which account, when. Values are as they came. */
final class Circumstances {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Longer ones are none of AWS's. */
    private static final int LONGEST_UID = 200;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2,3}(-[a-z]+)+-\\d{1,2}");

    private static final List<String> REMOTE = List.of(
            "networkConnectionAction/remoteIpDetails",
            "awsApiCallAction/remoteIpDetails",
            "kubernetesApiCallAction/remoteIpDetails",
            "rdsLoginAttemptAction/remoteIpDetails",
            "portProbeAction/portProbeDetails/0/remoteIpDetails");

    private final Event event;
    private final Map<String, String> accountNames;

    Circumstances(Event event, Map<String, String> accountNames) {
        this.event = event;
        this.accountNames = accountNames;
    }

    /** Who did it; for a finding what it is about. */
    Optional<String> who() {
        JsonNode detail = event.detail();
        if (event.isFinding()) {
            return first(
                    detail.at("/resource/accessKeyDetails/userName"),
                    detail.at("/resource/instanceDetails/instanceId"),
                    detail.at("/resource/s3BucketDetails/0/name"),
                    detail.at("/resource/eksClusterDetails/name"),
                    detail.at("/resource/rdsDbInstanceDetails/dbInstanceIdentifier"),
                    detail.at("/resource/lambdaDetails/functionName"),
                    detail.at("/resource/resourceType"));
        }
        JsonNode identity = detail.path("userIdentity");
        return first(
                        identity.path("arn"),
                        identity.path("userName"),
                        identity.path("invokedBy"),
                        identity.path("principalId"),
                        identity.path("accountId"))
                .map(who -> first(identity.path("type"))
                        .map(type -> who + " (" + type + ")")
                        .orElse(who));
    }

    /** Where it came from. */
    Optional<String> from() {
        JsonNode detail = event.detail();
        if (event.isFinding()) {
            return remote(detail.at("/service/action"));
        }
        Optional<String> address = first(detail.path("sourceIPAddress"));
        Optional<String> agent = first(detail.path("userAgent")).filter(text -> !address.equals(Optional.of(text)));
        return address.map(text -> agent.map(name -> text + ", " + name).orElse(text))
                .or(() -> agent);
    }

    private static Optional<String> remote(JsonNode action) {
        for (String path : REMOTE) {
            JsonNode details = action.at("/" + path);
            Optional<String> address = first(details.path("ipAddressV4"), details.path("ipAddressV6"));
            if (address.isPresent()) {
                Optional<String> country = first(details.at("/country/countryName"));
                Optional<String> network = first(details.at("/organization/asnOrg"));
                return Optional.of(address.get()
                        + network.map(name -> ", " + name).orElse("")
                        + country.map(name -> ", " + name).orElse(""));
            }
        }
        return first(action.at("/dnsRequestAction/domain")).map(domain -> "DNS query for " + domain);
    }

    /** The account by name, and the Region. */
    String account() {
        return account(event.account(), accountNames);
    }

    static String account(String account, Map<String, String> accountNames) {
        String id = account.isEmpty() ? "unknown account" : account;
        String name = accountNames.get(id);
        return name == null ? id : name + " (" + id + ")";
    }

    /** The account's name for its id; any other value as it is. */
    String named(String value) {
        return value.equals(event.account()) ? accountNames.getOrDefault(value, value) : value;
    }

    String region() {
        return event.region().isEmpty() ? "unknown Region" : event.region();
    }

    String when(Instant otherwise) {
        return TIME.format(event.time(otherwise));
    }

    static String time(Instant time) {
        return TIME.format(time);
    }

    /** The event's page in the AWS console, where its ids are such that a link can be made of them. */
    Optional<String> console() {
        String region = event.region();
        if (!REGION.matcher(region).matches()) {
            return Optional.empty();
        }
        String host = "https://" + region + ".console." + domain(region);
        if (event.isFinding()) {
            return Optional.of(event.findingId())
                    .filter(id -> ID.matcher(id).matches())
                    .map(id -> host + "/guardduty/home?region=" + region + "#/findings?macros=current&fId=" + id);
        }
        return first(event.detail().path("eventID"))
                .filter(id -> ID.matcher(id).matches())
                .map(id -> host + "/cloudtrailv2/home?region=" + region + "#/events/" + id);
    }

    private static String domain(String region) {
        if (region.startsWith("cn-")) {
            return "amazonaws.cn";
        }
        return region.startsWith("us-gov-") ? "amazonaws-us-gov.com" : "aws.amazon.com";
    }

    /** The event in the search, of a URL with {@code {uid}} in it. */
    Optional<String> search(Optional<String> url) {
        String uid = event.uid();
        return url.filter(text -> uid.length() <= LONGEST_UID)
                .map(text -> text.replace(
                        "{uid}",
                        URLEncoder.encode(uid, StandardCharsets.UTF_8)
                                .replace("+", "%20")
                                .replace("*", "%2A")));
    }

    private static Optional<String> first(JsonNode... nodes) {
        for (JsonNode node : nodes) {
            String text = node.isValueNode() ? node.asText("") : "";
            if (!text.isEmpty() && !node.isNull()) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }
}
