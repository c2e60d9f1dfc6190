package io.tributary.archive.restore;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.ChangedException;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.Wakefulness;
import io.tributary.archive.Problem;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.restore.RestoreJob.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Wakes the parts that have wanted events, and no others. A job may be started again at any time: what was asked for already is not
 * asked for again. When all of it can be read, one worker claims the right to say so, tells people, and marks the job done; the others, and all who
 * come later, do nothing. Only where a worker ends between telling and marking are people told twice, after its claim has run out: that is
 * the side to err on.
 */
public final class Restorer {
    /** As long as an invocation of the function lasts at most. */
    private static final Duration CLAIM = Duration.ofMinutes(15);

    private final Chains chains;
    private final ArchiveStore store;
    private final Prices prices;
    private final Notices notices;
    private final Consumer<String> log;

    /** What becomes of a job when all of it can be read, beside the notice. */
    public interface Ready {
        /** @throws IOException if it could not be done: the caller is repeated */
        void ready(RestoreJob job) throws IOException;
    }

    /** @param log for what is in the folder of jobs and is none */
    public Restorer(Chains chains, Prices prices, Notices notices, Consumer<String> log) {
        this.chains = chains;
        this.store = chains.store();
        this.prices = prices;
        this.notices = notices;
        this.log = log;
    }

    /**
     * A plan: what would be done, and the job that would do it.
     *
     * @param problems what is wrong with the archive there; the job has all that can be reached
     */
    public record Plan(Estimate estimate, RestoreJob job, List<Problem> problems) {
        public Plan {
            problems = List.copyOf(problems);
        }
    }

    /** The states of a job's parts. */
    public record Progress(Map<Wakefulness, Integer> states, List<String> gone) {
        public Progress {
            states = Map.copyOf(states);
            gone = List.copyOf(gone);
        }

        /** How many are in a state. */
        public int of(Wakefulness state) {
            return states.getOrDefault(state, 0);
        }

        /** Whether all that is left can be read. */
        public boolean isReady() {
            return of(Wakefulness.WAKING) + of(Wakefulness.ASLEEP) == 0;
        }
    }

    /**
     * Finds out what a request touches, takes and costs. Nothing is changed.
     *
     * @throws IllegalArgumentException if S3 cannot do it
     */
    public Plan plan(String id, RestoreRequest request) throws IOException {
        Estimate estimate = new Estimate(prices, request.tier(), request.days());
        List<RestoreJob.Part> parts = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        new Selector(chains).select(request.query(), new Selector.Visitor() {
            @Override
            public void part(Selection selection, Entry entry) throws IOException {
                String key = entry.key();
                if (request.tier() == RestoreTier.EXPEDITED && entry.storageClass() == StorageClass.DEEP_ARCHIVE) {
                    throw new IllegalArgumentException(
                            "tier: " + key + " is in Deep Archive, which has no expedited retrieval");
                }
                if (parts.size() == RestoreJob.MOST_PARTS) {
                    throw new IllegalArgumentException(
                            "more than " + RestoreJob.MOST_PARTS + " parts have wanted events: ask for a shorter time");
                }
                estimate.add(
                        selection,
                        entry.storageClass(),
                        entry.storageClass().isAsleep() ? store.wakefulness(key) : Wakefulness.AWAKE);
                parts.add(new RestoreJob.Part(selection.partition().archive(), selection.sequence(), key));
            }

            @Override
            public void problem(Problem problem) {
                problems.add(problem);
            }
        });
        return new Plan(estimate, new RestoreJob(id, request, parts), problems);
    }

    /** Starts a job, or goes on with one that is not done: asks for all of its parts that are asleep. */
    public void start(RestoreJob job) throws IOException {
        if (isDone(job)) {
            return;
        }
        store.create(RestoreJob.key(RestoreJob.OPEN, job.id()), job.toJson());
        look(job, true);
    }

    private boolean isDone(RestoreJob job) throws IOException {
        return store.find(RestoreJob.key(RestoreJob.DONE, job.id())).isPresent();
    }

    /**
     * A job, open or done.
     *
     * @throws IllegalArgumentException if what is kept under its id is no job
     */
    public Optional<RestoreJob> job(String id) throws IOException {
        if (!RestoreJob.isId(id)) {
            return Optional.empty();
        }
        Optional<Entry> entry = store.find(RestoreJob.key(RestoreJob.OPEN, id));
        if (entry.isEmpty()) {
            entry = store.find(RestoreJob.key(RestoreJob.DONE, id));
        }
        try {
            return entry.isEmpty() ? Optional.empty() : Optional.of(read(entry.get()));
        } catch (MalformedException e) {
            throw new IllegalArgumentException(entry.get().key() + ": " + e.getMessage(), e);
        }
    }

    private RestoreJob read(Entry entry) throws IOException {
        RestoreJob.checkSize(entry.size());
        return RestoreJob.parse(entry.key(), store.read(entry));
    }

    /** How many parts of a job are in which state. Nothing is asked for. */
    public Progress progress(RestoreJob job) throws IOException {
        return look(job, false);
    }

