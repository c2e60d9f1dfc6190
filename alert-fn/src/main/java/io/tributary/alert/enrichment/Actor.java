package io.tributary.alert.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who is behind a call. A session's ARN and principal id end with a name that whoever takes the role chooses, anew each time: who acts is the
 * role, or the user that a session was made from.
 *
 * @param name an ARN without a session's name; where there is none, what else AWS knows of the caller; empty if nothing
 * @param type {@code service-linked-role} or {@code identity-center-role}, which AWS alone can make; else empty
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html">userIdentity</a>
 */
record Actor(String name, String type) {
    /** Of a role's session, without its name. */
    private static final Pattern SESSION =
            Pattern.compile("(arn:[a-z-]+:sts::\\d{12}:assumed-role/[\\w+=,.@-]+)/.*", Pattern.DOTALL);

    /** IAM lets nobody make roles below these paths; the rest of a path may have colons, so all of the ARN is looked at. */
    private static final Pattern MANAGED = Pattern.compile(
            "arn:[a-z-]+:iam::\\d{12}:role/(aws-service-role|aws-reserved/sso\\.amazonaws\\.com)/[\\w+=,.@/-]+");

    static Actor of(JsonNode identity) {
        String issuer = identity.path("sessionContext")
                .path("sessionIssuer")
                .path("arn")
                .asText("");
        String name = issuer.isEmpty() ? withoutIssuer(identity) : issuer;
        Matcher managed = MANAGED.matcher(issuer);
        if (!managed.matches()) {
            return new Actor(name, "");
        }
        return new Actor(
                name, managed.group(1).equals("aws-service-role") ? "service-linked-role" : "identity-center-role");
    }

    private static String withoutIssuer(JsonNode identity) {
        String arn = identity.path("arn").asText("");
        if (!arn.isEmpty()) {
            Matcher session = SESSION.matcher(arn);
            return session.matches() ? session.group(1) : arn;
        }
        String principal = identity.path("principalId").asText("");
        if (identity.path("type").asText("").equals("AssumedRole") && principal.indexOf(':') > 0) {
            return principal.substring(0, principal.indexOf(':'));
        }
        for (String member : new String[] {"invokedBy", "userName"}) {
            if (principal.isEmpty()) {
                principal = identity.path(member).asText("");
            }
        }
        return principal.isEmpty() ? identity.path("accountId").asText("") : principal;
    }
}
