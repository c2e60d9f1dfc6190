package io.tributary.local.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Partition;
import io.tributary.archive.aws.CloudTrailKeys;
import io.tributary.archive.integrity.ArchiveVerifier;
import io.tributary.archive.integrity.TrailVerifier;
import io.tributary.archive.integrity.TrailVerifier.Verified;
import io.tributary.local.input.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClientBuilder;

/** Verifies an archive. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Verifies that every part of the archive is there with the content that its manifest names, and that the"
                    + " manifests follow each other. What is asleep in a Glacier class is not read.",
            "",
            "A chain of manifests cannot tell that its end was cut off: keep the ends in a file elsewhere (--ends), and they"
                    + " are compared the next time."
        },
        footer = {
            "",
            "Examples:",
            "  tributary archive verify out",
            "  tributary archive verify --ends ~/archive-ends.txt s3://example-archive",
            "  tributary archive verify --trail --from 2026-03-01 --to 2026-04-01 s3://example-trail"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the archive is intact",
            "1:it is not",
            "2:the command line is wrong",
            "3:the archive cannot be read"
        })
final class VerifyCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration RECENTLY = Duration.ofDays(7);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOptions options;

    @Option(names = "--from", paramLabel = "DATE", description = "The first day. Default: all.")
    private LocalDate from = LocalDate.of(2000, 1, 1);

    @Option(names = "--to", paramLabel = "DATE", description = "The day after the last. Default: tomorrow.")
    private LocalDate to = LocalDate.now(ZoneOffset.UTC).plusDays(1);

    @Option(names = "--no-read", description = "Compare sizes and ETags only; S3 charges for reading most classes.")
    private boolean isNotReading;

    @Option(
            names = "--ends",
            paramLabel = "FILE",
            description = "Compare with the ends in this file, and write the new ones.")
    private Optional<Path> ends = Optional.empty();

    @Option(names = "--sweep", description = "Delete parts that no manifest names, a week after they were made.")
    private boolean isSweeping;

    @Option(
            names = "--trail",
            description =
                    "Verify CloudTrail's digests instead: of the files as they were delivered, and of those that were"
                            + " compacted. --from and --to are needed.")
    private boolean isTrail;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean isJson;

    @Option(names = "--cloudtrail-endpoint", paramLabel = "URL", description = "Another CloudTrail than Amazon's.")
    private Optional<URI> cloudTrail = Optional.empty();

    @Override
    public Integer call() {
        try (ArchiveOptions archive = options) {
            return isTrail ? trail(archive) : archive(archive.store());
        } catch (IOException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private int archive(ArchiveStore store) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        Map<String, String> known = ends.isPresent() && Files.exists(ends.get()) ? readEnds(ends.get()) : Map.of();
        Map<String, String> found = new TreeMap<>(known);
        int parts = 0;
        long events = 0;
        List<String> problems = new ArrayList<>();
        List<String> rubbish = new ArrayList<>();
        ArchiveVerifier verifier = new ArchiveVerifier(store);
        Map<String, String> missing = new HashMap<>(known);
        // parts without any manifest, too
        Set<Partition> partitions = new LinkedHashSet<>(Partition.all(store, Partition.MANIFESTS));
        partitions.addAll(Partition.all(store, Partition.ARCHIVE));
        for (Partition partition : partitions) {
            missing.remove(partition.archive());
            if (partition.date().isBefore(from) || !partition.date().isBefore(to)) {
                continue;
            }
            progress.show("%s %s".formatted(partition.source(), partition.date()));
            ArchiveVerifier.Result result =
                    verifier.verify(partition, Optional.ofNullable(known.get(partition.archive())), !isNotReading);
            progress.clear();
            found.put(partition.archive(), result.last());
            parts += result.parts();
            events += result.events();
            result.problems().forEach(problem -> problems.add(String.valueOf(problem)));
            for (String orphan : result.orphans()) {
                rubbish.add(orphan + (sweep(store, orphan) ? " (deleted)" : ""));
            }
        }
        missing.keySet().forEach(gone -> problems.add(gone + " was there, and is gone"));
        if (isJson) {
            ObjectNode json = JSON.createObjectNode().put("parts", parts).put("events", events);
            rubbish.forEach(json.putArray("rubbish")::add);
            out.println(result(json, problems));
        } else {
            problems.forEach(problem -> out.println("wrong: " + problem));
            rubbish.forEach(orphan -> out.println("rubbish of a run that ended early: " + orphan));
            out.printf(Locale.ROOT, "%,d parts with %,d events: %s%n", parts, events, verdict(problems));
        }
        out.flush();
        if (problems.isEmpty() && ends.isPresent()) {
            writeEnds(ends.get(), found);
        }
        return problems.isEmpty() ? 0 : 1;
    }

    private static ObjectNode result(ObjectNode json, List<String> problems) {
        problems.forEach(json.putArray("problems")::add);
        return json.put("intact", problems.isEmpty());
    }

    private static String verdict(List<String> problems) {
        return problems.isEmpty() ? "intact" : problems.size() + " problems";
    }

    private boolean sweep(ArchiveStore store, String orphan) throws IOException {
        boolean isOld = isSweeping
                && store.find(orphan)
                        .filter(entry -> entry.modified().isBefore(Instant.now().minus(RECENTLY)))
                        .isPresent();
        if (isOld) {
            store.delete(List.of(orphan));
        }
        return isOld;
    }

    private static Map<String, String> readEnds(Path file) throws IOException {
        Map<String, String> ends = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ");
            if (words.length != 2) {
                throw new InputException(file + ": not a file of ends: " + line);
            }
            ends.put(words[1], words[0]);
        }
        return ends;
    }

    private static void writeEnds(Path file, Map<String, String> ends) throws IOException {
        StringBuilder text = new StringBuilder();
        ends.forEach((partition, digest) ->
                text.append(digest).append(' ').append(partition).append('\n'));
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private int trail(ArchiveOptions archive) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (!archive.isBucket()) {
            throw new InputException("Only a bucket has CloudTrail's signatures: s3://name");
        }
        List<String> problems = new ArrayList<>();
        ObjectNode json = JSON.createObjectNode();
        ArrayNode chains = json.putArray("chains");
        TrailVerifier verifier = new TrailVerifier(
                archive.store(),
                archive.bucket(),
                region -> new CloudTrailKeys(client(region)),
                InstantSource.system());
        for (Verified verified : verifier.verify(Partition.TRAIL_FILES + "AWSLogs/", from, to)) {
            chains.addObject()
                    .put("folder", verified.chain().folder())
                    .put("region", verified.chain().region())
                    .put("trail", verified.chain().trail())
                    .put("digests", verified.result().digests())
                    .put("log_files", verified.result().logFiles());
            verified.result()
                    .findings()
                    .forEach(finding ->
                            problems.add(finding.problem() + " " + finding.file() + ": " + finding.explanation()));
        }
        if (isJson) {
            out.println(result(json, problems));
        } else {
            chains.forEach(chain -> out.printf(
                    Locale.ROOT,
                    "%s %s %s: %,d digests, %,d log files%n",
                    chain.path("folder").asText(),
                    chain.path("region").asText(),
                    chain.path("trail").asText(),
                    chain.path("digests").asInt(),
                    chain.path("log_files").asInt()));
            problems.forEach(problem -> out.println("wrong: " + problem));
            out.println(verdict(problems));
        }
        out.flush();
        return problems.isEmpty() ? 0 : 1;
    }

    private CloudTrailClient client(String region) {
        CloudTrailClientBuilder builder = CloudTrailClient.builder()
                .region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder());
        cloudTrail.ifPresent(builder::endpointOverride);
        return builder.build();
    }
}
