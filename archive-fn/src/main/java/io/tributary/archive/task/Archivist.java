package io.tributary.archive.task;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.compaction.Compactor;
import io.tributary.archive.compaction.Planner;
import io.tributary.archive.compaction.WorkItem;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.integrity.ArchiveVerifier;
import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.archive.policy.SourcePolicy;
import io.tributary.archive.replay.Replayer;
import io.tributary.archive.replay.StreamSink;
import io.tributary.archive.restore.Notices;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.Restorer;
import io.tributary.archive.task.ArchiveMetrics.Count;
import io.tributary.archive.task.Task.Compact;
import io.tributary.archive.task.Task.Plan;
import io.tributary.archive.task.Task.ReplayEvents;
import io.tributary.archive.task.Task.ReplayRecords;
import io.tributary.archive.task.Task.Verify;
import io.tributary.stream.Deadline;
import io.tributary.stream.Delivery;
import io.tributary.stream.RecordStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Carries out tasks. What does not fit in an invocation's time is put on the queue as a further task. */
public final class Archivist {
    /** What a page of planning, or a partition's verification, takes at most. */
    private static final Duration RESERVED = Duration.ofMinutes(1);

    private static final int AT_ONCE = 100;
    private static final int MOST_TOLD = 20;

    private final Stores stores;
    private final ArchivePolicy policy;
    private final Prices prices;
    private final TaskQueue queue;
    private final Notices notices;
    private final Optional<RecordStream> logStream;
    private final int replayedPerSecond;
    private final InstantSource clock;
    private final ExecutorService executor;
    private final Consumer<String> log;

    /**
     * Where objects are.
     *
     * @param archive the archive bucket
     * @param trail the bucket that CloudTrail delivers its files to
     */
    public record Stores(Chains archive, Optional<Chains> trail) {
        /** What a partition is in. */
        Chains of(Partition partition) {
            return partition.isTrail() ? trailChains() : archive;
        }

        Chains trailChains() {
            return trail.orElseThrow(
                    () -> new IllegalArgumentException(
                            "tributary.trail-bucket is missing: it must name the bucket that CloudTrail delivers its files to"));
        }
    }

    /**
     * An archivist, for one invocation at a time.
     *
     * @param logStream where events are replayed to; empty if they are not
     * @param replayedPerSecond how many events a second are replayed at most
     * @param log for lines that people, or an auditor, may want
     */
    public Archivist(
            Stores stores,
            ArchivePolicy policy,
            Prices prices,
            TaskQueue queue,
            Notices notices,
            Optional<RecordStream> logStream,
            int replayedPerSecond,
            InstantSource clock,
            ExecutorService executor,
            Consumer<String> log) {
        this.stores = stores;
        this.policy = policy;
        this.prices = prices;
        this.queue = queue;
        this.notices = notices;
        this.logStream = logStream;
        this.replayedPerSecond = replayedPerSecond;
        this.clock = clock;
        this.executor = executor;
        this.log = log;
    }

    /** Plans the compaction of all that is closed. */
    public void planAll(ArchiveMetrics metrics, Deadline deadline) throws IOException {
        perform(new Plan(Partition.EVENTS, ""), metrics, deadline);
        if (stores.trail().isPresent() && policy.trailFiles().isPresent()) {
            perform(new Plan(Partition.TRAIL_FILES, ""), metrics, deadline);
        }
    }

    /** Verifies the archives of a time. */
    public void verifyAll(LocalDate from, LocalDate to, boolean isReading, ArchiveMetrics metrics, Deadline deadline)
            throws IOException {
        perform(new Verify(Task.EVENTS, "", from, to, isReading), metrics, deadline);
        if (stores.trail().isPresent()) {
            perform(new Verify(Task.TRAIL, "", from, to, isReading), metrics, deadline);
        }
    }

    /**
     * Carries out a task.
     *
     * @throws IOException if something that the task needs fails: it is to be repeated
     */
    public void perform(Task task, ArchiveMetrics metrics, Deadline deadline) throws IOException {
        if (task instanceof Plan plan) {
            plan(plan, metrics, deadline.minus(RESERVED.toMillis()));
        } else if (task instanceof Compact compact) {
            compact(compact.item(), metrics);
        } else if (task instanceof Verify verify) {
            verify(verify, metrics, deadline.minus(RESERVED.toMillis()));
        } else if (task instanceof ReplayEvents events) {
            replay(events, metrics, deadline);
        } else if (task instanceof ReplayRecords records) {
            replay(records, metrics, deadline);
        }
    }

    // ---- compaction

    private void plan(Plan plan, ArchiveMetrics metrics, Deadline deadline) throws IOException {
        ArchiveStore store =
                (plan.root().equals(Partition.TRAIL_FILES) ? stores.trailChains() : stores.archive()).store();
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        String after = plan.after();
        while (true) {
            List<Partition> partitions = Partition.find(store, plan.root(), after, AT_ONCE);
            if (partitions.isEmpty()) {
                return;
            }
            for (Partition partition : partitions) {
                boolean isClosed = policy.of(partition)
                        .filter(own -> own.isClosed(partition.date(), today))
                        .isPresent();
                Optional<String> stopped =
                        isClosed ? planPartition(store, partition, after, metrics, deadline) : Optional.empty();
                after = stopped.orElse(Partition.pastAll(partition.loose()));
                if (deadline.remainingMillis() == 0) {
                    queue.send(List.of(new Plan(plan.root(), after)));
                    return;
                }
            }
        }
    }

