package io.tributary.local.transform;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.local.input.EnvelopeWriter;
import io.tributary.local.input.InputException;
import io.tributary.local.input.LogEvents;
import io.tributary.local.input.LogFile;
import io.tributary.transform.LogGroup;
import io.tributary.transform.TransformSettings;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.ZipException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs files through the transform function. */
@Command(
        name = "transform",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs log files through the transform function, the one that AWS invokes, and writes what Firehose would write"
                    + " to S3.",
            "",
            "Whoever names a file vouches for it: its events are of the accounts that they name. Captured envelopes and Firehose"
                    + " requests are treated as the function would treat them.",
            "",
            "Reads CloudTrail files, flow logs as text, CloudWatch Logs envelopes, captured Firehose requests, EventBridge"
                    + " events, other JSON (a document or one a line), and plain text; gzip or not. What a file holds is"
                    + " recognised by its content; directories are read whole.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tributary transform --out out examples",
            "  tributary transform --out out 123456789012_CloudTrail_eu-central-1_*.json.gz",
            "  tributary transform --out out --format 'vpc-flow-logs: version vpc-id srcaddr dstaddr action' flow.log",
            "  tributary transform --out out --log-group /aws/rds/instance/orders/error mysql-error.log",
            "  zcat app.log.gz | tributary transform --out out --json -",
            ""
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every event was transformed",
            "1:some records failed; they are under failed/",
            "2:the command line is wrong",
            "3:a file cannot be read, or the output cannot be written"
        })
public final class TransformCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int UNREADABLE = 3;
    private static final String UNKNOWN_ACCOUNT = "000000000000";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files or directories; - for standard input.")
    private List<String> files;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "tributary-out",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--force", description = "Replace what an earlier run wrote to DIR.")
    private boolean force;

    @Option(
            names = "--format",
            paramLabel = "TYPE",
            description = "Take every file for this log type, such as cloudtrail, or a flow log of a custom format:"
                    + " 'vpc-flow-logs: version srcaddr …'.")
    private Optional<String> format = Optional.empty();

    @Option(
            names = "--log-group",
            paramLabel = "NAME",
            description = "The log group that events come from. Default: the file's name.")
    private Optional<String> logGroup = Optional.empty();

    @Option(
            names = "--account",
            paramLabel = "ID",
            description =
                    "The account that owns the logs. Default: as a CloudTrail file's name tells, else 000000000000.")
    private Optional<String> account = Optional.empty();

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "The Region of events that name none. Default: as a CloudTrail file's name tells, else none.")
    private Optional<String> region = Optional.empty();

    @Option(names = "--account-name", paramLabel = "ID=NAME", description = "A name for an account.")
    private List<String> accountNames = new ArrayList<>();

    @Option(
            names = "--raw-data",
            paramLabel = "TYPE",
            split = ",",
            description = "Log types whose documents keep the original text.")
    private List<String> rawData = new ArrayList<>();

    @Option(names = "--captions", description = "Write the captions of ids: class_name, activity_name and so on.")
    private boolean captions;

    @Option(names = "--no-redact", description = "Keep secrets in the documents.")
    private boolean noRedact;

    @Option(names = "--plain", description = "Do not compress the documents.")
    private boolean plain;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    private final Report report = new Report();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        List<LogGroup> configured = configured();
        try {
            prepare();
            ArchiveFolder archive = new ArchiveFolder(out, !plain, Instant.now());
            List<Path> inputs = LogFile.paths(files);
            Progress progress = Progress.of(err, inputs);
            long start = System.nanoTime();
            for (Path input : inputs) {
                try {
                    transform(input, configured, archive, progress);
                } catch (ZipException | EOFException e) {
                    throw new InputException(input + ": the gzip data is damaged: " + e.getMessage());
                }
            }
            progress.end();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (json) {
                report.printJson(spec.commandLine().getOut(), seconds);
            } else {
                report.print(spec.commandLine().getOut(), seconds);
            }
        } catch (InputException e) {
            err.println("tributary: " + e.getMessage());
            return UNREADABLE;
        } catch (IOException e) {
            err.println("tributary: " + e.getClass().getSimpleName() + ": " + e.getMessage());
            return UNREADABLE;
        }
        return report.eventsFailed() > 0 || !report.isBalanced() ? FAILED : 0;
    }

    private List<LogGroup> configured() {
        try {
            return format.map(type -> TransformSettings.parseLogGroups("--format", "* = " + type))
                    .orElse(List.of());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage().replace("--format: *: ", "--format: "));
        }
    }

    private void prepare() throws IOException {
        if (ArchiveFolder.isUsed(out)) {
            if (!force) {
                throw new InputException(out + " holds the result of an earlier run; --force replaces it");
            }
            ArchiveFolder.clear(out);
        }
    }

    private void transform(Path path, List<LogGroup> configured, ArchiveFolder archive, Progress progress)
            throws IOException {
        LogFile file = LogFile.of(path);
        try (InputStream raw = LogFile.isStandardInput(path) ? System.in : Files.newInputStream(path);
                BufferedInputStream in = file.open(progress.counting(raw))) {
            List<LogGroup> logGroups = new ArrayList<>(configured);
            Optional<LogGroup> byHeader = file.formatByHeader(in);
            byHeader.filter(any -> configured.isEmpty()).ifPresent(logGroups::add);
            try (Function function =
                    new Function(settings(logGroups), region.or(file::region).orElse(""), new Writing(archive))) {
                Wrapping wrapping = new Wrapping(
                        new EnvelopeWriter(
                                account.or(file::account).orElse(UNKNOWN_ACCOUNT),
                                logGroup.orElse(file.fileName()),
                                "local",
                                envelope -> {
                                    archive.raw(envelope);
                                    function.add(envelope, System.currentTimeMillis());
                                }),
                        archive,
                        function);
                file.read(in, wrapping);
                wrapping.envelopes().finish();
                function.finish();
            }
        }
    }

    private TransformSettings settings(List<LogGroup> logGroups) {
        try {
            return TransformSettings.builder()
                    .logGroups(logGroups)
                    .accountNames(TransformSettings.parseAccountNames("--account-name", accountNames))
                    .compress(!plain)
                    .rawDataSources(TransformSettings.parseSources("--raw-data", rawData))
                    .redact(!noRedact)
                    .captions(captions)
                    .acceptsFiles(true)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    /** Events go through envelopes, records as they are. */
    private record Wrapping(EnvelopeWriter envelopes, ArchiveFolder archive, Function function) implements LogEvents {
        @Override
        public void event(String message, long timestamp) throws IOException {
            envelopes.add(message, timestamp);
        }

        @Override
        public void record(byte[] data, long arrival) throws IOException {
            archive.raw(data);
            function.add(data, arrival);
        }
    }

    private final class Writing implements Function.Answers {
        private final ArchiveFolder archive;

        Writing(ArchiveFolder archive) {
            this.archive = archive;
        }

        @Override
        public void ok(byte[] data, Map<String, String> partitionKeys) throws IOException {
            archive.events(data, partitionKeys);
            report.documents(data, partitionKeys.get("source"));
        }

        @Override
        public void failed(byte[] record) throws IOException {
            archive.failed(record);
        }

        @Override
        public void metrics(JsonNode line) {
            report.metrics(line);
        }
    }
}
