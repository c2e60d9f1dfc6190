package io.tributary.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** Alarms about the pipeline itself, and a dashboard of what they look at. */
final class Watch extends Construct {
    private static final Duration FIVE_MINUTES = Duration.minutes(5);

    private final Topic notices;
    private final Dashboard dashboard;

    Watch(Construct scope, String id, Topic notices) {
        super(scope, id);
        this.notices = notices;
        this.dashboard = Dashboard.Builder.create(this, "Dashboard")
                .dashboardName("Tributary")
                .build();
    }

    void stream(Ingestion ingestion) {
        above(
                "IteratorAge",
                "The archive stream is behind: its oldest record is older than ten minutes",
                ingestion.stream().metricGetRecordsIteratorAgeMilliseconds(),
                600_000,
                3);
        above(
                "WriteThrottles",
                "The log stream refuses records",
                ingestion.stream().metricWriteProvisionedThroughputExceeded(),
                0,
                3);
        firehose("Archive", ingestion.archiveStream().getDeliveryStreamName(), "DeliveryToS3.DataFreshness", 1_200);
        above(
                "EventsUnaccounted",
                "Events are unaccounted for: more came in than went out, were dropped, failed and put back",
                metric("Tributary/Transform", "EventBalance", "Maximum", Map.of()),
                0,
                1);
        below(
                "EventsTooMany",
                "Events are unaccounted for: more went out, were dropped, failed and put back than came in",
                metric("Tributary/Transform", "EventBalance", "Minimum", Map.of()),
                0);
        silence("Silence", "No logs have come for an hour", ingestion.stream().metricIncomingRecords());
    }

    void search(Optional<SearchDomain> search) {
        search.ifPresent(domain -> {
            firehose(
                    "Index",
                    domain.delivery().getDeliveryStreamName(),
                    "DeliveryToAmazonOpenSearchService.DataFreshness",
                    900);
            above("SearchRed", "The search domain is red", domain.domain().metricClusterStatusRed(), 0, 1);
            above(
                    "SearchBlocked",
                    "The search domain takes no writes",
                    domain.domain().metricClusterIndexWritesBlocked(),
                    0,
                    1);
            below(
                    "SearchStorage",
                    "A node of the search domain has less than 20 GiB left",
                    domain.domain().metricFreeStorageSpace(),
                    20_480);
        });
    }

    void function(String name, PipelineFunction function) {
        above(
                name + "Errors",
                "The function " + name + " fails",
                function.function().metricErrors(),
                0,
                3);
        above(
                name + "Throttles",
                "The function " + name + " is throttled",
                function.function().metricThrottles(),
                0,
                3);
        failures(name + "Failures", function.failures());
    }

    void failures(String id, Queue queue) {
        above(
                id,
                "Something waits in " + id + " that could not be done",
                queue.metricApproximateNumberOfMessagesVisible(),
                0,
                1);
    }

    void archive() {
        above(
                "Integrity",
                "The archive is not intact",
                metric("Tributary/Archive", "IntegrityViolations", "Maximum", Map.of()),
                0,
                1);
        above(
                "SetAside",
                "Objects could not be archived",
                metric("Tributary/Archive", "ObjectsSetAside", "Sum", Map.of()),
                0,
                1);
    }

    private void firehose(String id, String name, String freshness, int seconds) {
        above(
                id + "Freshness",
                "The Firehose stream " + id + " delivers late",
                metric("AWS/Firehose", freshness, "Maximum", Map.of("DeliveryStreamName", name)),
                seconds,
                3);
    }

    private static Metric metric(String namespace, String name, String statistic, Map<String, String> dimensions) {
        return Metric.Builder.create()
                .namespace(namespace)
                .metricName(name)
                .dimensionsMap(dimensions)
                .statistic(statistic)
                .period(FIVE_MINUTES)
                .build();
    }

    private Alarm.Builder alarm(String id, String description, IMetric metric, double threshold, int periods) {
        dashboard.addWidgets(new IWidget[] {
            GraphWidget.Builder.create()
                    .title(id)
                    .left(List.of(metric))
                    .width(8)
                    .build()
        });
        return Alarm.Builder.create(this, id)
                .alarmDescription(description)
                .metric(metric)
                .threshold(threshold)
                .evaluationPeriods(periods)
                .treatMissingData(TreatMissingData.NOT_BREACHING);
    }

    private void above(String id, String description, IMetric metric, double threshold, int periods) {
        alarm(id, description, metric, threshold, periods)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                .build()
                .addAlarmAction(new SnsAction(notices));
    }

    private void below(String id, String description, IMetric metric, double threshold) {
        alarm(id, description, metric, threshold, 1)
                .comparisonOperator(ComparisonOperator.LESS_THAN_THRESHOLD)
                .build()
                .addAlarmAction(new SnsAction(notices));
    }

    private void silence(String id, String description, IMetric metric) {
        alarm(id, description, metric, 1, 12)
                .comparisonOperator(ComparisonOperator.LESS_THAN_THRESHOLD)
                .treatMissingData(TreatMissingData.BREACHING)
                .build()
                .addAlarmAction(new SnsAction(notices));
    }
}
