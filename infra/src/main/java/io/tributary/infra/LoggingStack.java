package io.tributary.infra;

import io.tributary.alert.rule.Rule;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.constructs.Construct;

/** The pipeline itself: in the logging account's home Region. */
final class LoggingStack extends Stack {
    LoggingStack(
            Construct scope, String id, StackProps properties, Settings settings, Packages packages, List<Rule> rules) {
        super(scope, id, properties);
        Storage storage = new Storage(this, "Storage", settings);
        Topic notices = Topic.Builder.create(this, "Notices")
                .displayName("Tributary: about the pipeline")
                .masterKey(storage.key())
                .enforceSsl(true)
                .build();
        notices.addToResourcePolicy(PolicyStatement.Builder.create()
                .effect(Effect.ALLOW)
                .principals(List.of(new ServicePrincipal("cloudwatch.amazonaws.com")))
                .actions(List.of("sns:Publish"))
                .resources(List.of(notices.getTopicArn()))
                .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", Aws.ACCOUNT_ID)))
                .build());
        settings.channels().values().stream()
                .flatMap(channel -> channel.emails().stream())
                .distinct()
                .sorted()
                .forEach(address -> notices.addSubscription(new EmailSubscription(address)));
        Search search = new Search(this, "Search", settings.index(), storage);
        Copies copies = new Copies(this, "Copies", settings.destinations(), storage);
        Ingestion ingestion = new Ingestion(this, "Ingestion", settings, storage, packages.transform(), search, copies);
        if (settings.isCentralized()) {
            new CentralSubscription(this, "Central", storage, ingestion.stream());
        } else {
            output(
                    "DestinationArn",
                    new Entrance(
                                    this,
                                    "Entrance",
                                    settings,
                                    ingestion.stream().getStreamArn(),
                                    Policies.allow(
                                            List.of("kms:GenerateDataKey"),
                                            storage.key().getKeyArn()))
                            .arn());
        }
        Alerting alerting = new Alerting(this, "Alerting", settings, storage, ingestion, packages.alert(), rules);
        Archiving archiving =
                new Archiving(this, "Archiving", settings, storage, ingestion, notices, packages.archive());
        new Catalog(this, "Catalog", storage);
        Watch watch = new Watch(this, "Watch", notices);
        watch.stream(ingestion);
        watch.failed(new FailedObjects(this, "Failed", storage, archiving.undelivered()));
        watch.search(search);
        watch.copies(copies);
        if (settings.isCentralized()) {
            watch.centralization();
        }
        watch.silence(settings);
        watch.alerts();
        watch.function("Transform", ingestion.transform());
        watch.function("Alert", alerting.function());
        watch.failures("AlertsUndelivered", alerting.undelivered());
        watch.function("Archive", archiving.function());
        watch.failures("ArchiveTasks", archiving.failed());
        watch.failures("ArchiveUndelivered", archiving.undelivered());
        watch.archive();
        output("TrailBucket", storage.trail().getBucketName());
        output("KeyArn", storage.key().getKeyArn());
        search.endpoint().ifPresent(endpoint -> output("SearchEndpoint", endpoint));
        search.writer().ifPresent(role -> output("SearchWriterRole", role.getRoleArn()));
        Suppressions.logging(this);
    }

    private void output(String name, String value) {
        CfnOutput.Builder.create(this, name).value(value).build();
    }
}
