package io.tributary.local.archive;

import io.tributary.archive.Problem;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.replay.EventSink;
import io.tributary.archive.replay.ReplayedDocument;
import io.tributary.archive.replay.Replayer;
import io.tributary.archive.replay.Replayer.Position;
import io.tributary.archive.replay.StreamSink;
import io.tributary.archive.restore.Query;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.RestoreRequest;
import io.tributary.archive.restore.Restorer;
import io.tributary.aws.KinesisRecordStream;
import io.tributary.local.input.InputException;
import io.tributary.stream.Delivery;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.KinesisClientBuilder;

/** Puts events of an archive back on the log stream, or in a file. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Reads the wanted events of an archive, and no more than those, and puts them back on the log stream (--stream), or"
                    + " in a file (--out). What was indexed before stays one document: its metadata.uid is the same.",
            "",
            "With --what raw or failed it is the records as they came that are put back: those of a time, or those that could"
                    + " not be processed or delivered, after whatever was wrong was mended."
        },
        footer = {
            "",
            "Examples:",
            "  tributary archive replay --from 2026-03-01 --to 2026-03-02 --source cloudtrail --out events.ndjson out",
            "  tributary archive replay --job 2f1c… --stream arn:aws:kinesis:… s3://example-archive",
            "  tributary archive replay --what failed --from 2026-03-01 --to 2026-03-02 --stream arn:… s3://example-archive"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all was replayed",
            "1:some objects or records could not be",
            "2:the command line is wrong",
            "3:it ended early, and says how to go on",
            "4:all was replayed that can be, but something of the archive is gone or changed, which is named"
        })
final class ReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOptions options;

    @Mixin
    private QueryOptions query;

    @Mixin
    private HeadsOption heads;

    @Option(names = "--job", paramLabel = "ID", description = "The events of a restore, instead of --from and so on.")
    private Optional<String> job = Optional.empty();

    @Option(names = "--what", paramLabel = "WHAT", description = "events, raw or failed. Default: events.")
    private String what = "events";

    @Option(names = "--stream", paramLabel = "ARN", description = "The Kinesis stream of the logs.")
    private Optional<String> stream = Optional.empty();

    @Option(names = "--kinesis-endpoint", paramLabel = "URL", description = "Another Kinesis than Amazon's.")
    private Optional<URI> kinesis = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", description = "A file for the documents instead, one a line.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--rate", paramLabel = "EVENTS", description = "Events a second at most. Default: 1000.")
    private int rate = 1_000;

    @Option(names = "--after", paramLabel = "PLACE", description = "Go on where it ended early.")
    private String after = "";

    private String reached = "";
    private int problems;
    private int flaws;

    @Override
    public Integer call() {
        try (ArchiveOptions archive = options) {
            reached = after;
            if (stream.isPresent() == out.isPresent()) {
                throw new InputException("Where to? Either --stream or --out");
            }
            long events = out.isPresent() ? toFile(heads.chains(archive), out.get()) : toStream(archive, stream.get());
            spec.commandLine().getOut().printf(Locale.ROOT, "%,d events replayed%n", events);
            spec.commandLine().getOut().flush();
            return flaws > 0 ? ArchiveCommand.NOT_INTACT : problems > 0 ? 1 : 0;
        } catch (IOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            if (!reached.isEmpty()) {
                spec.commandLine().getErr().println("To go on, add: --after " + reached);
            }
            return 3;
        }
    }

    private long toFile(Chains chains, Path file) throws IOException {
        try (OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file))) {
            return replay(chains, new EventSink() {
                @Override
                public void document(ReplayedDocument document) throws IOException {
                    bytes.write(document.json());
                    bytes.write('\n');
                }

                @Override
                public void record(byte[] data) throws IOException {
                    bytes.write(data);
                }

                @Override
                public void flush() throws IOException {
                    bytes.flush();
                }
            });
        }
    }

    private long toStream(ArchiveOptions archive, String arn) throws IOException {
        KinesisClientBuilder builder = KinesisClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder());
        kinesis.ifPresent(builder::endpointOverride);
        archive.inRegion(builder);
        try (KinesisClient client = builder.build()) {
            StreamSink sink = new StreamSink(
                    new KinesisRecordStream(() -> client, arn),
                    archive.executor(),
                    () -> Long.MAX_VALUE,
                    Delivery.Pause.SLEEP,
                    rate,
                    job.orElse("replay"));
            long events = replay(heads.chains(archive), sink);
            sink.tooLarge().forEach(each -> tell("too large for the stream: " + each));
            return events;
        }
    }

    private long replay(Chains chains, EventSink sink) throws IOException {
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        Replayer replayer = new Replayer(
                chains,
                sink,
                new Replayer.Report() {
                    @Override
                    public void problem(Problem problem) {
                        progress.clear();
                        flaw(problem);
                    }

                    @Override
                    public void unreadable(String key, String reason) {
                        progress.clear();
                        tell("unreadable: " + key + ": " + reason);
                    }

                    @Override
                    public void progress(long events, String where) {
                        reached = where;
                        progress.show(String.format(Locale.ROOT, "%,d events", events));
                    }
                },
                () -> Long.MAX_VALUE);
        if (what.equals("raw") || what.equals("failed")) {
            Query wanted = query.query();
            replayer.records(what + "/", wanted.from(), wanted.to(), after);
        } else if (what.equals("events")) {
            replayer.events(job(chains), after.isEmpty() ? Position.START : Position.parse(after));
        } else {
            throw new InputException("--what: '" + what + "' is none of events, raw, failed");
        }
        progress.clear();
        return replayer.events();
    }

    private void tell(String problem) {
        problems++;
        PrintWriter err = spec.commandLine().getErr();
        err.println(problem);
        err.flush();
    }

    private void flaw(Problem problem) {
        flaws++;
        spec.commandLine().getErr().println("wrong: " + problem);
        spec.commandLine().getErr().flush();
    }

    private RestoreJob job(Chains chains) throws IOException {
        Restorer restorer = new Restorer(chains, Prices.usual(), (subject, text) -> {}, line -> {});
        if (job.isPresent()) {
            return restorer.job(job.get()).orElseThrow(() -> new InputException("there is no job " + job.get()));
        }
        Restorer.Plan plan = restorer.plan("replay", new RestoreRequest(query.query(), RestoreTier.STANDARD, 1, true));
        plan.problems().forEach(this::flaw);
        if (plan.estimate().asleep() > 0) {
            throw new InputException(plan.estimate().asleep()
                    + " parts are asleep: run tributary archive restore first, then replay with --job");
        }
        return plan.job();
    }
}
