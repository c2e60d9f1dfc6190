package io.tributary.alert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleFile;
import io.tributary.yaml.YamlException;

/** Small rules, and events for them. */
public final class TestRules {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String RULE = """
            title: %s
            severity: %s
            why: It matters.
            runbook: ["Do something about {detail.requestParameters.name}."]
            match: %s
            %s
            message: {what: "{detail.userIdentity.arn} called {detail.eventName}"}
            tests:
              - {name: it is, alerts: true, event: {eventName: StopLogging}}
              - {name: it is not, alerts: false, event: {eventName: StartLogging}}
            """;

    private TestRules() {}

    /** A rule about StopLogging. */
    public static Rule stopLogging(String more) {
        return rule(
                "cloudtrail/stopped", "high", "{source: [aws.cloudtrail], detail: {eventName: [StopLogging]}}", more);
    }

    /** A rule about findings. */
    public static Rule findings(String id, String severity, String more) {
        return rule(id, severity, "{source: [aws.guardduty], detail-type: [GuardDuty Finding]}", more);
    }

    public static Rule rule(String id, String severity, String match, String more) {
        try {
            return RuleFile.parse(id + ".yaml", id, RULE.formatted("The rule " + id, severity, match, more))
                    .rule();
        } catch (YamlException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static Event stopLoggingEvent(String eventId) {
        return stopLoggingEvent(eventId, "arn:aws:iam::123456789012:user/ana");
    }

    public static Event stopLoggingEvent(String eventId, String who) {
        ObjectNode call = JSON.createObjectNode()
                .put("eventSource", "cloudtrail.amazonaws.com")
                .put("eventName", "StopLogging")
                .put("eventTime", "2026-03-01T11:59:58Z")
                .put("awsRegion", "eu-central-1")
                .put("sourceIPAddress", "192.0.2.44")
                .put("userAgent", "aws-cli/2.27.0")
                .put("eventID", eventId)
                .put("recipientAccountId", "123456789012");
        call.putObject("userIdentity").put("type", "IAMUser").put("arn", who);
        call.putObject("requestParameters").put("name", "organization");
        return Event.ofCloudTrail(call);
    }

    public static Event finding(String id, double severity, String updatedAt) {
        ObjectNode finding = JSON.createObjectNode()
                .put("id", id)
                .put("type", "Recon:EC2/PortProbeUnprotectedPort")
                .put("severity", severity)
                .put("accountId", "123456789012")
                .put("region", "eu-central-1")
                .put("updatedAt", updatedAt);
        return Event.ofFinding(finding);
    }
}
