package io.tributary.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.transform.logtype.LogType;
import io.tributary.transform.logtype.LogTypes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ArchiveCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void whatWasTransformedIsCompactedAndVerified() throws IOException {
        Path archive = folder.resolve("out");
        assertThat(run("transform", "--out", archive.toString(), "../examples")).isZero();
        long before = events(archive);
        out.getBuffer().setLength(0);
        assertThat(run("archive", "run", "--before", "2030-01-01", archive.toString()))
                .isZero();
        assertThat(out.toString()).containsPattern("cloudtrail +2026-03-01 +1 objects");
        assertThat(files(archive.resolve("events"))).isEmpty();
        assertThat(run("archive", "verify", archive.toString())).isZero();
        assertThat(out.toString()).contains(before + " events: intact");
        out.getBuffer().setLength(0);
        assertThat(run("archive", "run", "--before", "2030-01-01", archive.toString()))
                .isZero();
        assertThat(out.toString()).contains("0 partitions, 0 objects set aside");
    }

    @Test
    void daysThatAreStillSearchableAreLeftAlone() throws IOException {
        Path archive = folder.resolve("out");
        run("transform", "--out", archive.toString(), "../examples");
        assertThat(run("archive", "run", "--before", "2020-01-01", archive.toString()))
                .isZero();
        assertThat(files(archive.resolve("events"))).isNotEmpty();
        assertThat(archive.resolve("archive")).doesNotExist();
    }

    @Test
    void whatWasChangedIsFound() throws IOException {
        Path archive = folder.resolve("out");
        run("transform", "--out", archive.toString(), "../examples");
        run("archive", "run", "--before", "2030-01-01", archive.toString());
        Path part = files(archive.resolve("archive")).stream()
                .filter(file -> file.toString().endsWith(".gz"))
                .findFirst()
                .orElseThrow();
        byte[] content = Files.readAllBytes(part);
        content[content.length / 2] ^= 1;
        Files.write(part, content);
        assertThat(run("archive", "verify", archive.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("wrong: PART_REPLACED archive/source=")
                .contains("1 problems");
    }

    @Test
    void whatCannotBeReadIsSetAsideAndTold() throws IOException {
        Path bad = folder.resolve("out/events/source=waf/date=2026-03-01/bad.gz");
        Files.createDirectories(bad.getParent());
        Files.writeString(bad, "no gzip");
        assertThat(run(
                        "archive",
                        "run",
                        "--before",
                        "2030-01-01",
                        folder.resolve("out").toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("set aside: failed/compaction/events/source=waf/date=2026-03-01/bad.gz");
    }

    @Test
    void wrongPlacesAndPoliciesAreTold() throws IOException {
        assertThat(run("archive")).isEqualTo(2);
        assertThat(run("archive", "verify", folder.resolve("nowhere").toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("nowhere: no such folder");
        Path policy = folder.resolve("policy.yaml");
        Files.writeString(policy, "version: 1\ndefaults: {retention: 5d}\n");
        assertThat(run("archive", "run", "--policy", policy.toString(), folder.toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("policy.yaml:2: a retention of 5 days ends before the 90 days");
        assertThat(run("archive", "lifecycle", "--policy", policy.toString(), folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("Only a bucket has lifecycle rules");
    }

    @Test
    void aPlanTellsWhatARunWouldDoAndDoesNothing() throws IOException {
        Path archive = archived("transform");
        assertThat(run("archive", "plan", "--before", "2030-01-01", archive.toString()))
                .isZero();
        assertThat(out.toString())
                .containsPattern("cloudtrail +2026-03-01 +events-1.ndjson.gz … events-1.ndjson.gz")
                .containsPattern("\\d+ parts to make");
        assertThat(archive.resolve("archive")).doesNotExist();
    }

    private static final String DAY = "source=cloudtrail/date=2026-03-01";

    @Test
    void whatWasDeletedIsFoundByTheHeadsThatAreKeptElsewhere() throws IOException {
        Path archive = archived("transform");
        String heads = Files.createDirectory(folder.resolve("heads")).toString();
        assertThat(run("archive", "run", "--before", "2030-01-01", "--heads", heads, archive.toString()))
                .isZero();
        assertThat(run("archive", "verify", "--heads", heads, archive.toString()))
                .isZero();
        delete(archive.resolve("archive/" + DAY));
        delete(archive.resolve("manifests/" + DAY));
        assertThat(run("archive", "verify", archive.toString()))
                .as("nothing tells of it")
                .isZero();
        assertThat(run("archive", "verify", "--heads", heads, archive.toString()))
                .isEqualTo(4);
        assertThat(out.toString()).contains("wrong: PARTITION_GONE archive/" + DAY + "/: there were 1 parts with ");
        out.getBuffer().setLength(0);
        assertThat(run("archive", "verify", "--json", "--heads", heads, archive.toString()))
                .isEqualTo(4);
        JsonNode verified = json();
        assertThat(verified.at("/problems/0/problem").asText()).isEqualTo("PARTITION_GONE");
        assertThat(verified.at("/problems/0/file").asText()).isEqualTo("archive/" + DAY + "/");
        for (String[] command : List.of(
                new String[] {"replay", "--out", folder.resolve("e").toString()},
                new String[] {"restore", "--dry-run"})) {
            err.getBuffer().setLength(0);
            assertThat(run(Stream.of(
                                    Stream.of("archive"),
                                    Stream.of(command),
                                    Stream.of(
                                            "--from",
                                            "2026-03-01",
                                            "--to",
                                            "2026-03-02",
                                            "--heads",
                                            heads,
                                            archive.toString()))
                            .flatMap(each -> each)
                            .toArray(String[]::new)))
                    .isEqualTo(4);
            assertThat(err.toString()).contains("wrong: PARTITION_GONE archive/" + DAY);
        }
        assertThat(run("archive", "report", "--heads", heads, archive.toString()))
                .isEqualTo(4);
        assertThat(run("archive", "verify", "--heads", folder.resolve("nowhere").toString(), archive.toString()))
                .isEqualTo(3);
    }

    @Test
    void whatWasCompactedWithoutHeadsIsRecorded() throws IOException {
        Path archive = archived("transform", "run");
        String heads = Files.createDirectory(folder.resolve("heads")).toString();
        assertThat(run("archive", "verify", "--heads", heads, archive.toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("wrong: MANIFEST_FOREIGN");
        assertThat(run("archive", "verify", "--heads", heads, "--record", archive.toString()))
                .isZero();
        assertThat(run("archive", "verify", "--heads", heads, archive.toString()))
                .isZero();
        assertThat(run("archive", "verify", "--record", archive.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("--record needs --heads");
    }

    @Test
    void partsThatNoManifestNamesAreToldAndSweptWhenTheyAreOldAndHeadsSayThatTheyAreNone() throws IOException {
        Path archive = archived("transform");
        String heads = Files.createDirectory(folder.resolve("heads")).toString();
        run("archive", "run", "--before", "2030-01-01", "--heads", heads, archive.toString());
        Path rubbish = archive.resolve("archive/" + DAY + "/part-00000000-x.ndjson.gz");
        Files.writeString(rubbish, "x");
        assertThat(run("archive", "verify", "--sweep", archive.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("--sweep needs --heads");
        String[] sweep = {"archive", "verify", "--sweep", "--heads", heads, archive.toString()};
        assertThat(run(sweep)).isZero();
        assertThat(rubbish).exists();
        Files.setLastModifiedTime(rubbish, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(run(sweep)).isZero();
        assertThat(rubbish).doesNotExist();
        assertThat(out.toString()).contains("part-00000000-x.ndjson.gz (deleted)");
    }

    /** Without heads, too, as an accident would have it. */
    @Test
    void manifestsThatAreLostAreNamedAndEverythingElseIsDone() throws IOException {
        Path archive = archived("transform");
        List<String> before = documents(archive.resolve("events/source=cloudtrail"));
        run("archive", "run", "--before", "2030-01-01", archive.toString());
        String manifest = "manifests/" + DAY + "/manifest-00000000.json";
        Files.delete(archive.resolve(manifest));
        assertThat(run("archive", "verify", archive.toString())).isEqualTo(4);
        assertThat(out.toString())
                .contains("wrong: MANIFEST_MISSING " + manifest)
                .contains("its manifest is lost, its events can be read: archive/" + DAY + "/part-00000000-");
        Path file = folder.resolve("events.ndjson");
        assertThat(run(
                        "archive",
                        "replay",
                        "--from",
                        "2026-03-01",
                        "--to",
                        "2026-03-02",
                        "--source",
                        "cloudtrail",
                        "--out",
                        file.toString(),
                        archive.toString()))
                .isEqualTo(4);
        assertThat(err.toString()).contains("wrong: MANIFEST_MISSING " + manifest);
        assertThat(Files.readAllLines(file)).containsExactlyInAnyOrderElementsOf(before);
        assertThat(run("archive", "report", archive.toString())).isEqualTo(4);
        out.getBuffer().setLength(0);
        assertThat(run(
                        "archive",
                        "restore",
                        "--json",
                        "--dry-run",
                        "--from",
                        "2026-03-01",
                        "--to",
                        "2026-03-02",
                        archive.toString()))
                .isEqualTo(4);
        JsonNode estimate = json();
        assertThat(estimate.path("without_manifest").asInt()).isEqualTo(1);
        assertThat(estimate.at("/problems/0/problem").asText()).isEqualTo("MANIFEST_MISSING");
    }

    @Test
    void aManifestThatLeadsElsewhereIsAProblemWithAName() throws IOException {
        Path archive = archived("transform", "run");
        Path manifest = archive.resolve("manifests/" + DAY + "/manifest-00000000.json");
        Files.writeString(folder.resolve("secret"), "x");
        Files.writeString(
                manifest, Files.readString(manifest).replaceAll("archive/source=cloudtrail[^\"]*", "../secret"));
        assertThat(run("archive", "verify", archive.toString())).isEqualTo(4);
        assertThat(out.toString())
                .contains("wrong: MANIFEST_OUTSIDE manifests/" + DAY)
                .contains("'../secret'");
        assertThat(run("archive", "report", archive.toString())).isEqualTo(4);
        assertThat(folder.resolve("secret")).hasContent("x");
    }

    private static void delete(Path folder) throws IOException {
        for (Path file : files(folder)) {
            Files.delete(file);
        }
    }

    @Test
    void theWantedEventsComeBackAsTheyWere() throws IOException {
        Path archive = archived("transform");
        List<String> before = documents(archive.resolve("events/source=vpc-flow-logs"));
        assertThat(run("archive", "run", "--before", "2030-01-01", archive.toString()))
                .isZero();
        Path file = folder.resolve("events.ndjson");
        assertThat(run(
                        "archive",
                        "replay",
                        "--from",
                        "2026-03-01",
                        "--to",
                        "2026-03-02T00:00:00Z",
                        "--source",
                        "vpc-flow-logs",
                        "--out",
                        file.toString(),
                        archive.toString()))
                .as(err.toString())
                .isZero();
        assertThat(Files.readAllLines(file)).isNotEmpty().containsExactlyInAnyOrderElementsOf(before);
        assertThat(run(
                        "archive",
                        "replay",
                        "--from",
                        "2026-03-01",
                        "--to",
                        "2026-03-02",
                        "--account",
                        "999999999999",
                        "--out",
                        file.toString(),
                        archive.toString()))
                .isZero();
        assertThat(file).isEmptyFile();
    }

    @Test
    void aRestoreIsEstimatedAndWhatIsAwakeIsReadyAtOnce() throws IOException {
        Path archive = archived("transform", "run");
        String[] wanted = {"archive", "restore", "--from", "2026-03-01", "--to", "2026-03-02", archive.toString()};
        assertThat(run(with(wanted, "--dry-run"))).isZero();
        assertThat(out.toString())
                .containsPattern("\\d+ parts of [\\d,]+ bytes have wanted events; 0 of them, 0 bytes, are asleep")
                .contains("up to 0:00 hours");
        assertThat(archive.resolve("restore")).doesNotExist();
        assertThat(run(with(wanted, "--wait"))).isZero();
        assertThat(out.toString()).containsPattern("job [0-9a-f-]{36}").contains("Restored: ");
        assertThat(files(archive.resolve("restore/done"))).hasSize(1);
    }

    @Test
    void programsAreAnsweredInJson() throws IOException {
        Path archive = archived("transform", "run");
        assertThat(run("archive", "verify", "--json", archive.toString())).isZero();
        JsonNode verified = json();
        assertThat(verified.path("intact").asBoolean()).isTrue();
        assertThat(verified.path("events").asLong()).isPositive();
        assertThat(verified.path("problems").isEmpty()).isTrue();

        String[] wanted = {
            "archive", "restore", "--json", "--from", "2026-03-01", "--to", "2026-03-02", archive.toString()
        };
        assertThat(run(with(wanted, "--dry-run"))).isZero();
        JsonNode estimate = json();
        assertThat(estimate.path("asleep").asInt()).isZero();
        assertThat(estimate.has("job")).isFalse();
        assertThat(run(wanted)).isZero();
        assertThat(json().path("job").asText()).hasSize(36);

        Files.delete(files(archive.resolve("archive")).stream()
                .filter(file -> file.toString().endsWith(".gz"))
                .findFirst()
                .orElseThrow());
        assertThat(run("archive", "verify", "--json", archive.toString())).isEqualTo(4);
        assertThat(json().path("intact").asBoolean(true)).isFalse();
    }

    /** The first line of the latest command's output. */
    private JsonNode json() throws IOException {
        String text = out.toString();
        out.getBuffer().setLength(0);
        return new ObjectMapper().readTree(text.lines().findFirst().orElseThrow());
    }

    @Test
    void aReportTellsWhatIsThereAndWhatItCosts() throws IOException {
        Path archive = archived("transform", "run");
        assertThat(run("archive", "report", archive.toString())).isZero();
        assertThat(out.toString())
                .containsPattern("archive +cloudtrail +2026-03 GLACIER_IR +1 objects")
                .containsPattern("USD a month; the archive .* if it were not compacted");
        for (String name : List.of("report.html", "report.csv", "report.json")) {
            Path file = folder.resolve(name);
            assertThat(run("archive", "report", "--out", file.toString(), archive.toString()))
                    .isZero();
            assertThat(file).content().contains("cloudtrail");
        }
        assertThat(run("archive", "report", "--out", "report.pdf", archive.toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("report.pdf: a report is .html, .csv or .json");
    }

    @Test
    void wrongRequestsAreToldWhatIsWrong() throws IOException {
        String archive = archived("transform").toString();
        assertThat(run("archive", "restore", archive)).isEqualTo(3);
        assertThat(err.toString()).contains("--from is missing: a time such as 2026-03-01");
        assertThat(run("archive", "restore", "--job", "x", archive)).isEqualTo(3);
        assertThat(err.toString()).contains("there is no job x");
        assertThat(run("archive", "restore", "--from", "May", "--to", "2026-03-02", archive))
                .isEqualTo(3);
        assertThat(err.toString()).contains("--from: 'May' is no time");
        assertThat(run("archive", "restore", "--from", "2026-03-01", "--to", "2026-03-02", "--tier", "now", archive))
                .isEqualTo(3);
        assertThat(err.toString()).contains("'now' is none of expedited, standard, bulk");
        assertThat(run("archive", "replay", "--from", "2026-03-01", "--to", "2026-03-02", archive))
                .isEqualTo(3);
        assertThat(err.toString()).contains("Where to? Either --stream or --out");
        assertThat(run("archive", "verify", "--trail", archive)).isEqualTo(3);
        assertThat(err.toString()).contains("Only a bucket has CloudTrail's signatures");
    }

    private static String[] with(String[] arguments, String more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    /** An archive of the examples, on which these commands were run. */
    private Path archived(String... commands) {
        Path archive = folder.resolve("out");
        for (String command : commands) {
            int exit = command.equals("transform")
                    ? run("transform", "--out", archive.toString(), "../examples")
                    : run("archive", command, "--before", "2030-01-01", archive.toString());
            assertThat(exit).isZero();
        }
        out.getBuffer().setLength(0);
        return archive;
    }

    private static List<String> documents(Path folder) throws IOException {
        List<String> documents = new ArrayList<>();
        for (Path file : files(folder)) {
            try (var in = new GZIPInputStream(Files.newInputStream(file))) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(documents::add);
            }
        }
        return documents;
    }

    /** A source without lifecycle rules of its own would be kept for ever. */
    @Test
    void thePolicyKnowsEverySource() {
        assertThat(ArchivePolicy.SOURCES)
                .containsExactlyInAnyOrderElementsOf(
                        LogTypes.create().stream().map(LogType::source).toList());
    }

    private int run(String... arguments) {
        CommandLine commandLine = Tributary.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static long events(Path archive) throws IOException {
        long events = 0;
        for (Path file : files(archive.resolve("events"))) {
            try (var in = new GZIPInputStream(Files.newInputStream(file))) {
                events += new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .count();
            }
        }
        return events;
    }
}
