package io.tributary.infra;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import software.amazon.awscdk.services.opensearchserverless.CfnAccessPolicy;
import software.amazon.awscdk.services.opensearchserverless.CfnCollection;
import software.amazon.awscdk.services.opensearchserverless.CfnSecurityPolicy;
import software.constructs.Construct;

/**
 * A collection of OpenSearch Serverless. Its type is search: time series take no id of ours, without which what is delivered twice
 * would be found twice.
 */
final class SearchCollection extends Construct {
    private static final String NAME = "tributary";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CfnCollection collection;

    SearchCollection(Construct scope, String id, Storage storage) {
        super(scope, id);
        ObjectNode encryption = JSON.createObjectNode();
        rule(encryption.putArray("Rules"), "collection", "collection/" + NAME);
        encryption.put("KmsARN", storage.key().getKeyArn());
        CfnSecurityPolicy encrypted = CfnSecurityPolicy.Builder.create(this, "Encryption")
                .name(NAME)
                .type("encryption")
                .policy(encryption.toString())
                .build();
        ArrayNode network = JSON.createArrayNode();
        ObjectNode reachable = network.addObject();
        rule(reachable.putArray("Rules"), "collection", "collection/" + NAME);
        rule(reachable.withArray("Rules"), "dashboard", "collection/" + NAME);
        // by signed requests of principals that the access policy names
        reachable.put("AllowFromPublic", true);
        CfnSecurityPolicy reached = CfnSecurityPolicy.Builder.create(this, "Network")
                .name(NAME)
                .type("network")
                .policy(network.toString())
                .build();
        collection = CfnCollection.Builder.create(this, "Collection")
                .name(NAME)
                .type("SEARCH")
                .description("Tributary: normalised events")
                .build();
        collection.getNode().addDependency(encrypted);
        collection.getNode().addDependency(reached);
    }

    private static ObjectNode rule(ArrayNode rules, String type, String resource) {
        ObjectNode rule = rules.addObject().put("ResourceType", type);
        rule.putArray("Resource").add(resource);
        return rule;
    }

    /** Lets roles write, and nobody else: people are given access by the collection's owner. */
    void allow(List<String> roleArns) {
        ArrayNode access = JSON.createArrayNode();
        ObjectNode writers = access.addObject();
        ArrayNode rules = writers.putArray("Rules");
        rule(rules, "index", "index/" + NAME + "/*")
                .putArray("Permission")
                .add("aoss:CreateIndex")
                .add("aoss:UpdateIndex")
                .add("aoss:DescribeIndex")
                .add("aoss:WriteDocument");
        ArrayNode principals = writers.putArray("Principal");
        roleArns.forEach(principals::add);
        CfnAccessPolicy.Builder.create(this, "Access")
                .name(NAME)
                .type("data")
                .policy(access.toString())
                .build();
    }

    String arn() {
        return collection.getAttrArn();
    }

    String endpoint() {
        return collection.getAttrCollectionEndpoint();
    }
}
