package io.tributary.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.transform.logtype.LogType;
import io.tributary.transform.logtype.LogTypes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertThat(out.toString()).contains("wrong: archive/source=").contains("1 problems");
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
