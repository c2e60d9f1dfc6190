package io.tributary.archive.restore;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Content;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.Wakefulness;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
import io.tributary.archive.cost.Prices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Wakes the parts that have wanted events, and no others. A job may be started again at any time: what was asked for already is not
 * asked for again. When all of it can be read people are told, once or, after an unlucky end, twice.
 */
public final class Restorer {
    /** More are refused: their job could not be read at once. */
    static final int MOST_PARTS = 10_000;

    private final ArchiveStore store;
    private final Prices prices;
    private final Notices notices;

    /** What becomes of a job when all of it can be read, beside the notice. */
    public interface Ready {
        /** @throws IOException if it could not be done: the caller is repeated */
        void ready(RestoreJob job) throws IOException;
    }

    public Restorer(ArchiveStore store, Prices prices, Notices notices) {
        this.store = store;
        this.prices = prices;
        this.notices = notices;
    }

    /** A plan: what would be done, and the job that would do it. */
    public record Plan(Estimate estimate, RestoreJob job) {}

    /**
     * Finds out what a request touches, takes and costs. Nothing is changed.
     *
     * @throws IllegalArgumentException if S3 cannot do it
     */
    public Plan plan(String id, RestoreRequest request) throws IOException {
        Estimate estimate = new Estimate(prices, request.tier(), request.days());
        List<RestoreJob.Part> parts = new ArrayList<>();
        new Selector(store).select(request.query(), selection -> {
            String key = selection.part().key();
            Entry entry = store.find(key).orElseThrow(() -> new IOException(key + " is gone, although it is archived"));
            if (request.tier() == RestoreTier.EXPEDITED && entry.storageClass() == StorageClass.DEEP_ARCHIVE) {
                throw new IllegalArgumentException(
                        "tier: " + key + " is in Deep Archive, which has no expedited retrieval");
            }
            if (parts.size() == MOST_PARTS) {
                throw new IllegalArgumentException(
                        "more than " + MOST_PARTS + " parts have wanted events: ask for a shorter time");
            }
            estimate.add(
                    selection,
                    entry.storageClass(),
                    entry.storageClass().isAsleep() ? store.wakefulness(key) : Wakefulness.AWAKE);
            parts.add(new RestoreJob.Part(selection.partition().archive(), selection.sequence(), key));
        });
        return new Plan(estimate, new RestoreJob(id, request, parts));
    }

    /** Starts a job, or goes on with it: asks for all of its parts that are asleep. */
    public void start(RestoreJob job) throws IOException {
        store.create(RestoreJob.key(RestoreJob.OPEN, job.id()), job.toJson());
        for (RestoreJob.Part part : job.parts()) {
            if (store.wakefulness(part.key()) == Wakefulness.ASLEEP) {
                store.restore(part.key(), job.request().tier(), job.request().days());
            }
        }
    }

    /** A job, open or done. */
    public Optional<RestoreJob> job(String id) throws IOException {
        Optional<Entry> entry = store.find(RestoreJob.key(RestoreJob.OPEN, id));
        if (entry.isEmpty()) {
            entry = store.find(RestoreJob.key(RestoreJob.DONE, id));
        }
        return entry.isEmpty() ? Optional.empty() : Optional.of(read(entry.get()));
    }

    private RestoreJob read(Entry entry) throws IOException {
        try (Content in = store.open(entry.key(), entry.etag(), 0, entry.size())) {
            return RestoreJob.parse(in.readAllBytes());
        }
    }

    /** How many parts of a job are in which state. */
    public Map<Wakefulness, Integer> progress(RestoreJob job) throws IOException {
        Map<Wakefulness, Integer> counts = new EnumMap<>(Wakefulness.class);
        for (RestoreJob.Part part : job.parts()) {
            counts.merge(store.wakefulness(part.key()), 1, Integer::sum);
        }
        return counts;
    }

    /**
     * Looks at the open jobs, and ends those of which all can be read.
     *
     * @param key only jobs that this part belongs to; empty for all
     * @return the jobs that were ended
     */
    public List<RestoreJob> check(Optional<String> key, Ready ready) throws IOException {
        List<RestoreJob> ended = new ArrayList<>();
        String after = "";
        for (List<Entry> page = store.list(RestoreJob.OPEN, after);
                !page.isEmpty();
                page = store.list(RestoreJob.OPEN, after)) {
            for (Entry entry : page) {
                after = entry.key();
                RestoreJob job = read(entry);
                boolean isConcerned = key.isEmpty()
                        || job.parts().stream().anyMatch(part -> part.key().equals(key.get()));
                if (isConcerned && isReady(job, key.isEmpty())) {
                    end(job, ready);
                    ended.add(job);
                }
            }
        }
        return ended;
    }

    /**
     * Whether all of a job can be read.
     *
     * @param isThorough looks at all parts, and asks again for those whose copies have expired while others were still waking
     */
    private boolean isReady(RestoreJob job, boolean isThorough) throws IOException {
        boolean isReady = true;
        for (RestoreJob.Part part : job.parts()) {
            Wakefulness wakefulness = store.wakefulness(part.key());
            isReady &= wakefulness == Wakefulness.AWAKE;
            if (isThorough && wakefulness == Wakefulness.ASLEEP) {
                store.restore(part.key(), job.request().tier(), job.request().days());
            } else if (!isReady && !isThorough) {
                return false;
            }
        }
        return isReady;
    }

    /** What has to be done comes before what says that it was done. */
    private void end(RestoreJob job, Ready ready) throws IOException {
        RestoreRequest request = job.request();
        notices.publish(
                "Restored: " + job.parts().size() + " parts of the log archive",
                "Job " + job.id() + ": the events from " + request.query().from() + " to "
                        + request.query().to() + " can be read for " + request.days() + " days."
                        + (request.replay() ? " They are now put on the log stream." : "") + "\n");
        ready.ready(job);
        store.create(RestoreJob.key(RestoreJob.DONE, job.id()), job.toJson());
        store.delete(List.of(RestoreJob.key(RestoreJob.OPEN, job.id())));
    }
}
