package io.tributary.alert;

import io.tributary.alert.rule.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The shared state, and where that cannot be asked what this process remembers: an alert may then be told more than once,
 * by several processes, but it is told; and the allowance of messages is each process's own. What it has not told
 * by then it tells when it is the one that is asked for summaries.
 */
public final class FallbackState implements AlertState {
    private static final Logger LOG = Logger.getLogger(FallbackState.class);

    private final AlertState shared;
    private final AlertState own = new InMemoryAlertState();
    private final AtomicLong unavailable = new AtomicLong();

    public FallbackState(AlertState shared) {
        this.shared = shared;
    }

    /** How often the shared state could not be asked since this was called last. */
    public long takeUnavailable() {
        return unavailable.getAndSet(0);
    }

    @Override
    public int count(String key, String eventUid, Instant now, Threshold threshold) {
        return either(
                () -> shared.count(key, eventUid, now, threshold), () -> own.count(key, eventUid, now, threshold));
    }

    @Override
    public Claim claim(Candidate candidate) {
        return either(() -> shared.claim(candidate), () -> own.claim(candidate));
    }

    @Override
    public boolean holds(String key, String owner) {
        return own.holds(key, owner) || either(() -> shared.holds(key, owner), () -> false);
    }

    @Override
    public void markSent(String key, String channel) {
        both(() -> shared.markSent(key, channel), () -> own.markSent(key, channel));
    }

    @Override
    public void finish(String key, String owner, Instant quietUntil) {
        both(() -> shared.finish(key, owner, quietUntil), () -> own.finish(key, owner, quietUntil));
    }

    @Override
    public boolean admit(Admission admission, Allowance allowance) {
        return either(() -> shared.admit(admission, allowance), () -> own.admit(admission, allowance));
    }

    @Override
    public List<String> due(Instant now, int most) {
        return Stream.concat(
                        own.due(now, most).stream(), either(() -> shared.due(now, most), List::<String>of).stream())
                .toList();
    }

    /** What both have is taken and told one after the other. */
    @Override
    public Optional<Untold> take(String key, Instant now, Duration lease) {
        return own.take(key, now, lease).or(() -> either(() -> shared.take(key, now, lease), Optional::<Untold>empty));
    }

    @Override
    public void told(Untold untold) {
        both(() -> shared.told(untold), () -> own.told(untold));
    }

    private <T> T either(Supplier<T> first, Supplier<T> second) {
        try {
            return first.get();
        } catch (StateUnavailableException e) {
            unavailable(e);
            return second.get();
        }
    }

    /** The claim may be in either; where it is not, this changes nothing. */
    private void both(Runnable first, Runnable second) {
        second.run();
        try {
            first.run();
        } catch (StateUnavailableException e) {
            unavailable(e);
        }
    }

    private void unavailable(StateUnavailableException e) {
        LOG.warnf("The state of alerts is unavailable, this process's own is used: %s", e.getMessage());
        unavailable.incrementAndGet();
    }
}
