package io.tributary.local.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Wakefulness;
import io.tributary.archive.restore.Estimate;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.RestoreRequest;
import io.tributary.archive.restore.Restorer;
import io.tributary.local.input.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
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
            "3:the archive cannot be read, or S3 cannot do it"
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

    @Option(names = "--tier", paramLabel = "TIER", description = "expedited, standard or bulk. Default: standard.")
    private String tier = "standard";

    @Option(names = "--days", paramLabel = "DAYS", description = "How long the copies stay. Default: 7.")
    private int days = 7;

    @Option(names = "--dry-run", description = "Tell what it would be, and ask for nothing.")
    private boolean isDryRun;

    @Option(names = "--job", paramLabel = "ID", description = "Go on with a job, and tell how far it is.")
    private Optional<String> job = Optional.empty();

    @Option(names = "--wait", description = "Wait until all can be read.")
    private boolean isWaiting;

    @Option(names = "--json", description = "Print the estimate and the job as JSON.")
    private boolean isJson;

    @Option(names = "--interval", paramLabel = "SECONDS", hidden = true)
    private int interval = 60;

    @Override
    public Integer call() {
        try (ArchiveOptions archive = options) {
            run(archive.store());
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private void run(ArchiveStore store) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Restorer restorer = new Restorer(store, prices.prices(), (subject, text) -> tell(subject, out));
        RestoreJob wanted;
        if (job.isPresent()) {
            wanted = restorer.job(job.get()).orElseThrow(() -> new InputException("there is no job " + job.get()));
        } else {
            Restorer.Plan plan = restorer.plan(
                    UUID.randomUUID().toString(),
                    new RestoreRequest(query.query(), RestoreRequest.tier(tier), days, false));
            wanted = plan.job();
            if (isJson) {
                boolean isStarted = !isDryRun && !wanted.parts().isEmpty();
                ObjectNode estimate = plan.estimate().toJson();
                out.println(isStarted ? estimate.put("job", wanted.id()) : estimate);
            } else {
                print(plan.estimate(), out);
            }
        }
        if (isDryRun || wanted.parts().isEmpty()) {
            return;
        }
        restorer.start(wanted);
        if (!isJson) {
            out.println("job " + wanted.id());
        }
        out.flush();
        boolean isReady = progress(restorer, wanted, out);
        while (isWaiting && !isReady) {
            try {
                TimeUnit.SECONDS.sleep(interval);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            isReady = progress(restorer, wanted, out);
        }
        restorer.check(Optional.empty(), ready -> {});
        out.flush();
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

    private boolean progress(Restorer restorer, RestoreJob job, PrintWriter out) throws IOException {
        Map<Wakefulness, Integer> counts = restorer.progress(job);
        int awake = counts.getOrDefault(Wakefulness.AWAKE, 0);
        out.printf(
                Locale.ROOT,
                isJson ? "{\"readable\":%d,\"parts\":%d}%n" : "%,d of %,d parts can be read%n",
                awake,
                job.parts().size());
        out.flush();
        return awake == job.parts().size();
    }
}
