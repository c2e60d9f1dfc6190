package io.tributary.alert.rule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Event;
import java.util.Map;

/** Whole events of the few members that matter to a rule's test. */
final class SampleEvents {
    private static final String CLOUD_TRAIL = """
            {"eventVersion": "1.11",
             "userIdentity": {"type": "IAMUser", "principalId": "AIDAEXAMPLE",
              "arn": "arn:aws:iam::123456789012:user/ana", "accountId": "123456789012", "userName": "ana"},
             "eventTime": "2026-03-01T08:15:30Z", "eventSource": "sts.amazonaws.com", "eventName": "GetCallerIdentity",
             "awsRegion": "eu-central-1", "sourceIPAddress": "192.0.2.44", "userAgent": "aws-cli/2.27.0",
             "requestParameters": null, "responseElements": null,
             "requestID": "11111111-2222-4333-8444-000000000001", "eventID": "aaaaaaaa-bbbb-4ccc-8ddd-000000000001",
             "readOnly": false, "eventType": "AwsApiCall", "managementEvent": true,
             "recipientAccountId": "123456789012", "eventCategory": "Management"}
            """;

    private static final String FINDING = """
            {"schemaVersion": "2.0", "accountId": "123456789012", "region": "eu-central-1", "partition": "aws",
             "id": "16afba5c5c43e07c9e3e5e2e544e95df",
             "arn": "arn:aws:guardduty:eu-central-1:123456789012:detector/12abc34d567e8fa901bc2d34e56789f0/finding/16afba5c5c43e07c9e3e5e2e544e95df",
             "type": "Recon:EC2/PortProbeUnprotectedPort",
             "resource": {"resourceType": "Instance", "instanceDetails": {"instanceId": "i-0a1b2c3d4e5f60718"}},
             "service": {"serviceName": "guardduty", "detectorId": "12abc34d567e8fa901bc2d34e56789f0",
              "action": {"actionType": "PORT_PROBE"}, "resourceRole": "TARGET", "additionalInfo": {},
              "eventFirstSeen": "2026-03-01T08:00:00.000Z", "eventLastSeen": "2026-03-01T08:10:00.000Z",
              "archived": false, "count": 1},
             "severity": 5, "createdAt": "2026-03-01T08:12:00.000Z", "updatedAt": "2026-03-01T08:15:30.000Z",
             "title": "An unprotected port is being probed.", "description": "A longer description."}
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private SampleEvents() {}

    /**
     * An event of a rule's source.
     *
     * @param members a whole EventBridge event, or what differs from a plain CloudTrail record or GuardDuty finding
     */
    static Event of(String source, JsonNode members) {
        if (members.has("detail-type")) {
            return new Event(members);
        }
        return source.equals("guardduty")
                ? Event.ofFinding(laidOver(FINDING, members))
                : Event.ofCloudTrail(laidOver(CLOUD_TRAIL, members));
    }

    private static JsonNode laidOver(String plain, JsonNode members) {
        try {
            ObjectNode base = (ObjectNode) JSON.readTree(plain);
            merge(base, members);
            return base;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void merge(ObjectNode base, JsonNode members) {
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            JsonNode there = base.get(member.getKey());
            if (member.getValue().isNull()) {
                base.remove(member.getKey());
            } else if (there instanceof ObjectNode object && member.getValue().isObject()) {
                merge(object, member.getValue());
            } else {
                base.set(member.getKey(), member.getValue());
            }
        }
    }
}
