package io.tributary.local.archive;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.ArchiveStore.Wakefulness;
import io.tributary.archive.Problem;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.restore.Estimate;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.RestoreRequest;
import io.tributary.archive.restore.Restorer;
import io.tributary.local.input.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Wakes what is wanted of an archive. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Tells which parts of the archive have the wanted events, how long it takes to wake them and what it costs;"
                        + " and asks S3 for exactly those.",
        footer = {
            "",
            "Examples:",
            "  tributary archive restore --from 2026-03-01 --to 2026-03-08 --account 123456789012 --dry-run s3://example-archive",
            "  tributary archive restore --from 2026-03-01 --to 2026-03-08 --tier bulk --days 14 s3://example-archive",
            "  tributary archive restore --job 2f1c… --wait s3://example-archive"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:it is as was asked",
            "2:the command line is wrong",
            "3:the archive cannot be read, or S3 cannot do it",
            "4:it is as was asked as far as it can be, but something of the archive is gone or changed, which is named"
        })
final class RestoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOptions options;

    @Mixin
    private QueryOptions query;

    @Mixin
    private PriceFile prices;

    @Mixin
    private HeadsOption heads;

    @Option(names = "--tier", paramLabel = "TIER", description = "expedited, standard or bulk. Default: standard.")
    private String tier = "standard";

    @Option(names = "--days", paramLabel = "DAYS", description = "How long the copies stay. Default: 7.")
    private int days = 7;

    @Option(names = "--dry-run", description = "Tell what it would be, and ask for nothing.")
    private boolean isDryRun;

    @Option(names = "--job", paramLabel = "ID", description = "Tell how far a job is. With --wait go on with it, too.")
    private Optional<String> job = Optional.empty();

    @Option(names = "--wait", description = "Wait until all can be read.")
    private boolean isWaiting;

    @Option(names = "--json", description = "Print the estimate and the job as JSON.")
    private boolean isJson;

    @Option(names = "--interval", paramLabel = "SECONDS", hidden = true)
    private int interval = 60;

    private final List<Problem> problems = new ArrayList<>();

    @Override
    public Integer call() {
        try (ArchiveOptions archive = options) {
            run(heads.chains(archive));
            return problems.isEmpty() ? 0 : ArchiveCommand.NOT_INTACT;
        } catch (IOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private void run(Chains chains) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Restorer restorer = new Restorer(chains, prices.prices(), (subject, text) -> tell(subject, out), this::warn);
        RestoreJob wanted;
        if (job.isPresent()) {
            wanted = restorer.job(job.get()).orElseThrow(() -> new InputException("there is no job " + job.get()));
        } else {
            Restorer.Plan plan = restorer.plan(
                    UUID.randomUUID().toString(),
                    new RestoreRequest(query.query(), RestoreRequest.tier(tier), days, false));
            wanted = plan.job();
            boolean isStarted = !isDryRun && !wanted.parts().isEmpty();
            print(plan, isStarted, out);
            if (!isStarted) {
                return;
            }
            restorer.start(wanted);
            if (!isJson) {
                out.println("job " + wanted.id());
            }
            out.flush();
        }
        // asking how far a job is starts nothing
        boolean isOurs = job.isEmpty() || isWaiting;
        Restorer.Progress progress = progress(restorer, wanted, out);
        while (isWaiting && !progress.isReady()) {
            try {
                TimeUnit.SECONDS.sleep(interval);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            restorer.start(wanted);
            progress = progress(restorer, wanted, out);
        }
        for (String gone : progress.gone()) {
            problem(new Problem(Problem.Kind.PART_MISSING, gone, "it is gone, although it is archived"));
        }
        if (isOurs && !wanted.request().replay()) {
            restorer.settle(wanted, ready -> {});
        } // else the function has to put the events on the log stream, and ends the job
        out.flush();
    }

    private void print(Restorer.Plan plan, boolean isStarted, PrintWriter out) {
        if (isJson) {
            ObjectNode json = plan.estimate().toJson();
            if (isStarted) {
                json.put("job", plan.job().id());
            }
            ArrayNode array = json.putArray("problems");
            plan.problems().forEach(problem -> problem.write(array.addObject()));
            problems.addAll(plan.problems());
            out.println(json);
        } else {
            print(plan.estimate(), out);
            plan.problems().forEach(this::problem);
        }
    }

    private void problem(Problem problem) {
        problems.add(problem);
        warn("wrong: " + problem);
    }

    private void warn(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }

    private void tell(String subject, PrintWriter out) {
        if (!isJson) {
            out.println(subject);
        }
    }

    private static void print(Estimate estimate, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,d parts of %,d bytes have wanted events; %,d of them, %,d bytes, are asleep%n"
                        + "up to %,d events, %,d bytes to read%n",
                estimate.parts(),
                estimate.bytes(),
                estimate.asleep(),
                estimate.asleepBytes(),
                estimate.events(),
                estimate.wantedBytes());
        if (estimate.unnamed() > 0) {
            out.printf(
                    Locale.ROOT,
                    "%,d of the parts have lost their manifests: all of each is woken and read%n",
                    estimate.unnamed());
        }
        out.printf(
                Locale.ROOT,
                "up to %d:%02d hours, about %.4f %s (%s)%n",
                estimate.longest().toHours(),
                estimate.longest().toMinutesPart(),
                estimate.cost(),
                estimate.toJson().path("currency").asText(),
                estimate.toJson().path("prices_of").asText());
        out.flush();
    }

    private Restorer.Progress progress(Restorer restorer, RestoreJob job, PrintWriter out) throws IOException {
        Restorer.Progress progress = restorer.progress(job);
        out.printf(
                Locale.ROOT,
                isJson
                        ? "{\"readable\":%d,\"parts\":%d,\"gone\":%d}%n"
                        : "%,d of %,d parts can be read, %,d are gone%n",
                progress.of(Wakefulness.AWAKE),
                job.parts().size(),
                progress.gone().size());
        out.flush();
        return progress;
    }
}
