package io.tributary.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.integrity.DigestVerifier;
import io.tributary.archive.integrity.TrailVerifier;
import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.archive.report.Report;
import io.tributary.archive.report.ReportPage;
import io.tributary.archive.report.Reporter;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.RestoreRequest;
import io.tributary.archive.restore.Restorer;
import io.tributary.archive.task.ArchiveMetrics;
import io.tributary.archive.task.ArchiveMetrics.Count;
import io.tributary.archive.task.Archivist;
import io.tributary.archive.task.Task;
import io.tributary.archive.task.TaskQueue;
import io.tributary.stream.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Answers requests, those of schedules included: JSON with an {@code action}. */
public final class Requests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);
    private static final int REPORTED_MONTHS = 24;
    private static final int MOST_TOLD = 100;

    private final Chains chains;
    private final Archivist archivist;
    private final Restorer restorer;
    private final Optional<TrailVerifier> trail;
    private final LifecycleRules lifecycle;
    private final ArchivePolicy policy;
    private final Prices prices;
    private final TaskQueue queue;
    private final InstantSource clock;

    /** Reconciles the lifecycle rules of the buckets. */
    public interface LifecycleRules {
        /**
         * Compares, and writes what differs unless it is a dry run.
         *
         * @return the differences, a line each
         */
        List<String> reconcile(ArchivePolicy policy, boolean isDryRun) throws IOException;
    }

    public Requests(
            Chains chains,
            Archivist archivist,
            Restorer restorer,
            Optional<TrailVerifier> trail,
            LifecycleRules lifecycle,
            ArchivePolicy policy,
            Prices prices,
            TaskQueue queue,
            InstantSource clock) {
        this.chains = chains;
        this.archivist = archivist;
        this.restorer = restorer;
        this.trail = trail;
        this.lifecycle = lifecycle;
        this.policy = policy;
        this.prices = prices;
        this.queue = queue;
        this.clock = clock;
    }

    /**
     * Answers a request.
     *
     * @throws IllegalArgumentException if it is wrong; the message says what
     * @throws IOException if something that it needs fails
     */
    public ObjectNode answer(JsonNode request, ArchiveMetrics metrics, Deadline deadline) throws IOException {
        return switch (request.path("action").asText()) {
            case "plan" -> plan(metrics, deadline);
            case "verify" -> verify(request, metrics, deadline);
            case "verify trail" -> verifyTrail(request, metrics);
            case "restore" -> restore(request, metrics);
            case "replay" -> replay(request, metrics);
            case "report" -> report(metrics);
            case "lifecycle" -> lifecycle(request);
            default ->
                throw new IllegalArgumentException(
                        "action: '" + request.path("action").asText()
                                + "' is none of plan, verify, verify trail, restore, replay, report, lifecycle");
        };
    }

    private ObjectNode plan(ArchiveMetrics metrics, Deadline deadline) throws IOException {
        archivist.planAll(metrics, deadline);
        // restores whose events were lost on the way end here
        restorer.check(Optional.empty(), archivist::ready);
        return JSON.createObjectNode().put("items", metrics.of(Count.ITEMS_PLANNED));
    }

    private ObjectNode verify(JsonNode request, ArchiveMetrics metrics, Deadline deadline) throws IOException {
        LocalDate tomorrow =
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1);
        archivist.verifyAll(
                date(request, "from", FIRST_DAY),
                date(request, "to", tomorrow),
                request.path("read").asBoolean(),
                metrics,
                deadline);
        return JSON.createObjectNode()
                .put("parts", metrics.of(Count.PARTS_VERIFIED))
                .put("problems", metrics.of(Count.INTEGRITY_VIOLATIONS));
    }

    private ObjectNode verifyTrail(JsonNode request, ArchiveMetrics metrics) throws IOException {
        TrailVerifier verifier = trail.orElseThrow(() ->
                new IllegalArgumentException("tributary.trail-bucket is missing: there are no digests to verify"));
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        ObjectNode answer = JSON.createObjectNode();
        var chains = answer.putArray("chains");
        var findings = answer.putArray("findings");
        long problems = 0;
        for (TrailVerifier.Verified verified : verifier.verify(
                request.path("prefix").asText(Partition.TRAIL_FILES + "AWSLogs/"),
                date(request, "from", today.minusDays(1)),
                date(request, "to", today))) {
            DigestVerifier.Result result = verified.result();
            chains.addObject()
                    .put("folder", verified.chain().folder())
                    .put("region", verified.chain().region())
                    .put("trail", verified.chain().trail())
                    .put("digests", result.digests())
                    .put("log_files", result.logFiles())
                    .put("problems", result.findings().size());
            problems += result.findings().size();
            result.findings().stream()
                    .limit(Math.max(0, MOST_TOLD - findings.size()))
                    .forEach(finding -> findings.addObject()
                            .put("problem", finding.problem().name())
                            .put("file", finding.file())
                            .put("explanation", finding.explanation()));
        }
        metrics.add(Count.INTEGRITY_VIOLATIONS, problems);
        return answer.put("problems", problems);
    }

    private ObjectNode restore(JsonNode request, ArchiveMetrics metrics) throws IOException {
        if (request.has("job")) {
            return progress(request.path("job").asText());
        }
        Restorer.Plan plan = restorer.plan(UUID.randomUUID().toString(), RestoreRequest.parse(request));
        ObjectNode answer = answer(plan, metrics);
        if (request.path("dry run").asBoolean() || plan.job().parts().isEmpty()) {
            return answer;
        }
        restorer.start(plan.job());
        // what was awake already is ready now
        restorer.check(Optional.empty(), archivist::ready);
        return answer.put("job", plan.job().id());
    }

    /** What a plan found, and what is wrong there. */
    private ObjectNode answer(Restorer.Plan plan, ArchiveMetrics metrics) {
        archivist.problems(plan.problems(), metrics);
        return with(plan.estimate().toJson(), plan.problems());
    }

    private static ObjectNode with(ObjectNode answer, List<Problem> problems) {
        answer.put("problems", problems.size());
        var findings = answer.putArray("findings");
        problems.stream().limit(MOST_TOLD).forEach(problem -> problem.write(findings.addObject()));
        return answer;
    }

    /** Tells how far a job is, and starts nothing: what was not asked for yet is asked for by the schedule. */
    private ObjectNode progress(String id) throws IOException {
        RestoreJob job = restorer.job(id).orElseThrow(() -> new IllegalArgumentException("there is no job " + id));
        ObjectNode answer = JSON.createObjectNode().put("job", id);
        Restorer.Progress progress = restorer.progress(job);
        for (ArchiveStore.Wakefulness state : ArchiveStore.Wakefulness.values()) {
            answer.put(state.name().toLowerCase(Locale.ROOT), progress.of(state));
        }
        return answer.put("gone", progress.gone().size());
    }

    private ObjectNode replay(JsonNode request, ArchiveMetrics metrics) throws IOException {
        String what = request.path("what").asText("events");
        if (what.equals("raw") || what.equals("failed")) {
            Instant from = RestoreRequest.query(request).from();
            Instant to = RestoreRequest.query(request).to();
            queue.send(List.of(new Task.ReplayRecords(what + "/", from, to, "")));
            return JSON.createObjectNode().put("replaying", what);
        }
        if (!what.equals("events")) {
            throw new IllegalArgumentException("what: '" + what + "' is none of events, raw, failed");
        }
        Restorer.Plan plan = restorer.plan(
                UUID.randomUUID().toString(),
                RestoreRequest.parse(((ObjectNode) request.deepCopy()).put("replay", true)));
        if (plan.estimate().asleep() > 0) {
            throw new IllegalArgumentException(
                    plan.estimate().asleep() + " of the parts are asleep: restore them, with \"replay\": true");
        }
        ObjectNode answer = answer(plan, metrics);
        if (plan.job().parts().isEmpty()) {
            return answer;
        }
        restorer.start(plan.job());
        restorer.check(Optional.empty(), archivist::ready);
        return answer.put("job", plan.job().id());
    }

    private ObjectNode report(ArchiveMetrics metrics) throws IOException {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        Report report = Report.of(
                "Log archive",
                now,
                new Reporter(chains).usage(YearMonth.from(today).minusMonths(REPORTED_MONTHS)),
                prices);
        archivist.problems(report.usage().problems(), metrics);
        ArchiveStore store = chains.store();
        String key = "reports/" + now.toString().replace(':', '-');
        store.create(key + ".json", report.toJson().toString().getBytes(StandardCharsets.UTF_8));
        store.create(key + ".csv", report.toCsv().getBytes(StandardCharsets.UTF_8));
        store.create(key + ".html", ReportPage.of(report).getBytes(StandardCharsets.UTF_8));
        return with(
                JSON.createObjectNode()
                        .put("report", key + ".html")
                        .put("cost_a_month", report.costs().now())
                        .put("currency", prices.currency()),
                report.usage().problems());
    }

    private ObjectNode lifecycle(JsonNode request) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        var lines = answer.putArray("differences");
        lifecycle.reconcile(policy, request.path("dry run").asBoolean()).forEach(lines::add);
        return answer;
    }

    private static LocalDate date(JsonNode request, String name, LocalDate usual) {
        if (!request.has(name)) {
            return usual;
        }
        try {
            return LocalDate.parse(request.path(name).asText());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + ": a day such as 2026-03-01 is expected", e);
        }
    }
}
