package io.tributary.alert.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tributary.alert.enrichment.Reach;
import io.tributary.alert.sigma.SigmaRule;
import io.tributary.yaml.YamlException;
import io.tributary.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What keeps whoever is watched from deciding whether anybody is told: a rule is about what AWS says, nothing that the caller writes excuses him,
 * and no name that he may change with each call keeps his calls apart.
 */
final class Safeguards {
    private static final String ACTOR = "tributary.actor";

    /** Fields of CloudTrail's record that the caller writes, and why that is so. */
    private static final Map<String, String> WRITTEN_BY_THE_CALLER = Map.of(
            "userAgent", "the caller writes the user agent",
            "userIdentity.arn", "a session's ARN ends with a name that the caller chooses; tributary.actor has none",
            "userIdentity.principalId", "a session's principal id ends with a name that the caller chooses",
            "userIdentity.userName", "anybody who makes users names them; tributary.actor has the account, too",
            "userIdentity.sessionContext.sessionIssuer",
                    "whoever makes roles names them; use tributary.actor or tributary.actor_type",
            "userIdentity.sessionContext.sourceIdentity", "the caller chooses it",
            "userIdentity.sessionContext.webIdFederationData", "an identity provider of the caller's may write it");

    /** Parts of a request that say whatever the caller likes, or of which one part takes back nothing of another. */
    private static final Set<String> FREE_TEXTS = Set.of(
            "policy",
            "policydocument",
            "assumerolepolicydocument",
            "policytext",
            "resourcepolicy",
            "bucketpolicy",
            "attributevalue",
            "description",
            "comment",
            "reason",
            "tags",
            "tagset",
            "tagspecificationset");

    /** What differs with each call, or as the caller likes: a group of such values never has a second event. */
    private static final List<String> NO_GROUP = List.of(
            "detail.userIdentity.arn",
            "detail.userIdentity.principalId",
            "detail.userIdentity.accessKeyId",
            "detail.userIdentity.sessionContext",
            "detail.userAgent",
            "detail.requestID",
            "detail.eventID",
            "detail.eventTime",
            "id",
            "time");

    private Safeguards() {}

    /**
     * A pattern is about sources that are AWS services.
     *
     * @throws YamlException if it is not
     */
    static void sources(YamlValue match) throws YamlException {
        Optional<YamlValue> source = match.isMapping() ? match.member("source") : Optional.empty();
        if (source.isEmpty()) {
            throw match.error(
                    "say of which sources the events are: 'source', such as [aws.iam], or [{prefix: aws.}] for all of AWS");
        }
        for (YamlValue value : source.get().elements()) {
            JsonNode json = value.toJson();
            String text =
                    json.isObject() && json.size() == 1 ? json.path("prefix").asText("") : json.asText("");
            if (!text.startsWith("aws.")) {
                throw value.error("a source begins with 'aws.': events of any other can be put on a bus by anybody");
            }
        }
    }

    /**
     * What a pattern does not match if the caller writes something is an excuse, too.
     *
     * @throws YamlException if there is one
     */
    static void negations(YamlValue match) throws YamlException {
        leaves(match, "", (path, value) -> {
            JsonNode json = value.toJson();
            if (json.has("anything-but") || json.path("exists").asText("").equals("false")) {
                check(path, value);
            }
        });
    }

    /**
     * A pattern that excuses goes by what AWS says.
     *
     * @throws YamlException if it goes by what the caller writes
     */
    static void excuse(YamlValue unless) throws YamlException {
        leaves(unless, "", Safeguards::check);
    }

    /**
     * A group's values are not the caller's to change.
     *
     * @throws YamlException if they are
     */
    static void group(YamlValue path) throws YamlException {
        for (String each : NO_GROUP) {
            if (path.text().equals(each) || path.text().startsWith(each + ".")) {
                throw path.error(
                        "'" + path.text() + "' may differ with each call of the same caller; group by " + ACTOR);
            }
        }
    }

    /** What keeps a Sigma rule from being deployed: an excuse, or that it would want to see every call of every account. */
    static List<String> problems(SigmaRule rule) {
        List<String> problems = new ArrayList<>();
        if (rule.eventNames().isEmpty() && rule.eventSources().isEmpty()) {
            problems.add(
                    "it names neither eventName nor eventSource, so that every call of every account would invoke the function");
        }
        for (String field : rule.excuses()) {
            if (field.isEmpty()) {
                problems.add("a text anywhere in the record excuses nobody: the caller writes much of it");
            }
            ofRecord(field, MissingNode.getInstance())
                    .ifPresent(problem -> problems.add("'" + field + "' excuses nobody: " + problem));
        }
        return problems;
    }

    private interface Leaf {
        void check(String path, YamlValue value) throws YamlException;
    }

    private static void leaves(YamlValue pattern, String path, Leaf leaf) throws YamlException {
        if (pattern.isMapping()) {
            for (Map.Entry<String, YamlValue> member : pattern.members().entrySet()) {
                String name = member.getKey();
                String longer = name.equals("$or") ? path : path.isEmpty() ? name : path + "." + name;
                YamlValue value = member.getValue();
                if (value.isMapping()) {
                    leaves(value, longer, leaf);
                } else {
                    for (YamlValue element : value.elements()) {
                        if (name.equals("$or")) {
                            leaves(element, longer, leaf);
                        } else {
                            leaf.check(longer, element);
                        }
                    }
                }
            }
        }
    }

    private static void check(String path, YamlValue value) throws YamlException {
        Optional<String> problem = path.startsWith("detail.")
                ? ofRecord(path.substring("detail.".length()), value.toJson())
                : path.equals(ACTOR) && !value.toJson().isTextual()
                        ? Optional.of("name whole ARNs: whoever makes roles chooses their names")
                        : Optional.empty();
        if (problem.isPresent()) {
            throw value.error("'" + path + "' excuses nobody: " + problem.get());
        }
    }

    /**
     * Why a field of CloudTrail's record excuses nobody, if that is so.
     *
     * @param field its path, dots between the names
     * @param test what it is compared with; missing if that is not known
     */
    static Optional<String> ofRecord(String field, JsonNode test) {
        for (Map.Entry<String, String> each : WRITTEN_BY_THE_CALLER.entrySet()) {
            if (field.equals(each.getKey()) || field.startsWith(each.getKey() + ".")) {
                return Optional.of(each.getValue());
            }
        }
        if (field.equals("sourceIPAddress")) {
            String cidr = test.path("cidr").asText("");
            return cidr.isEmpty() || !Reach.isPrivate(cidr)
                    ? Optional.empty()
                    : Optional.of("whoever has a VPC has addresses of private networks");
        }
        if (field.startsWith("requestParameters.")) {
            for (String name : field.split("\\.")) {
                if (FREE_TEXTS.contains(name.toLowerCase(Locale.ROOT))) {
                    return Optional.of(
                            "the caller writes it, and one part of it takes back nothing of another; tributary.policy"
                                    + " tells whom policies let in");
                }
            }
        }
        return Optional.empty();
    }
}
