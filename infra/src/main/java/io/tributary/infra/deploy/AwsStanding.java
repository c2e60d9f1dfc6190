package io.tributary.infra.deploy;

import io.tributary.infra.FixedName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.AccountPolicy;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.PolicyType;
import software.amazon.awssdk.services.cloudwatchlogs.model.SubscriptionFilter;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/** What stands in the account that the credentials at hand are of. */
final class AwsStanding implements Standing {
    /** A stack in one of these has nothing of its own: the CDK takes it away before it makes it anew, or there is none. */
    private static final Set<StackStatus> NO_STACK = Set.of(
            StackStatus.REVIEW_IN_PROGRESS,
            StackStatus.CREATE_FAILED,
            StackStatus.ROLLBACK_COMPLETE,
            StackStatus.ROLLBACK_FAILED,
            StackStatus.DELETE_COMPLETE);

    @Override
    public Set<String> resources(String region, String stack) {
        try (CloudFormationClient client = client(CloudFormationClient.builder(), region)) {
            boolean isThere = client.describeStacks(request -> request.stackName(stack)).stacks().stream()
                    .anyMatch(one -> !NO_STACK.contains(one.stackStatus()));
            Set<String> ids = new HashSet<>();
            if (isThere) {
                client.listStackResourcesPaginator(request -> request.stackName(stack))
                        .stackResourceSummaries()
                        .forEach(resource -> ids.add(String.valueOf(resource.physicalResourceId())));
            }
            return ids;
        } catch (CloudFormationException e) {
            if (e.getMessage().contains("does not exist")) {
                return Set.of();
            }
            throw e;
        }
    }

    @Override
    public Optional<String> find(String region, FixedName name) {
        return switch (name.kind()) {
            case BUCKET -> bucket(region, name.name());
            case KEY_ALIAS -> key(region, name.name());
            case STREAM -> stream(region, name.name());
            case LOG_GROUP -> logGroup(region, name.name());
            case TRAIL -> trail(region, name.name());
        };
    }

    private static Optional<String> bucket(String region, String name) {
        try (S3Client client = client(S3Client.builder(), region)) {
            client.headBucket(request -> request.bucket(name));
            return Optional.of(name);
        } catch (NoSuchBucketException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> key(String region, String alias) {
        try (KmsClient client = client(KmsClient.builder(), region)) {
            return Optional.of(client.describeKey(request -> request.keyId(alias))
                    .keyMetadata()
                    .keyId());
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> stream(String region, String name) {
        try (KinesisClient client = client(KinesisClient.builder(), region)) {
            return Optional.of(client.describeStreamSummary(request -> request.streamName(name))
                    .streamDescriptionSummary()
                    .streamName());
        } catch (software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> logGroup(String region, String name) {
        return logs(
                region,
                client ->
                        client
                                .describeLogGroupsPaginator(request -> request.logGroupNamePrefix(name))
                                .logGroups()
                                .stream()
                                .map(LogGroup::logGroupName)
                                .filter(name::equals)
                                .findFirst());
    }

    private static Optional<String> trail(String region, String name) {
        try (CloudTrailClient client = client(CloudTrailClient.builder(), region)) {
            // to a delegated administrator the organization's trail is the shadow of the management account's
            return client.describeTrails(request -> request.includeShadowTrails(true)).trailList().stream()
                    .filter(trail -> region.equals(trail.homeRegion()))
                    .map(Trail::name)
                    .filter(name::equals)
                    .findFirst();
        }
    }

    @Override
    public Optional<String> subscriptionPolicy(String region) {
        return logs(
                region,
                client -> client
                        .describeAccountPolicies(request -> request.policyType(PolicyType.SUBSCRIPTION_FILTER_POLICY))
                        .accountPolicies()
                        .stream()
                        .map(AccountPolicy::policyName)
                        .findFirst());
    }

    @Override
    public Optional<List<String>> subscriptionFilters(String region, String logGroup) {
        return logs(region, client -> {
            try {
                return Optional.of(
                        client
                                .describeSubscriptionFilters(request -> request.logGroupName(logGroup))
                                .subscriptionFilters()
                                .stream()
                                .map(SubscriptionFilter::filterName)
                                .toList());
            } catch (software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public int logResourcePolicies(String region) {
        return logs(
                region,
                client -> client.describeResourcePolicies(request -> request.limit(50))
                        .resourcePolicies()
                        .size());
    }

    private static <T> T logs(String region, Function<CloudWatchLogsClient, T> call) {
        try (CloudWatchLogsClient client = client(CloudWatchLogsClient.builder(), region)) {
            return call.apply(client);
        }
    }

    private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, String region) {
        return builder.region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }
}
