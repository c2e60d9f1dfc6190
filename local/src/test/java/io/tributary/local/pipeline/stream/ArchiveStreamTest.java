package io.tributary.local.pipeline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.local.pipeline.Counts;
import io.tributary.local.pipeline.Fault;
import io.tributary.local.pipeline.process.Function;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchiveStreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Counts counts = new Counts();
    private final MemoryBucket s3 = new MemoryBucket();
    private final LogStream logs = new LogStream(counts);

    @Test
    void whatIsOkGoesToItsPartitionAndTheSourceBesideIt() throws Exception {
        run(
                new Answering(record -> record.put("result", "Ok")
                        .put("data", "answer\n".getBytes(StandardCharsets.UTF_8))
                        .set(
                                "metadata",
                                JSON.createObjectNode()
                                        .set(
                                                "partitionKeys",
                                                JSON.createObjectNode()
                                                        .put("source", "waf")
                                                        .put("date", "2026-03-01")))),
                "one",
                "two");

        assertThat(s3.texts("events/source=waf/date=2026-03-01/")).containsExactly("answer\nanswer\n");
        assertThat(s3.texts("raw/")).containsExactly("onetwo");
        assertThat(s3.texts("failed/")).isEmpty();
    }

    @Test
    void whatIsDroppedIsInTheSourceOnly() throws Exception {
        run(new Answering(record -> record.put("result", "Dropped")), "control");

        assertThat(s3.objects().keySet()).singleElement().asString().startsWith("raw/");
        assertThat(counts.of("archive.records-dropped")).isOne();
    }

    @Test
    void whatCouldNotBeProcessedIsKeptAsFirehoseKeepsIt() throws Exception {
        run(new Answering(record -> record.put("result", "ProcessingFailed")), "bad");

        JsonNode failed = JSON.readTree(s3.texts("failed/processing-failed/").get(0));
        assertThat(failed.path("rawData").binaryValue())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("bad");
        assertThat(failed.path("errorCode").asText()).isEqualTo("Lambda.FunctionError");
        assertThat(failed.path("lambdaArn").asText()).contains("tributary-transform");
    }

    @Test
    void aFunctionThatFailsIsTriedFourTimesBeforeItsRecordsAreKept() throws Exception {
        int[] attempts = {0};
        run(
                new Fake(request -> {
                    attempts[0]++;
                    throw new IOException("out of memory");
                }),
                "one",
                "two");

        assertThat(attempts[0]).isEqualTo(4);
        List<JsonNode> failed = s3.lines("failed/processing-failed/");
        assertThat(failed)
                .extracting(record -> record.path("errorMessage").asText())
                .containsOnly("out of memory");
        assertThat(failed).hasSize(2);
        assertThat(s3.texts("raw/")).containsExactly("onetwo");
    }

    @Test
    void anAnswerThatLacksARecordIsNone() throws Exception {
        run(new Fake(request -> "{\"records\":[]}".getBytes(StandardCharsets.UTF_8)), "one");

        assertThat(s3.lines("failed/processing-failed/")
                        .get(0)
                        .path("errorMessage")
                        .asText())
                .contains("MissingRecordId");
    }

    private void run(Function function, String... records) throws InterruptedException {
        for (String record : records) {
            logs.put(record.getBytes(StandardCharsets.UTF_8), "key");
        }
        new ArchiveStream(logs, function, new Bucket(s3, "bucket", counts), counts, new Fault.Switches()).close();
    }

    private interface Invocation {
        byte[] of(byte[] request) throws IOException;
    }

    private record Fake(Invocation invocation) implements Function {
        @Override
        public byte[] invoke(byte[] event) throws IOException {
            return invocation.of(event);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private interface Result {
        Object of(ObjectNode record);
    }

    /** Answers each record the same. */
    private record Answering(Result result) implements Function {
        @Override
        public byte[] invoke(byte[] event) throws IOException {
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode records = answer.putArray("records");
            for (JsonNode record : JSON.readTree(event).path("records")) {
                var unused = result.of(records.addObject()
                        .put("recordId", record.path("recordId").asText()));
            }
            return JSON.writeValueAsBytes(answer);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
