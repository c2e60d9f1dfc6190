package io.tributary.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EstimateCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Tributary.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private JsonNode estimate(String... arguments) throws IOException {
        out.getBuffer().setLength(0);
        String[] all = new String[arguments.length + 2];
        all[0] = "estimate";
        all[1] = "--json";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        assertThat(run(all)).isZero();
        return JSON.readTree(out.toString());
    }

    private static double month(JsonNode estimate, String list, String service) {
        for (JsonNode item : estimate.path(list)) {
            if (item.path("service").asText().equals(service)) {
                return item.path("month").asDouble();
            }
        }
        throw new AssertionError(service);
    }

    /** 100 GB of flow logs: 800 million lines of 125 bytes; checked by hand against the prices. */
    @Test
    void aVolumeIsPricedByService() throws IOException {
        JsonNode estimate = estimate("--accounts", "20", "--volume", "flow-logs=100");
        assertThat(estimate.path("events_day").asLong()).isEqualTo(800_000_000);
        assertThat(month(estimate, "items", "CloudWatch Logs")).isEqualTo(1_520.83);
        // 16 GB a day, 0.19 MB a second, three times at its peak
        assertThat(estimate.path("shards").asInt()).isEqualTo(1);
        // 800 million documents a day of 5 KB each, 4,000 GB, are 3,528 of the domain's way
        assertThat(month(estimate, "index", "domain")).isGreaterThan(3_528);
        assertThat(month(estimate, "index", "ingestion")).isLessThan(month(estimate, "index", "domain"));
        assertThat(month(estimate, "index", "none")).isZero();
    }

    @Test
    void moreCostsMore() throws IOException {
        JsonNode little = estimate("--volume", "cloudtrail=1,application=2");
        JsonNode much = estimate("--volume", "cloudtrail=100,application=200");
        assertThat(much.path("shards").asInt())
                .isGreaterThanOrEqualTo(little.path("shards").asInt());
        for (JsonNode item : little.path("items")) {
            String service = item.path("service").asText();
            assertThat(month(much, "items", service)).as(service).isGreaterThan(month(little, "items", service));
        }
    }

    @Test
    void aLongerRetentionCostsMore(@TempDir Path folder) throws IOException {
        Path policy = folder.resolve("policy.yaml");
        Files.writeString(policy, "version: 1\npreset: hipaa\n");
        assertThat(month(estimate("--volume", "waf=10", "--policy", policy.toString()), "items", "S3"))
                .isGreaterThan(month(estimate("--volume", "waf=10"), "items", "S3"));
    }

    @Test
    void aPersonReadsALineAService() {
        assertThat(run("estimate", "--volume", "dns=5")).isZero();
        assertThat(out.toString())
                .contains("events and", "Kinesis", "Firehose", "S3", "all of these", "serverless", "check them");
    }

    @Test
    void wrongCommandLinesAndFilesAreTold(@TempDir Path folder) throws IOException {
        assertThat(run("estimate")).isEqualTo(2);
        assertThat(run("estimate", "--volume", "tea=5")).isEqualTo(2);
        assertThat(run("estimate", "--volume", "waf=-5")).isEqualTo(2);
        assertThat(run("estimate", "--volume", "waf=5", "--accounts", "0")).isEqualTo(2);
        Path prices = folder.resolve("prices.json");
        Files.writeString(prices, "{}");
        assertThat(run("estimate", "--volume", "waf=5", "--prices", prices.toString()))
                .isEqualTo(3);
        assertThat(err.toString())
                .contains("there is no kind \"tea\"")
                .contains("GB a day are")
                .contains("--accounts is 1 to")
                .contains("a price is missing");
    }
}
