package io.tributary.local.pipeline;

import com.sun.net.httpserver.HttpServer;
import io.tributary.local.input.InputException;
import io.tributary.local.pipeline.page.PageServer;
import io.tributary.local.pipeline.process.Loopback;
import io.tributary.local.pipeline.traffic.Replay;
import io.tributary.local.pipeline.traffic.Story;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the whole pipeline on this machine. */
@Command(
        name = "local",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs the whole pipeline on this machine, and a page that shows it.",
            "",
            "Logs of several accounts flow through the three functions as they run in AWS, into an OpenSearch and an S3; DynamoDB and an"
                    + " inbox are there, too, and stand-ins for Kinesis, Firehose, EventBridge and SNS. It needs neither Docker nor an"
                    + " AWS account, and about 2 GB of memory.",
            "",
            "Ctrl-C ends all of it. A second start goes on with the data of the first."
        },
        footer = {
            "",
            "Examples:",
            "  tributary local",
            "  tributary local --fresh --accounts 8 --rate 500",
            "  tributary local --attack stolen-password",
            "  tributary local --rate 0 --replay /var/log/cloudtrail",
            "  tributary local --dev transform=http://localhost:8082"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:it was ended", "2:the command line is wrong", "3:a part did not start, or a port is taken"})
public final class LocalCommand implements Callable<Integer> {
    private static final int USUAL_PORT = 8080;
    private static final int FAILED = 3;
    private static final List<String> FUNCTIONS = List.of("transform", "alert", "archive");
    private static final Duration WAKING = Duration.ofSeconds(15);
    private static final String PLAN = "{\"action\":\"plan\"}";
    private static final int EVENTS_A_DAY = 2_000;
    private static final Duration BUFFERED = Duration.ofSeconds(6);
    private static final Duration PLANNING = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "PORT", description = "Of the page. Default: " + USUAL_PORT + "; 0 for any.")
    private int port = USUAL_PORT;

    @Option(names = "--data", paramLabel = "DIR", description = "Where everything is kept. Default: tributary-local.")
    private Path data = Path.of("tributary-local");

    @Option(names = "--fresh", description = "Begin anew: delete what an earlier start kept there.")
    private boolean isFresh;

    @Option(names = "--accounts", paramLabel = "NUMBER", description = "How many send logs. Default: 4.")
    private int accounts = 4;

    @Option(names = "--rate", paramLabel = "EVENTS", description = "Events a second, in the mean. Default: 50.")
    private double rate = 50;

    @Option(
            names = "--history",
            paramLabel = "DAYS",
            description = "Days that are over, of which there are events to archive. Default: 3, on the first start.")
    private int history = 3;

    @Option(
            names = "--day",
            paramLabel = "SECONDS",
            description = "How long a day takes for the lifecycle rules of the bucket. Default: 10.")
    private double day = 10;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Of the traffic. Default: another one each time.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--attack",
            paramLabel = "STORY",
            description = "Let an attack happen: stolen-password, extortion, mining.")
    private Optional<String> attack = Optional.empty();

    @Option(
            names = "--replay",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files or directories of real logs that are to arrive, besides; as 'transform' reads them.")
    private List<String> files = List.of();

    @Option(
            names = "--dev",
            paramLabel = "FUNCTION=ADDRESS",
            description = "A function that you run in dev mode: transform, alert or archive. Its settings for it are in"
                    + " FUNCTION.env of what is kept.")
    private Map<String, URI> inDevelopment = Map.of();

    @Option(names = "--for", paramLabel = "SECONDS", description = "End by itself. Default: at Ctrl-C.")
    private Optional<Long> seconds = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        Optional<Story> story = story();
        Set<String> unknown = new TreeSet<>(inDevelopment.keySet());
        unknown.removeAll(FUNCTIONS);
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--dev: there is no " + unknown + "; there are " + FUNCTIONS);
        }
        try {
            Replay replay = new Replay(files);
            String logGroups = replay.logGroups();
            HttpServer server = Loopback.bind(port);
            try (DataFolder folder = DataFolder.open(data, isFresh)) {
                run(folder, server, replay, logGroups, story);
            }
            return 0;
        } catch (BindException e) {
            return failed("port " + port + " is taken; --port names another one");
        } catch (IOException e) {
            return failed(e.getMessage());
        }
    }

    private int failed(String message) {
        spec.commandLine().getErr().println("tributary: " + message);
        return FAILED;
    }

    private void run(DataFolder folder, HttpServer server, Replay replay, String logGroups, Optional<Story> story)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        long random = seed.orElse(System.nanoTime());
        LocalPipeline.Plan plan = new LocalPipeline.Plan(
                Path.of(System.getProperty("tributary.root", ".")).toAbsolutePath(),
                folder.path(),
                Math.max(1, accounts),
                Math.max(0, rate),
                random,
                URI.create("http://localhost:" + server.getAddress().getPort() + "/"),
                WAKING,
                Duration.ofMillis(Math.max(1, Math.round(day * 1_000))),
                logGroups,
                inDevelopment);
        long started = System.nanoTime();
        LocalPipeline pipeline = new LocalPipeline(plan, part -> {
            synchronized (out) {
                out.printf("%5.1f s  %s%n", (System.nanoTime() - started) / 1e9, part);
                out.flush();
            }
        });
        // on Ctrl-C; at the end of this method there is nothing left for it
        Runtime.getRuntime().addShutdownHook(new Thread(pipeline::close));
        try (PageServer page = new PageServer(server, pipeline)) {
            out.printf("%nTributary is running: %s%nCtrl-C ends it; what it keeps is in %s.%n", page.address(), data);
            out.flush();
            begin(pipeline, folder.isFirst() ? history : 0);
            try {
                pipeline.replay(replay);
            } catch (InputException e) {
                // the rest goes on
                var unused = failed(e.getMessage());
            }
            if (story.isPresent()) {
                story.get().play(pipeline.traffic(), random);
            }
            CountDownLatch never = new CountDownLatch(1);
            if (seconds.isPresent()) {
                var unused = never.await(seconds.get(), TimeUnit.SECONDS);
            } else {
                never.await();
            }
        } finally {
            pipeline.close();
        }
    }

    private void begin(LocalPipeline pipeline, int days) {
        Thread past = new Thread(() -> past(pipeline, days), "history");
        past.setDaemon(true);
        past.start();
        if (rate > 0) {
            pipeline.traffic().start();
        }
    }

    /** First the days that are over, in objects as small as Firehose makes them; then they are compacted, and whatever follows. */
    private static void past(LocalPipeline pipeline, int days) {
        try {
            ask(pipeline, "{\"action\":\"lifecycle\"}");
            if (days > 0) {
                pipeline.traffic().history(days, EVENTS_A_DAY, BUFFERED);
            }
            ask(pipeline, PLAN);
            pipeline.every(PLANNING, () -> ask(pipeline, PLAN));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ask(LocalPipeline pipeline, String request) {
        try {
            var unused = pipeline.archive(request);
        } catch (IOException e) {
            pipeline.counts().add("archive-fn.failed", 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Story> story() {
        if (attack.isEmpty()) {
            return Optional.empty();
        }
        Optional<Story> story = Stream.of(Story.values())
                .filter(each -> each.toString().equals(attack.get()))
                .findFirst();
        if (story.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--attack: there is no story " + attack.get() + "; there are " + List.of(Story.values()));
        }
        return story;
    }
}
