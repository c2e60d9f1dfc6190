package io.tributary.alert.enrichment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whom the policy documents of a request let in, and to what: of each statement by itself, since nothing in another statement takes back what one
 * allows but a denial of the same, and read as JSON, since a document may be spelled in many ways.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">Grammar of policies</a>
 */
final class Policies {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ACCOUNT_LENGTH = 12;
    private static final Pattern ACCOUNT =
            Pattern.compile("(?:arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:)?(\\d{12})(?::.*)?", Pattern.DOTALL);

    /** Conditions that say who may come; by what they are compared with, unless that is everything. */
    private static final Set<String> BINDING = Set.of(
            "aws:principalorgid",
            "aws:principalorgpaths",
            "aws:principalaccount",
            "aws:principalarn",
            "aws:sourceaccount",
            "aws:sourcearn",
            "aws:sourceorgid",
            "aws:sourceowner",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:userid",
            "kms:calleraccount",
            "aws:sourceip",
            "aws:vpcsourceip");

    /** Operators that hold only if the key is there and as is said; with a suffix {@code IfExists} they hold without it, too. */
    private static final Set<String> POSITIVE =
            Set.of("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress");

    /** Those of them that say of which account; a statement that is bound to another one's lets that in. */
    private static final Set<String> OF_ACCOUNTS = Set.of(
            "aws:principalaccount",
            "aws:principalarn",
            "aws:sourceaccount",
            "aws:sourcearn",
            "aws:sourceowner",
            "kms:calleraccount");

    private static final Set<String> OF_ORGANIZATIONS =
            Set.of("aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid");

    private final String account;
    private final String organization;

    /**
     * Policies of resources.
     *
     * @param account whose the resources are; empty if unknown
     * @param organization of which the account is; empty if unknown
     */
    Policies(String account, String organization) {
        this.account = account;
        this.organization = organization;
    }

    void of(JsonNode request, ObjectNode facts) {
        List<JsonNode> statements = new ArrayList<>();
        collect(request, statements);
        boolean isOpen = false;
        boolean isForOthers = false;
        boolean isAdministrative = false;
        for (JsonNode statement : statements) {
            if (!member(statement, "Effect").asText("").equalsIgnoreCase("Allow")) {
                continue;
            }
            isOpen |= isEverybodys(statement) && !isBound(member(statement, "Condition"));
            isForOthers |= isForOthers(values(member(member(statement, "Principal"), "AWS")))
                    || isEverybodys(statement) && isForOthers(accounts(member(statement, "Condition")));
            isAdministrative |= isEveryAction(statement)
                    && (isAll(member(statement, "Resource"))
                            || !member(statement, "NotResource").isMissingNode());
        }
        if (!statements.isEmpty()) {
            facts.putObject("policy")
                    .put("open", isOpen)
                    .put("other_accounts", isForOthers)
                    .put("administrative", isAdministrative);
        }
    }

    /** Statements of every document in the request: an object, or a text that is one. */
    private static void collect(JsonNode node, List<JsonNode> statements) {
        if (node.isTextual()) {
            String text = node.asText();
            if (text.contains("tatement") && text.indexOf('{') >= 0 || text.contains("\\u")) {
                JsonNode document = read(text);
                if (document.isContainerNode()) {
                    collect(document, statements);
                }
            }
            return;
        }
        if (node.isObject()) {
            JsonNode statement = member(node, "Statement");
            if (statement.isObject()) {
                statements.add(statement);
            } else if (statement.isArray()) {
                statement.forEach(statements::add);
            }
        }
        if (node.isContainerNode()) {
            node.forEach(child -> collect(child, statements));
        }
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** Members' names of policies do not differ by their case. */
    private static JsonNode member(JsonNode node, String name) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (member.getKey().equalsIgnoreCase(name)) {
                return member.getValue();
            }
        }
        return JSON.missingNode();
    }

    private static boolean isEverybodys(JsonNode statement) {
        return !member(statement, "NotPrincipal").isMissingNode()
                || values(member(statement, "Principal")).contains("*");
    }

    /** Whether one of these names another account. */
    private boolean isForOthers(List<String> principals) {
        return !account.isEmpty()
                && principals.stream()
                        .map(ACCOUNT::matcher)
                        .anyMatch(named -> named.matches() && !named.group(1).equals(account));
    }

    /** Values of conditions that say of which account. */
    private static List<String> accounts(JsonNode condition) {
        List<String> accounts = new ArrayList<>();
        for (JsonNode operator : condition) {
            operator.properties().stream()
                    .filter(key -> OF_ACCOUNTS.contains(key.getKey().toLowerCase(Locale.ROOT)))
                    .forEach(key -> accounts.addAll(values(key.getValue())));
        }
        return accounts;
    }

    /** The texts below a node. */
    private static List<String> values(JsonNode node) {
        List<String> values = new ArrayList<>();
        if (node.isValueNode()) {
            values.add(node.asText());
        }
        node.forEach(child -> values.addAll(values(child)));
        return values;
    }

    private static boolean isEveryAction(JsonNode statement) {
        JsonNode allBut = member(statement, "NotAction");
        // without IAM it makes nobody an administrator
        return isAll(member(statement, "Action"))
                || !allBut.isMissingNode()
                        && values(allBut).stream()
                                .noneMatch(
                                        value -> value.toLowerCase(Locale.ROOT).startsWith("iam:"));
    }

    private static boolean isAll(JsonNode values) {
        return values(values).stream().anyMatch(value -> value.matches("\\*+(:\\*+)?"));
    }

    private boolean isBound(JsonNode condition) {
        for (Map.Entry<String, JsonNode> operator : condition.properties()) {
            String test = operator.getKey().toLowerCase(Locale.ROOT);
            if (!POSITIVE.contains(test.startsWith("foranyvalue:") ? test.substring("foranyvalue:".length()) : test)) {
                continue;
            }
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                String name = key.getKey().toLowerCase(Locale.ROOT);
                List<String> values = values(key.getValue());
                if (BINDING.contains(name)
                        && isNarrow(values)
                        && (!OF_ORGANIZATIONS.contains(name) || values.stream().allMatch(this::isOurs))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** An organization's id, or a path of it. */
    private boolean isOurs(String value) {
        return organization.isEmpty() || value.equals(organization) || value.startsWith(organization + "/");
    }

    /** Whether values say anything: no list of them with everything in it, and no networks that are the internet. */
    private static boolean isNarrow(List<String> values) {
        Networks networks = new Networks();
        values.forEach(networks::add);
        return !values.isEmpty() && !networks.areInternet() && values.stream().allMatch(Policies::isNarrow);
    }

    /** An ARN names its account, or, as those of buckets have none, its resource; anything else at least as much as an account's id is long. */
    private static boolean isNarrow(String value) {
        String[] arn = value.split(":", 6);
        if (arn.length == 6 && arn[0].equals("arn")) {
            return arn[4].isEmpty() ? wildcard(arn[5]) >= 3 : wildcard(arn[4]) == arn[4].length();
        }
        int wildcard = wildcard(value);
        return wildcard == value.length() || wildcard >= ACCOUNT_LENGTH;
    }

    /** Where the first one stands, or the length. */
    private static int wildcard(String value) {
        int at = 0;
        while (at < value.length() && value.charAt(at) != '*' && value.charAt(at) != '?') {
            at++;
        }
        return at;
    }
}
