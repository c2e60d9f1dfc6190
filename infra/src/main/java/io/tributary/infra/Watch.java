package io.tributary.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** Alarms about the pipeline itself, and a dashboard of what they look at. */
final class Watch extends Construct {
    private static final Duration FIVE_MINUTES = Duration.minutes(5);
    private static final double MOSTLY = 0.8;

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
        silence("Silence", "No logs have come for an hour", ingestion.stream().metricIncomingRecords(), 12);
    }

    void search(Search search) {
        search.stream()
                .ifPresent(stream -> firehose(
                        "Index",
                        stream.delivery().getDeliveryStreamName(),
                        "DeliveryToAmazonOpenSearchService.DataFreshness",
                        900));
        search.pipeline().ifPresent(pipeline -> failures("IndexUnread", pipeline.failed()));
        search.domain().ifPresent(domain -> {
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

    void copies(Copies copies) {
        for (CfnDeliveryStream copy : copies.streams()) {
            String destination = copy.getSplunkDestinationConfiguration() == null ? "Redshift" : "Splunk";
            firehose(
                    destination,
                    copy.getDeliveryStreamName(),
                    "DeliveryTo" + destination + ".DataFreshness",
                    // Redshift's copies are made of several minutes each
                    1_800);
        }
    }

    /** A source, or an account with a name, that has sent nothing for hours. */
    void silence(Settings settings) {
        List<String> sources = new ArrayList<>();
        if (settings.isTrail()) {
            sources.add("cloudtrail");
        }
        if (settings.isFlowLogs()) {
            sources.add("vpc-flow-logs");
        }
        for (String source : sources) {
            silent(
                    "SilentSource" + source,
                    "Nothing has come of the source " + source + " for three hours",
                    Map.of("Source", source),
                    3);
        }
        settings.accountNames().keySet().stream()
                .sorted()
                .forEach(account -> silent(
                        "SilentAccount" + account,
                        "Nothing has come of the account "
                                + settings.accountNames().get(account) + " (" + account + ") for six hours",
                        Map.of("Account", account),
                        6));
    }

    private void silent(String id, String description, Map<String, String> dimensions, int hours) {
        Metric events = Metric.Builder.create()
                .namespace("Tributary/Transform")
                .metricName("EventsIn")
                .dimensionsMap(dimensions)
                .statistic("Sum")
                .period(Duration.hours(1))
                .build();
        silence(id, description, events, hours);
    }

    void alerts() {
        above(
                "AlertsLate",
                "Alerts are published more than a minute after their events",
                metric("Tributary/Alert", "EventToPublish", "Maximum", Map.of()),
                60_000,
                2);
        above(
                "AlertStateUnavailable",
                "The alert function cannot reach its table: people may be told twice",
                metric("Tributary/Alert", "StateUnavailable", "Sum", Map.of()),
                0,
                1);
    }

    void function(String name, PipelineFunction function) {
        above(
                name + "Slow",
                "The function " + name + " needs more than four fifths of its time",
                function.function()
                        .metricDuration(MetricOptions.builder()
                                .statistic("Maximum")
                                .period(FIVE_MINUTES)
                                .build()),
                function.shape().timeout().toMilliseconds().doubleValue() * MOSTLY,
                3);
        above(
                name + "Busy",
                "The function " + name + " runs in more than four fifths of the instances it may have",
                metric(
                        "AWS/Lambda",
                        "ConcurrentExecutions",
                        "Maximum",
                        Map.of("FunctionName", function.function().getFunctionName())),
                function.shape().concurrency() * MOSTLY,
                3);
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

    private void silence(String id, String description, IMetric metric, int periods) {
        alarm(id, description, metric, 1, periods)
                .comparisonOperator(ComparisonOperator.LESS_THAN_THRESHOLD)
                .treatMissingData(TreatMissingData.BREACHING)
                .build()
                .addAlarmAction(new SnsAction(notices));
    }
}
