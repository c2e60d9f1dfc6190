package io.tributary.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TransformCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FLOW =
            "2 123456789012 eni-0a1b2c3d4e5f60718 192.0.2.1 10.0.0.5 52284 443 6 10 8400 1772359140 1772359199 ACCEPT OK";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theExamplesComeOutWhole() throws IOException {
        assertThat(transform("--json", "../examples")).isZero();
        JsonNode result = JSON.readTree(out.toString());
        assertThat(result.path("balanced").asBoolean()).isTrue();
        assertThat(result.path("events_in").asLong())
                .isEqualTo(result.path("events_out").asLong())
                .isEqualTo(documents().size());
        assertThat(result.path("events_kept_as_base_event").asLong()).isZero();
        assertThat(result.path("secrets_redacted").asLong()).isPositive();
    }

    @Test
    void cloudTrailFilesArePlainOrGzip() throws IOException {
        String text = "{\"Records\":[" + record("a") + ",\n" + record("b") + "]}";
        write("plain.json", text.getBytes(StandardCharsets.UTF_8));
        write("111122223333_CloudTrail_eu-west-1_20260301T0945Z_x.json.gz", gzip(text.replace("\"a\"", "\"c\"")));
        assertThat(transform(folder.resolve("in").toString())).isZero();
        assertThat(documents())
                .extracting(document -> document.at("/metadata/uid").asText())
                .containsExactlyInAnyOrder("a", "b", "c", "b");
        assertThat(out.toString()).contains("4 in = 4 out + 0 dropped + 0 failed");
    }

    @Test
    void theHeaderOfAFlowLogIsItsFormat() throws IOException {
        write("flows.txt", "version srcaddr dstaddr start\n5 192.0.2.7 10.0.0.9 1772359140\n");
        write("flows.csv", "srcaddr,dstaddr,start,vpc_id\n192.0.2.8,10.0.0.9,1772359140,vpc-1\n");
        assertThat(transform(folder.resolve("in").toString())).isZero();
        assertThat(documents())
                .extracting(
                        document -> document.at("/src_endpoint/ip").asText(),
                        document -> document.at("/class_uid").asInt())
                .containsExactlyInAnyOrder(tuple("192.0.2.7", 4001), tuple("192.0.2.8", 4001));
        assertThat(folder.resolve("out/events/source=vpc-flow-logs/date=2026-03-01"))
                .isDirectory();
    }

    @Test
    void flowLogsWithoutAHeaderAreOfTheDefaultFormatOrTheGivenOne() throws IOException {
        write("flows.txt", FLOW + "\n");
        assertThat(transform(folder.resolve("in").toString())).isZero();
        assertThat(documents().get(0).at("/dst_endpoint/port").asInt()).isEqualTo(443);
        write("custom.txt", "192.0.2.7 10.0.0.9\n");
        assertThat(transform(
                        "--force",
                        "--format",
                        "vpc-flow-logs: dstaddr srcaddr",
                        folder.resolve("in/custom.txt").toString()))
                .isZero();
        assertThat(documents().get(0).at("/dst_endpoint/ip").asText()).isEqualTo("192.0.2.7");
    }

    @Test
    void envelopesAndCapturedRequestsAreTakenAsTheyAre() throws IOException {
        String envelope =
                "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\",\"logGroup\":\"/vpc/flow-logs\","
                        + "\"logStream\":\"s\",\"logEvents\":[{\"id\":\"1\",\"timestamp\":1772359200000,\"message\":\""
                        + FLOW
                        + "\"}]}";
        write("envelopes", envelope + envelope.replace("\"id\":\"1\"", "\"id\":\"2\""));
        write(
                "request.json",
                "{\"invocationId\":\"i\",\"records\":[{\"recordId\":\"r\",\"data\":\""
                        + Base64.getEncoder().encodeToString(gzip(envelope.replace("\"id\":\"1\"", "\"id\":\"3\"")))
                        + "\"}]}");
        assertThat(transform(folder.resolve("in").toString())).isZero();
        assertThat(documents())
                .extracting(document -> document.at("/metadata/uid").asText())
                .containsExactlyInAnyOrder("123456789012/1", "123456789012/2", "123456789012/3");
        assertThat(folder.resolve("out/events/source=vpc-flow-logs/date=2026-03-01"))
                .isDirectory();
    }

    /** Whoever hands over a file vouches for it, whatever log group it is said to be of. */
    @Test
    void aFileSpeaksForTheAccountsThatItNames() throws IOException {
        String record = record("a").replace("\"eventID\"", "\"recipientAccountId\":\"111122223333\",\"eventID\"");
        write("trail.json", "{\"Records\":[" + record + "]}");
        write("flows.txt", FLOW.replace("123456789012", "111122223333") + "\n");
        for (List<String> options : List.of(List.<String>of(), List.of("--force", "--log-group", "/shop/orders"))) {
            List<String> all = new ArrayList<>(options);
            all.add(folder.resolve("in").toString());
            assertThat(transform(all.toArray(String[]::new))).isZero();
            assertThat(documents())
                    .hasSize(2)
                    .allSatisfy(document -> assertThat(
                                    document.at("/cloud/account/uid").asText())
                            .isEqualTo("111122223333"));
            assertThat(uids()).contains("a");
        }
    }

    @Test
    void aCapturedEnvelopeSpeaksForItsOwnerAlone() throws IOException {
        String record = record("a").replace("\"eventID\"", "\"recipientAccountId\":\"111122223333\",\"eventID\"");
        write(
                "envelope.json",
                JSON.createObjectNode()
                        .put("messageType", "DATA_MESSAGE")
                        .put("owner", "123456789012")
                        .put("logGroup", "my-cloudtrail")
                        .put("logStream", "s")
                        .set(
                                "logEvents",
                                JSON.createArrayNode()
                                        .add(JSON.createObjectNode()
                                                .put("id", "7")
                                                .put("timestamp", 1_772_359_200_000L)
                                                .put("message", record)))
                        .toString());
        assertThat(transform(folder.resolve("in").toString())).isZero();
        assertThat(uids()).containsExactly("123456789012/7");
        assertThat(documents().get(0).at("/cloud/account/uid").asText()).isEqualTo("123456789012");
    }

    @Test
    void eventsOfSeveralDaysAreInThePartitionsOfTheirDays() throws IOException {
        StringBuilder records = new StringBuilder();
        for (String day : List.of("03", "01", "02", "03", "01")) {
            records.append(record("id-" + records.length()).replace("2026-03-01", "2026-03-" + day))
                    .append('\n');
        }
        write("lines.json", records.toString());
        // the day of a line of text is known once it is read
        write("flows.txt", FLOW + "\n" + FLOW.replace("1772359140", "1772445540") + "\n");
        assertThat(transform(folder.resolve("in").toString())).isZero();
        assertThat(files(folder.resolve("out/events")))
                .extracting(file -> folder.resolve("out/events")
                        .relativize(file.getParent())
                        .toString())
                .containsExactly(
                        "source=cloudtrail/date=2026-03-01",
                        "source=cloudtrail/date=2026-03-02",
                        "source=cloudtrail/date=2026-03-03",
                        "source=vpc-flow-logs/date=2026-03-01",
                        "source=vpc-flow-logs/date=2026-03-02");
        assertThat(documents()).hasSize(7);
    }

    @Test
    void linesOfTextAreEventsAndIndentedLinesBelongToTheOneBefore() throws IOException {
        write("app.log", "first\n  at com.example.Main\nsecond\n");
        assertThat(transform(folder.resolve("in").toString())).isZero();
        assertThat(documents())
                .extracting(document -> document.at("/message").asText())
                .containsExactlyInAnyOrder("first\n  at com.example.Main", "second");
    }

    @Test
    void theSameInputHasTheSameIds() throws IOException {
        write("app.log", "same\nsame\nother\n");
        transform(folder.resolve("in").toString());
        List<String> first = uids();
        assertThat(first).doesNotHaveDuplicates().hasSize(3);
        transform("--force", folder.resolve("in").toString());
        assertThat(uids()).isEqualTo(first);
    }

    @Test
    void controlMessagesAreDroppedAndBrokenRecordsFail() throws IOException {
        write(
                "request.json",
                "{\"records\":[{\"recordId\":\"1\",\"data\":\""
                        + Base64.getEncoder()
                                .encodeToString(gzip("{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[]}"))
                        + "\"},{\"recordId\":\"2\",\"data\":\""
                        + Base64.getEncoder().encodeToString("broken".getBytes(StandardCharsets.UTF_8)) + "\"}]}");
        assertThat(transform(folder.resolve("in").toString())).isEqualTo(1);
        assertThat(out.toString()).contains("2 in = 0 out + 1 dropped + 1 failed");
        List<Path> failed = files(folder.resolve("out/failed/processing-failed"));
        assertThat(failed).hasSize(1);
        assertThat(JSON.readTree(Files.readAllBytes(failed.get(0)))
                        .path("rawData")
                        .binaryValue())
                .isEqualTo("broken".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anEarlierResultIsKeptUnlessForced() throws IOException {
        write("app.log", "one\n");
        assertThat(transform(folder.resolve("in").toString())).isZero();
        assertThat(transform(folder.resolve("in").toString())).isEqualTo(3);
        assertThat(err.toString()).contains("--force");
        assertThat(transform("--force", folder.resolve("in").toString())).isZero();
        assertThat(documents()).hasSize(1);
    }

    @Test
    void errorsNameTheFileAndThePlace() throws IOException {
        write("broken.json", "{\"Records\":[\n{\"a\":1},\n{\"b\":}]}");
        assertThat(transform(folder.resolve("in").toString())).isEqualTo(3);
        assertThat(err.toString()).contains("broken.json, line 3");
        assertThat(transform("--force", folder.resolve("nothing").toString())).isEqualTo(3);
        assertThat(err.toString()).contains("nothing: no such file");
        write("cut.gz", Arrays.copyOf(gzip(FLOW.repeat(1000)), 60));
        assertThat(transform("--force", folder.resolve("in/cut.gz").toString())).isEqualTo(3);
        assertThat(err.toString()).contains("cut.gz: the gzip data is damaged");
    }

    @Test
    void wrongOptionsAreExplained() {
        assertThat(transform("--format", "nonsense", "../examples")).isEqualTo(2);
        assertThat(err.toString()).contains("no log type \"nonsense\"").contains("vpc-flow-logs");
        assertThat(transform("--account-name", "x", "../examples")).isEqualTo(2);
        assertThat(transform()).isEqualTo(2);
    }

    @Test
    void realLogsComeOutWholeWhereTheyAreAtHand() throws IOException {
        Path samples = Path.of("../../shared/samples");
        assumeTrue(Files.isDirectory(samples), "no real logs beside the project");
        assertThat(transform("--json", samples.toString())).isZero();
        JsonNode result = JSON.readTree(out.toString());
        assertThat(result.path("events_in").asLong())
                .isEqualTo(result.path("events_out").asLong()
                        + result.path("events_dropped").asLong())
                .isGreaterThan(1400);
    }

    private int transform(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("transform", "--out", folder.resolve("out").toString()));
        all.addAll(List.of(arguments));
        CommandLine commandLine = Tributary.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(all.toArray(String[]::new));
    }

    private static String record(String id) {
        return "{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-03-01T09:00:00Z\",\"eventSource\":\"ec2.amazonaws.com\","
                + "\"eventName\":\"RunInstances\",\"eventID\":\"" + id + "\"}";
    }

    private void write(String name, String text) throws IOException {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String name, byte[] data) throws IOException {
        Files.createDirectories(folder.resolve("in"));
        Files.write(folder.resolve("in").resolve(name), data);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private List<String> uids() throws IOException {
        return documents().stream()
                .map(document -> document.at("/metadata/uid").asText())
                .toList();
    }

    private List<JsonNode> documents() throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (Path file : files(folder.resolve("out/events"))) {
            try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                    documents.add(JSON.readTree(line));
                }
            }
        }
        return documents;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