    private Optional<String> planPartition(
            ArchiveStore store, Partition partition, String after, ArchiveMetrics metrics, Deadline deadline)
            throws IOException {
        List<Task> tasks = new ArrayList<>();
        String start = after.startsWith(partition.loose()) ? after : "";
        Optional<String> stopped = new Planner(store)
                .plan(partition, start, item -> tasks.add(new Compact(item)), () -> deadline.remainingMillis() == 0);
        queue.send(tasks);
        metrics.add(Count.ITEMS_PLANNED, tasks.size());
        return stopped;
    }

    private void compact(WorkItem item, ArchiveMetrics metrics) throws IOException {
        SourcePolicy own = policy.of(item.partition())
                .orElseThrow(() -> new IllegalArgumentException("the policy says nothing of the source "
                        + item.partition().source()));
        Compactor.Result result = new Compactor(
                        stores.of(item.partition()),
                        own.keeping(clock.instant()),
                        () -> UUID.randomUUID().toString(),
                        executor)
                .compact(item);
        metrics.add(Count.OBJECTS_ARCHIVED, result.archived());
        metrics.add(Count.EVENTS_ARCHIVED, result.events());
        metrics.add(Count.BYTES_ARCHIVED, result.bytes());
        metrics.add(Count.OBJECTS_SET_ASIDE, result.setAside().size());
        metrics.add(Count.OBJECTS_REFUSED, result.refused().size());
        result.setAside().forEach(key -> log.accept("Set aside: " + key));
        result.refused().forEach(reason -> log.accept("Left alone: " + reason));
        problems(result.problems(), metrics);
    }

    // ---- integrity

    private void verify(Verify task, ArchiveMetrics metrics, Deadline deadline) throws IOException {
        Chains chains = task.below().equals(Task.TRAIL) ? stores.trailChains() : stores.archive();
        ArchiveVerifier verifier = new ArchiveVerifier(chains);
        List<Problem> problems = new ArrayList<>();
        String after = task.after();
        boolean isAtEnd = false;
        while (!isAtEnd && deadline.remainingMillis() > 0) {
            Optional<Partition> next = chains.next(task.below(), after);
            isAtEnd = next.isEmpty();
            if (next.isPresent()) {
                Partition partition = next.get();
                after = Chains.past(partition);
                if (!partition.date().isBefore(task.from()) && partition.date().isBefore(task.to())) {
                    ArchiveVerifier.Result result = verifier.verify(partition, task.isReading());
                    metrics.add(Count.PARTS_VERIFIED, result.parts());
                    problems.addAll(result.problems());
                }
            }
        }
        problems(problems, metrics);
        if (!problems.isEmpty()) {
            notices.publish(
                    "The log archive is not intact: " + problems.size() + " problems",
                    problems.stream().limit(MOST_TOLD).map(Problem::toString).collect(Collectors.joining("\n"))
                            + "\n\nAll of them are in the function's log.\n");
        }
        if (!isAtEnd) {
            queue.send(List.of(new Verify(task.below(), after, task.from(), task.to(), task.isReading())));
        }
    }

    /** Whatever finds something wrong counts it and names it in the log. */
    public void problems(List<Problem> problems, ArchiveMetrics metrics) {
        metrics.add(Count.INTEGRITY_VIOLATIONS, problems.size());
        problems.forEach(problem -> log.accept("Integrity: " + problem));
    }

    // ---- replay

    /** Puts the replay of a job on the queue, if that was asked for. */
    public void ready(RestoreJob job) throws IOException {
        if (job.request().replay()) {
            queue.send(List.of(new ReplayEvents(job.id(), Replayer.Position.START)));
        }
    }

    private void replay(ReplayEvents task, ArchiveMetrics metrics, Deadline deadline) throws IOException {
        RestoreJob job = new Restorer(stores.archive(), prices, notices, log)
                .job(task.job())
                .orElseThrow(() -> new IllegalArgumentException("there is no job " + task.job()));
        Replay replay = new Replay(task.job(), metrics, deadline);
        Optional<Replayer.Position> left = replay.replayer.events(job, task.position());
        replay.end();
        if (left.isPresent()) {
            queue.send(List.of(new ReplayEvents(task.job(), left.get())));
        }
    }

    private void replay(ReplayRecords task, ArchiveMetrics metrics, Deadline deadline) throws IOException {
        Replay replay = new Replay(task.root(), metrics, deadline);
        Optional<String> left = replay.replayer.records(task.root(), task.from(), task.to(), task.after());
        replay.end();
        if (left.isPresent()) {
            queue.send(List.of(new ReplayRecords(task.root(), task.from(), task.to(), left.get())));
        }
    }

    /** A replay to the log stream, and what came up. */
    private final class Replay implements Replayer.Report {
        private final ArchiveMetrics metrics;
        private final StreamSink sink;
        private final Replayer replayer;

        Replay(String name, ArchiveMetrics metrics, Deadline deadline) {
            RecordStream stream = logStream.orElseThrow(() -> new IllegalArgumentException(
                    "tributary.log-stream is missing: it must name the Kinesis stream that events are replayed to"));
            this.metrics = metrics;
            this.sink = new StreamSink(stream, executor, deadline, Delivery.Pause.SLEEP, replayedPerSecond, name);
            this.replayer = new Replayer(stores.archive(), sink, this, deadline);
        }

        @Override
        public void unreadable(String key, String reason) {
            metrics.add(Count.RECORDS_UNREADABLE, 1);
            log.accept("Unreadable: " + key + ": " + reason);
        }

        @Override
        public void problem(Problem problem) {
            problems(List.of(problem), metrics);
        }

        @Override
        public void progress(long events, String where) {
            // the metrics tell
        }

        void end() {
            metrics.add(Count.EVENTS_REPLAYED, replayer.events());
            metrics.add(Count.RECORDS_UNREADABLE, sink.tooLarge().size());
            sink.tooLarge().forEach(what -> log.accept("Too large for the log stream: " + what));
        }
    }
}
