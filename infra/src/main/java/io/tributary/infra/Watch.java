package io.tributary.infra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.kinesisfirehose.CfnDeliveryStream;
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.MetricFilter;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** Alarms about the pipeline itself, and a dashboard of what they look at. */
final class Watch extends Construct {
    private static final Duration FIVE_MINUTES = Duration.minutes(5);
    private static final double MOSTLY = 0.8;

    /** Periods after which what passes by itself has not passed. */
    private static final int LASTING = 6;

    private static final String TRANSFORM = "Tributary/Transform";
    private static final String ARCHIVE = "Tributary/Archive";
    private static final String RECORDS_FAILED = "RecordsFailed";

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
        above(
                "ReadThrottles",
                "The log stream refuses to be read",
                ingestion.stream().metricReadProvisionedThroughputExceeded(),
                0,
                LASTING);
        String archive = ingestion.archiveStream().getDeliveryStreamName();
        late("Archive", archive, "DeliveryToS3", 1_200);
        unsuccessful("Archive", archive, "DeliveryToS3");
        late("Backup", archive, "BackupToS3", 2_400);
        unsuccessful("Backup", archive, "BackupToS3");
        above(
                "ArchivePartitions",
                "The archive stream has more partitions than it may: their records are below failed/",
                firehose(archive, "PartitionCountExceeded", "Maximum"),
                0,
                1);
        below(
                "ArchiveTransforming",
                "The archive stream cannot invoke the transform function",
                firehose(archive, "ExecuteProcessing.Success", "Average"),
                1,
                3);
        above(
                "ArchiveReading",
                "The archive stream reads the log stream more slowly than it wants to",
                firehose(archive, "ThrottledGetRecords", "Sum"),
                0,
                LASTING);
        key("Archive", archive);
        above(
                "EventsUnaccounted",
                "Events are unaccounted for: more came in than went out, were dropped, failed and put back",
                metric(TRANSFORM, "EventBalance", "Maximum", Map.of()),
                0,
                1);
        below(
                "EventsTooMany",
                "Events are unaccounted for: more went out, were dropped, failed and put back than came in",
                metric(TRANSFORM, "EventBalance", "Minimum", Map.of()),
                0,
                1);
        refused(ingestion.transform());
        silence("Silence", "No logs have come for an hour", ingestion.stream().metricIncomingRecords(), 12);
    }

    /**
     * Records that could not be processed, of whatever source. The function counts them by source, and an alarm can neither search for
     * sources nor know those to come: so they are counted once more, out of the very lines.
     */
    private void refused(PipelineFunction transform) {
        MetricFilter refused = MetricFilter.Builder.create(this, "RecordsFailedFilter")
                .logGroup(transform.logs())
                .filterPattern(FilterPattern.numberValue("$." + RECORDS_FAILED, ">", 0))
                .metricNamespace(TRANSFORM)
                .metricName(RECORDS_FAILED)
                .metricValue("$." + RECORDS_FAILED)
                .build();
        above(
                RECORDS_FAILED,
                "Records could not be processed: they are below failed/",
                refused.metric(MetricOptions.builder()
                        .statistic("Sum")
                        .period(FIVE_MINUTES)
                        .build()),
                0,
                1);
    }

    /** Whatever could not be processed, delivered or compacted. An alarm for an hour, so that what goes on is told once. */
    void failed(FailedObjects failed) {
        Alarm alarm = alarm(
                        "FailedObjects",
                        "Something was written below failed/ in the archive bucket: archive replay --what failed puts it back",
                        metric("AWS/Events", "MatchedEvents", "Sum", failed.dimensions()),
                        0,
                        12)
                .datapointsToAlarm(1)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                .build();
        alarm.addAlarmAction(new SnsAction(notices));
    }

    void search(Search search) {
        search.stream().ifPresent(stream -> {
            String name = stream.delivery().getDeliveryStreamName();
            late("Index", name, "DeliveryToAmazonOpenSearchService", 900);
            unsuccessful("Index", name, "DeliveryToAmazonOpenSearchService");
            for (String refusal : List.of("AuthFailure", "DeliveryRejected")) {
                above(
                        "Index" + refusal,
                        "The search domain refuses the Firehose stream: " + refusal,
                        firehose(name, "DeliveryToAmazonOpenSearchService." + refusal, "Maximum"),
                        0,
                        3);
            }
            directPut("Index", name);
            unsuccessful("IndexFailed", name, "DeliveryToS3");
        });
        search.pipeline().ifPresent(this::pipeline);
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
                    20_480,
                    1);
        });
    }

    /** What OpenSearch Ingestion cannot read, or the search engine does not take. */
    private void pipeline(IngestionPipeline pipeline) {
        failures("IndexUnread", pipeline.failed());
        above(
                "IndexFreshness",
                "Objects of events have waited for OpenSearch Ingestion for more than a quarter of an hour",
                pipeline.objects().metricApproximateAgeOfOldestMessage(),
                900,
                3);
        ingestion("IndexObjects", "OpenSearch Ingestion cannot read objects", "s3.s3ObjectsFailed.count", 1);
        ingestion("IndexMessages", "OpenSearch Ingestion cannot read messages", "s3.sqsMessagesFailed.count", 1);
        ingestion("IndexRefused", "The search engine refuses documents", "opensearch.documentErrors.count", 1);
        ingestion("IndexErrors", "The search engine does not answer", "opensearch.bulkRequestErrors.count", LASTING);
        ingestion(
                "IndexLost",
                "Documents that the search engine refuses cannot be written below failed/",
                "opensearch.s3.dlqS3RecordsFailed.count",
                1);
    }

    private void ingestion(String id, String description, String name, int periods) {
        above(
                id,
                description,
                metric(
                        "AWS/OSIS",
                        IngestionPipeline.NAME + "." + name,
                        "Sum",
                        Map.of("PipelineName", IngestionPipeline.NAME)),
                0,
                periods);
    }

    void copies(Copies copies) {
        for (CfnDeliveryStream copy : copies.streams()) {
            String destination = copy.getSplunkDestinationConfiguration() == null ? "Redshift" : "Splunk";
            String name = copy.getDeliveryStreamName();
            // Redshift's copies are made of several minutes each
            late(destination, name, "DeliveryTo" + destination, 1_800);
            unsuccessful(destination, name, "DeliveryTo" + destination);
            unsuccessful(destination + "Failed", name, "DeliveryToS3");
            directPut(destination, name);
        }
    }

    /** What CloudWatch's centralization does not bring to this account. */
    void centralization() {
        List<Metric> errors = Stream.of(
                        "LogGroupQuotaExceeded",
                        "InvalidKMS",
                        "AccessDenied",
                        "LogTierMismatch",
                        "InvalidLogStream",
                        "InvalidLogGroup",
                        "DestinationEncryptionMismatch")
                .map(type -> metric("AWS/Logs", "CentralizationError", "Sum", Map.of("ErrorType", type)))
                .toList();
        above("Centralization", "CloudWatch cannot copy log groups to this account", sum(errors), 0, 1);
    }

    /** The trail, flow logs, or an account with a name, that have sent nothing for hours. */
    void silence(Settings settings) {
        // by its origin: anybody can name a log group so that its events are of the source cloudtrail
        settings.trailOrigin()
                .ifPresent(trail -> silent(
                        "SilentTrail",
                        "Nothing has come of the organization's trail for three hours",
                        Map.of("Origin", trail.toString()),
                        3));
        if (settings.isFlowLogs()) {
            silent(
                    "SilentFlowLogs",
                    "Nothing has come of VPC flow logs for three hours",
                    Map.of("Source", "vpc-flow-logs"),
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
                .namespace(TRANSFORM)
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
        Map<String, String> logs = Map.of("LogGroupName", function.logs().getLogGroupName());
        above(
                name + "Metrics",
                "CloudWatch makes no metrics of what the function " + name + " prints, nor alarms of them",
                sum(Stream.of("EMFDisabledErrors", "EMFParsingErrors", "EMFValidationErrors")
                        .map(error -> metric("AWS/Logs", error, "Sum", logs))
                        .toList()),
                0,
                1);
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
                metric(ARCHIVE, "IntegrityViolations", "Maximum", Map.of()),
                0,
                1);
        archive("SetAside", "Objects could not be archived", "ObjectsSetAside");
        archive("Refused", "Objects could not be read", "ObjectsRefused");
        archive("Unreadable", "Records that were to be replayed could not be read", "RecordsUnreadable");
        archive("TasksFailed", "Tasks of the archive function failed", "TasksFailed");
    }

    private void archive(String id, String description, String name) {
        above(id, description, metric(ARCHIVE, name, "Sum", Map.of()), 0, 1);
    }

    private void late(String id, String name, String delivery, int seconds) {
        above(
                id + "Freshness",
                "The Firehose stream " + name + " delivers late",
                firehose(name, delivery + ".DataFreshness", "Maximum"),
                seconds,
                3);
    }

    /** Firehose repeats what fails; what goes on failing for a quarter of an hour is told. */
    private void unsuccessful(String id, String name, String delivery) {
        below(
                id + "Delivery",
                "The Firehose stream " + name + " cannot deliver: " + delivery,
                firehose(name, delivery + ".Success", "Average"),
                1,
                3);
    }

    /** What only streams have that records are put on. */
    private void directPut(String id, String name) {
        above(
                id + "Throttles",
                "The Firehose stream " + name + " refuses records",
                firehose(name, "ThrottledRecords", "Sum"),
                0,
                3);
        key(id, name);
    }

    private void key(String id, String name) {
        above(
                id + "Key",
                "The Firehose stream " + name + " cannot use its key",
                sum(Stream.of("KMSKeyAccessDenied", "KMSKeyDisabled", "KMSKeyInvalidState", "KMSKeyNotFound")
                        .map(error -> firehose(name, error, "Sum"))
                        .toList()),
                0,
                1);
    }

    private static Metric firehose(String stream, String name, String statistic) {
        return metric("AWS/Firehose", name, statistic, Map.of("DeliveryStreamName", stream));
    }

    /** Several metrics as one: of an array those are left out that have no values. */
    private static MathExpression sum(List<Metric> metrics) {
        Map<String, Metric> names = new LinkedHashMap<>();
        metrics.forEach(metric -> names.put("m" + names.size(), metric));
        return MathExpression.Builder.create()
                .expression("SUM([" + String.join(", ", names.keySet()) + "])")
                .usingMetrics(names)
                .period(FIVE_MINUTES)
                .build();
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

    private void below(String id, String description, IMetric metric, double threshold, int periods) {
        alarm(id, description, metric, threshold, periods)
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
