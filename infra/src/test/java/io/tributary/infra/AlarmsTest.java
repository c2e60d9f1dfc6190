package io.tributary.infra;

import static io.tributary.infra.Templates.resource;
import static io.tributary.infra.Templates.resources;
import static io.tributary.infra.Templates.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing fails without somebody hearing of it. */
class AlarmsTest {
    static List<String> logging() {
        return Templates.ofLogging();
    }

    /** Every way of failing, and in which settings there is it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *          | Tributary/Transform RecordsFailed                              | a record cannot be processed, of whatever source
            *          | Tributary/Transform EventBalance                               | events are unaccounted for
            *          | AWS/Events MatchedEvents RuleName                              | an object is written below failed/
            *          | AWS/Firehose DeliveryToS3.Success tributary-archive            | Firehose cannot write to the archive
            *          | AWS/Firehose DeliveryToS3.DataFreshness tributary-archive      | or is late with it
            *          | AWS/Firehose BackupToS3.Success tributary-archive              | Firehose cannot keep the sources
            *          | AWS/Firehose BackupToS3.DataFreshness tributary-archive        | or is late with it
            *          | AWS/Firehose PartitionCountExceeded tributary-archive          | there are too many partitions
            *          | AWS/Firehose ExecuteProcessing.Success tributary-archive       | the function cannot be invoked
            *          | AWS/Firehose KMSKeyAccessDenied tributary-archive              | the key cannot be used
            *          | AWS/Firehose KMSKeyDisabled tributary-archive                  | the key is disabled
            *          | AWS/Firehose KMSKeyInvalidState tributary-archive              | the key is to be deleted
            *          | AWS/Firehose KMSKeyNotFound tributary-archive                  | the key is deleted
            *          | AWS/Firehose ThrottledGetRecords tributary-archive             | the source is throttled
            *          | AWS/Kinesis ReadProvisionedThroughputExceeded                  | the source is throttled
            *          | AWS/Kinesis WriteProvisionedThroughputExceeded                 | the source takes no more
            *          | AWS/Kinesis GetRecords.IteratorAgeMilliseconds                 | the source is read too slowly
            *          | AWS/Logs EMFDisabledErrors                                     | somebody has switched metrics off
            *          | Tributary/Archive ObjectsRefused                               | an object cannot be read
            *          | Tributary/Archive TasksFailed                                  | a task of the archive fails
            *          | Tributary/Archive RecordsUnreadable                            | what is replayed cannot be read
            firehose   | AWS/Firehose DeliveryToAmazonOpenSearchService.Success tributary-index          | documents are refused
            firehose   | AWS/Firehose DeliveryToAmazonOpenSearchService.DataFreshness tributary-index    | documents are late
            firehose   | AWS/Firehose DeliveryToAmazonOpenSearchService.AuthFailure tributary-index      | the domain does not let Firehose in
            firehose   | AWS/Firehose DeliveryToAmazonOpenSearchService.DeliveryRejected tributary-index | the domain refuses all
            firehose   | AWS/Firehose DeliveryToS3.Success tributary-index              | what is refused cannot be kept
            firehose   | AWS/Firehose ThrottledRecords tributary-index                  | the stream takes no more
            firehose   | AWS/Firehose KMSKeyAccessDenied tributary-index                | the key cannot be used
            ingestion  | AWS/OSIS tributary.opensearch.documentErrors.count tributary   | documents are refused
            ingestion  | AWS/OSIS tributary.opensearch.bulkRequestErrors.count tributary | the search engine does not answer
            ingestion  | AWS/OSIS tributary.opensearch.s3.dlqS3RecordsFailed.count tributary | what is refused cannot be kept
            ingestion  | AWS/OSIS tributary.s3.s3ObjectsFailed.count tributary          | objects cannot be read
            ingestion  | AWS/OSIS tributary.s3.sqsMessagesFailed.count tributary        | messages cannot be read
            ingestion  | AWS/SQS ApproximateAgeOfOldestMessage                          | nobody reads objects
            copies     | AWS/Firehose DeliveryToSplunk.Success tributary-splunk         | Splunk refuses
            copies     | AWS/Firehose DeliveryToS3.Success tributary-splunk             | what is refused cannot be kept
            copies     | AWS/Firehose ThrottledRecords tributary-splunk                 | the stream takes no more
            copies     | AWS/Firehose KMSKeyNotFound tributary-splunk                   | the key cannot be used
            copies     | AWS/Firehose DeliveryToRedshift.Success tributary-redshift     | Redshift cannot copy
            copies     | AWS/Firehose DeliveryToS3.Success tributary-redshift           | there is nothing to copy
            copies     | AWS/Firehose ThrottledRecords tributary-redshift               | the stream takes no more
            copies     | AWS/Firehose KMSKeyInvalidState tributary-redshift             | the key cannot be used
            central    | AWS/Logs CentralizationError AccessDenied                      | CloudWatch may not copy
            central    | AWS/Logs CentralizationError LogGroupQuotaExceeded             | CloudWatch cannot copy
            """)
    void everyWayOfFailingHasAnAlarm(String where, String metric, String what) throws Exception {
        for (String settings : Templates.SETTINGS) {
            Settings own = Templates.settings(settings);
            boolean isThere = switch (where) {
                case "firehose" ->
                    own.index().kind() == Settings.IndexKind.DOMAIN
                            || own.index().kind() == Settings.IndexKind.EXISTING;
                case "ingestion" -> own.index().isIngestion();
                case "copies" -> own.destinations().splunk().isPresent();
                case "central" -> own.isCentralized();
                default -> true;
            };
            assertThat(watched(settings + "/TributaryLogging").stream().anyMatch(one -> one.startsWith(metric)))
                    .as(settings + ": " + what)
                    .isEqualTo(isThere);
        }
    }

    @ParameterizedTest
    @MethodSource("logging")
    void anAlarmTellsSomebody(String name) throws Exception {
        Set<String> topics = resources(name, "AWS::SNS::Topic").keySet();
        resources(name, "AWS::CloudWatch::Alarm").forEach((id, alarm) -> {
            assertThat(alarm.path("AlarmActions")).as(name + " " + id).hasSize(1);
            assertThat(topics).as(id).contains(alarm.at("/AlarmActions/0/Ref").asText());
            assertThat(alarm.path("AlarmDescription").asText()).as(id).isNotEmpty();
            assertThat(alarm.path("ActionsEnabled").asBoolean(true)).as(id).isTrue();
        });
    }

    /** One that is not would be silent for ever. */
    @ParameterizedTest
    @MethodSource("logging")
    void aMetricOfAnAlarmIsDocumented(String name) throws Exception {
        Set<String> documented = Files.readAllLines(Path.of("src/test/resources/documented-metrics.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .collect(Collectors.toCollection(TreeSet::new));
        for (JsonNode metric : metrics(name)) {
            String dimensions = StreamSupport.stream(metric.path("Dimensions").spliterator(), false)
                    .map(dimension -> dimension.path("Name").asText())
                    .sorted()
                    .collect(Collectors.joining(","));
            assertThat(documented)
                    .as(name)
                    .contains((metric.path("Namespace").asText() + " "
                                    + metric.path("MetricName").asText() + " " + dimensions)
                            .strip());
        }
    }

    /** An alarm looks at ten metrics at most, and never searches for them. */
    @ParameterizedTest
    @MethodSource("logging")
    void anAlarmIsWhatCloudWatchTakes(String name) throws Exception {
        resources(name, "AWS::CloudWatch::Alarm").forEach((id, alarm) -> {
            assertThat(alarm.path("Metrics").size()).as(name + " " + id).isLessThanOrEqualTo(11);
            assertThat(alarm.toString()).as(id).doesNotContain("SEARCH(");
            if (alarm.has("Metrics")) {
                assertThat(StreamSupport.stream(alarm.path("Metrics").spliterator(), false)
                                .filter(metric -> metric.path("ReturnData").asBoolean(true)))
                        .as(id)
                        .hasSize(1);
            }
        });
    }

    /** The function counts by source, and who fails may be of one that nobody has heard of. */
    @Test
    void failedRecordsAreCountedWhateverTheirSource() throws Exception {
        JsonNode filter = resource("small/TributaryLogging", "AWS::Logs::MetricFilter");
        assertThat(filter.path("FilterPattern").asText()).isEqualTo("{ $.RecordsFailed > 0 }");
        assertThat(filter.path("MetricTransformations").toString())
                .isEqualTo("[{\"MetricName\":\"RecordsFailed\",\"MetricNamespace\":\"Tributary/Transform\","
                        + "\"MetricValue\":\"$.RecordsFailed\"}]");
        assertThat(text(filter.path("LogGroupName"))).startsWith("<IngestionTransformLogs");
    }

    /** Of what goes on failing people are told once an hour at most. */
    @Test
    void whatGoesOnFailingFloodsNobody() throws Exception {
        JsonNode alarm = resources("small/TributaryLogging", "AWS::CloudWatch::Alarm").values().stream()
                .filter(one -> one.path("MetricName").asText().equals("MatchedEvents"))
                .findFirst()
                .orElseThrow();
        assertThat(alarm.path("Period").asInt()
                        * alarm.path("EvaluationPeriods").asInt())
                .isEqualTo(3_600);
        assertThat(alarm.path("DatapointsToAlarm").asInt()).isEqualTo(1);
        JsonNode rule = resources("small/TributaryLogging", "AWS::Events::Rule").entrySet().stream()
                .filter(one ->
                        one.getKey().equals(alarm.at("/Dimensions/0/Value/Ref").asText()))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(rule.path("EventPattern").toString())
                .contains("\"Object Created\"", "{\"prefix\":\"failed/\"}", "StorageArchive");
    }

    @Test
    void silenceIsNoticed() throws Exception {
        List<String> descriptions = new ArrayList<>();
        Map<String, JsonNode> alarms = resources("organization/TributaryLogging", "AWS::CloudWatch::Alarm");
        alarms.values()
                .forEach(
                        alarm -> descriptions.add(alarm.path("AlarmDescription").asText()));
        assertThat(descriptions)
                .contains(
                        "No logs have come for an hour",
                        "Nothing has come of the account production (345678901234) for six hours",
                        "Nothing has come of VPC flow logs for three hours",
                        "Nothing has come of the organization's trail for three hours");
        // by who sends it: a log group of any account may have a name that makes its events cloudtrail's
        assertThat(alarms.values().stream()
                        .filter(alarm -> alarm.path("AlarmDescription").asText().contains("trail for"))
                        .map(alarm -> alarm.path("Dimensions").toString()))
                .containsExactly("[{\"Name\":\"Origin\",\"Value\":\"123456789012:/tributary-cloudtrail\"}]");
        assertThat(watched("organization/TributaryLogging")).noneMatch(metric -> metric.endsWith(" cloudtrail"));
    }

    /** What alarms of a template look at: namespace, name, and the value of each dimension, or its name where the value is a reference. */
    private static Set<String> watched(String name) throws Exception {
        Set<String> watched = new TreeSet<>();
        for (JsonNode metric : metrics(name)) {
            StringBuilder text = new StringBuilder(metric.path("Namespace").asText())
                    .append(" ")
                    .append(metric.path("MetricName").asText());
            for (JsonNode dimension : metric.path("Dimensions")) {
                JsonNode value = dimension.path("Value");
                text.append(" ")
                        .append(
                                value.isTextual()
                                        ? value.asText()
                                        : dimension.path("Name").asText());
            }
            watched.add(text.toString());
        }
        return watched;
    }

    private static List<JsonNode> metrics(String name) throws Exception {
        List<JsonNode> metrics = new ArrayList<>();
        resources(name, "AWS::CloudWatch::Alarm").values().forEach(alarm -> {
            if (alarm.has("MetricName")) {
                metrics.add(alarm);
            }
            alarm.path("Metrics").forEach(metric -> {
                if (metric.has("MetricStat")) {
                    metrics.add(metric.at("/MetricStat/Metric"));
                }
            });
        });
        return metrics;
    }
}
