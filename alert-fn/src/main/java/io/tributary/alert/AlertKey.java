package io.tributary.alert;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of alerts: digests, so that they are short and hold nothing of an event. */
public final class AlertKey {
    /** Half of SHA-256: enough that no two alerts meet by chance. */
    private static final int BYTES = 16;

    private AlertKey() {}

    /**
     * What makes two alerts the same: the rule and the values it groups by. A GuardDuty finding is one matter whichever rule
     * tells it; a rule that only records does not speak for one that tells.
     */
    public static String of(Rule rule, Event event) {
        StringBuilder values = new StringBuilder();
        for (String path : rule.groupBy()) {
            values.append(path).append('=');
            for (JsonNode value : event.at(path)) {
                values.append(value).append(',');
            }
            values.append('\n');
        }
        String scope = event.isFinding() && rule.threshold().isEmpty() ? "guardduty" : rule.id();
        String stage = rule.status() == RuleStatus.STAGING ? "staging/" : "";
        return stage + scope + "#" + digest(values.toString());
    }

    /** Names one message: the same for whoever takes over the sending of it. */
    public static String messageId(AlertState.Candidate candidate) {
        return digest(candidate.key() + "\n" + candidate.eventUid() + "\n" + candidate.now());
    }

    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
