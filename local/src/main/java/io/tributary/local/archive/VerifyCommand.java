package io.tributary.local.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.aws.CloudTrailKeys;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.integrity.ArchiveVerifier;
import io.tributary.archive.integrity.DigestVerifier.Finding;
import io.tributary.archive.integrity.TrailVerifier;
import io.tributary.archive.integrity.TrailVerifier.Verified;
import io.tributary.local.input.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
            "A chain of manifests cannot tell that its end was cut off, or all of it deleted: keep the heads of what archive run"
                    + " makes elsewhere (--heads), and they are compared."
        },
        footer = {
            "",
            "Examples:",
            "  tributary archive verify out",
            "  tributary archive verify --heads s3://example-heads s3://example-archive",
            "  tributary archive verify --trail --from 2026-03-01 --to 2026-04-01 s3://example-trail"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the archive is intact",
            "1:something was changed, or put in",
            "2:the command line is wrong",
            "3:the archive cannot be read",
            "4:something is gone, or cannot be read; all the rest was verified"
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

    @Mixin
    private HeadsOption heads;

    @Option(
            names = "--record",
            description =
                    "Record the heads of days that have none, as they are now: of an archive that was compacted without --heads.")
    private boolean isRecording;

    @Option(
            names = "--sweep",
            description =
                    "Delete parts of runs that ended early, a week after they were made, where nothing is wrong. Only with --heads:"
                            + " without them nobody can tell them from the parts of lost manifests.")
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
            return isTrail ? trail(archive) : archive(heads.chains(archive));
        } catch (IOException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private int archive(Chains chains) throws IOException {
        if ((isSweeping || isRecording) && !chains.heads().areKept()) {
            throw new InputException((isSweeping ? "--sweep" : "--record") + " needs --heads");
        }
        PrintWriter out = spec.commandLine().getOut();
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        int parts = 0;
        int expired = 0;
        int recorded = 0;
        long events = 0;
        List<Problem> problems = new ArrayList<>();
        List<String> orphans = new ArrayList<>();
        List<String> rubbish = new ArrayList<>();
        ArchiveVerifier verifier = new ArchiveVerifier(chains);
        String after = "";
        for (Optional<Partition> next = chains.next("", after); next.isPresent(); next = chains.next("", after)) {
            Partition partition = next.get();
            after = Chains.past(partition);
            if (partition.date().isBefore(from) || !partition.date().isBefore(to)) {
                continue;
            }
            progress.show("%s %s".formatted(partition.source(), partition.date()));
            recorded += isRecording ? verifier.record(partition) : 0;
            ArchiveVerifier.Result result = verifier.verify(partition, !isNotReading);
            List<String> swept =
                    isSweeping ? verifier.sweep(result, Instant.now().minus(RECENTLY)) : List.of();
            progress.clear();
            parts += result.parts();
            events += result.events();
            expired += result.expired();
            problems.addAll(result.problems());
            orphans.addAll(result.orphans());
            result.rubbish().forEach(key -> rubbish.add(key + (swept.contains(key) ? " (deleted)" : "")));
        }
        if (isJson) {
            ObjectNode json = JSON.createObjectNode()
                    .put("parts", parts)
                    .put("events", events)
                    .put("expired", expired)
                    .put("recorded", recorded);
            orphans.forEach(json.putArray("orphans")::add);
            rubbish.forEach(json.putArray("rubbish")::add);
            out.println(result(json, problems));
        } else {
            problems.forEach(problem -> out.println("wrong: " + problem));
            orphans.forEach(orphan -> out.println("its manifest is lost, its events can be read: " + orphan));
            rubbish.forEach(part -> out.println("rubbish of a run that ended early: " + part));
            out.printf(Locale.ROOT, "%,d parts with %,d events: %s%n", parts, events, verdict(problems));
        }
        out.flush();
        return exit(problems);
    }

    private static int exit(List<Problem> problems) {
        return problems.isEmpty() ? 0 : problems.stream().anyMatch(Problem::isLoss) ? ArchiveCommand.NOT_INTACT : 1;
    }

    private static ObjectNode result(ObjectNode json, List<Problem> problems) {
        ArrayNode array = json.putArray("problems");
        problems.forEach(problem -> problem.write(array.addObject()));
        return json.put("intact", problems.isEmpty());
    }

    private static String verdict(List<?> problems) {
        return problems.isEmpty() ? "intact" : problems.size() + " problems";
    }

    private int trail(ArchiveOptions archive) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (!archive.isBucket()) {
            throw new InputException("Only a bucket has CloudTrail's signatures: s3://name");
        }
        List<Finding> findings = new ArrayList<>();
        ObjectNode json = JSON.createObjectNode();
        ArrayNode chains = json.putArray("chains");
        TrailVerifier verifier = new TrailVerifier(
                heads.chains(archive), archive.bucket(), region -> new CloudTrailKeys(client(region)));
        for (Verified verified : verifier.verify(Partition.TRAIL_FILES + "AWSLogs/", from, to)) {
            chains.addObject()
                    .put("folder", verified.chain().folder())
                    .put("region", verified.chain().region())
                    .put("trail", verified.chain().trail())
                    .put("digests", verified.result().digests())
                    .put("log_files", verified.result().logFiles());
            findings.addAll(verified.result().findings());
        }
        if (isJson) {
            ArrayNode array = json.putArray("problems");
            findings.forEach(finding -> array.addObject()
                    .put("problem", finding.problem().name())
                    .put("file", finding.file())
                    .put("explanation", finding.explanation()));
            out.println(json.put("intact", findings.isEmpty()));
        } else {
            chains.forEach(chain -> out.printf(
                    Locale.ROOT,
                    "%s %s %s: %,d digests, %,d log files%n",
                    chain.path("folder").asText(),
                    chain.path("region").asText(),
                    chain.path("trail").asText(),
                    chain.path("digests").asInt(),
                    chain.path("log_files").asInt()));
            findings.forEach(finding ->
                    out.println("wrong: " + finding.problem() + " " + finding.file() + ": " + finding.explanation()));
            out.println(verdict(findings));
        }
        out.flush();
        return findings.isEmpty() ? 0 : 1;
    }

    private CloudTrailClient client(String region) {
        CloudTrailClientBuilder builder = CloudTrailClient.builder()
                .region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder());
        cloudTrail.ifPresent(builder::endpointOverride);
        return builder.build();
    }
}
