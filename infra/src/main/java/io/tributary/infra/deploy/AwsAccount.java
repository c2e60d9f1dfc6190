package io.tributary.infra.deploy;

import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.sts.StsClient;

/** The account that the credentials at hand are of. */
final class AwsAccount implements Account {
    private static final String BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version";

    @Override
    public String id(String region) {
        try (StsClient sts = StsClient.builder()
                .region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return sts.getCallerIdentity().account();
        }
    }

    @Override
    public boolean isBootstrapped(String region) {
        try (SsmClient ssm = SsmClient.builder()
                .region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return ssm.getParameter(request -> request.name(BOOTSTRAP)).parameter() != null;
        } catch (ParameterNotFoundException e) {
            return false;
        }
    }

    @Override
    public int unreservedConcurrency(String region) {
        try (LambdaClient lambda = lambda(region)) {
            return lambda.getAccountSettings().accountLimit().unreservedConcurrentExecutions();
        }
    }

    @Override
    public boolean hasFunctions(String region) {
        try (LambdaClient lambda = lambda(region)) {
            return lambda.listFunctionsPaginator().functions().stream()
                    .anyMatch(function -> "Tributary: transform".equals(function.description()));
        }
    }

    private static LambdaClient lambda(String region) {
        return LambdaClient.builder()
                .region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @Override
    public List<String> unconfirmed(String region) {
        try (SnsClient sns = SnsClient.builder()
                .region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return sns.listSubscriptionsPaginator().subscriptions().stream()
                    .filter(subscription -> subscription.topicArn().contains(":TributaryLogging-"))
                    .filter(subscription -> "PendingConfirmation".equals(subscription.subscriptionArn()))
                    .map(Subscription::endpoint)
                    .distinct()
                    .sorted()
                    .collect(Collectors.toList());
        }
    }
}