    /** @param isAsking whether parts that are asleep are asked for, also those whose copies have expired while others were still waking */
    private Progress look(RestoreJob job, boolean isAsking) throws IOException {
        Map<Wakefulness, Integer> states = new EnumMap<>(Wakefulness.class);
        List<String> gone = new ArrayList<>();
        for (RestoreJob.Part part : job.parts()) {
            try {
                Wakefulness wakefulness = store.wakefulness(part.key());
                if (isAsking && wakefulness == Wakefulness.ASLEEP) {
                    store.restore(
                            part.key(), job.request().tier(), job.request().days());
                }
                states.merge(wakefulness, 1, Integer::sum);
            } catch (ChangedException e) {
                gone.add(part.key());
            }
        }
        return new Progress(states, gone);
    }

    /**
     * Looks at the open jobs, and ends those of which all can be read. What fails of one does not keep the others from it.
     *
     * @param key only jobs that this part belongs to; empty for all
     * @return the jobs that were ended
     * @throws IOException the first failure, after all were looked at
     */
    public List<RestoreJob> check(Optional<String> key, Ready ready) throws IOException {
        List<RestoreJob> ended = new ArrayList<>();
        Optional<IOException> failure = Optional.empty();
        for (Entry entry : store.all(RestoreJob.OPEN)) {
            try {
                RestoreJob job = read(entry);
                boolean isConcerned = key.isEmpty()
                        || job.parts().stream().anyMatch(part -> part.key().equals(key.get()));
                if (isConcerned && settle(job, key.isEmpty(), ready)) {
                    ended.add(job);
                }
            } catch (MalformedException e) {
                log.accept("No job: " + entry.key() + ": " + e.getMessage());
            } catch (ChangedException e) {
                // another worker has just ended it
            } catch (IOException e) {
                failure = failure.or(() -> Optional.of(e));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return ended;
    }

    /** Goes on with a job: asks again for what is asleep, and ends it if all can be read. */
    public boolean settle(RestoreJob job, Ready ready) throws IOException {
        return settle(job, true, ready);
    }

    private boolean settle(RestoreJob job, boolean isAsking, Ready ready) throws IOException {
        if (isDone(job)) {
            // whoever ended it did not come to taking it away
            store.delete(List.of(RestoreJob.key(RestoreJob.OPEN, job.id())));
            return false;
        }
        Progress progress = look(job, isAsking);
        return progress.isReady() && end(job, progress, ready);
    }

    /** What has to be done comes before what says that it was done. */
    private boolean end(RestoreJob job, Progress progress, Ready ready) throws IOException {
        Optional<String> claim = claim(job);
        if (claim.isEmpty()) {
            return false;
        }
        try {
            if (isDone(job)) {
                return false;
            }
            RestoreRequest request = job.request();
            notices.publish(
                    "Restored: " + progress.of(Wakefulness.AWAKE) + " parts of the log archive",
                    "Job " + job.id() + ": the events from " + request.query().from() + " to "
                            + request.query().to() + " can be read for " + request.days() + " days."
                            + (request.replay() ? " They are now put on the log stream." : "")
                            + (progress.gone().isEmpty()
                                    ? ""
                                    : " " + progress.gone().size()
                                            + " parts are gone, although they are archived, the first of them "
                                            + progress.gone().get(0) + ".")
                            + "\n");
            ready.ready(job);
            store.create(RestoreJob.key(RestoreJob.DONE, job.id()), job.toJson());
            store.delete(List.of(RestoreJob.key(RestoreJob.OPEN, job.id())));
            return true;
        } finally {
            // where this fails the claim runs out
            store.delete(List.of(claim.get()));
        }
    }

    /** The right to end a job: the key of a claim that nobody else has made; empty if somebody else has the right. */
    private Optional<String> claim(RestoreJob job) throws IOException {
        String folder = RestoreJob.CLAIMS + job.id() + "/";
        Instant now = chains.clock().instant();
        Map<String, Entry> claims = new TreeMap<>();
        store.all(folder).forEach(entry -> claims.put(entry.key(), entry));
        int next = 0;
        for (Entry entry : claims.values()) {
            if (isHeld(entry, now)) {
                return Optional.empty();
            }
            String number = entry.key().substring(folder.length());
            next = number.matches("\\d{8}") ? Integer.parseInt(number) + 1 : next;
        }
        String key = folder + "%08d".formatted(next);
        boolean isOurs = store.create(key, now.plus(CLAIM).toString().getBytes(StandardCharsets.US_ASCII));
        return isOurs ? Optional.of(key) : Optional.empty();
    }

    /** Whether a claim still holds; one that nobody could have made does not. */
    private boolean isHeld(Entry entry, Instant now) throws IOException {
        try {
            Instant until = entry.size() > 100
                    ? Instant.MIN
                    : Instant.parse(new String(store.read(entry), StandardCharsets.US_ASCII));
            return until.isAfter(now) && !until.isAfter(now.plus(CLAIM));
        } catch (ChangedException e) {
            return true; // its maker has just ended the job
        } catch (DateTimeException e) {
            return false;
        }
    }
}
