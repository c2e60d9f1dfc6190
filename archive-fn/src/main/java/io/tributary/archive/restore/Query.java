package io.tributary.archive.restore;

import io.tributary.archive.policy.ArchivePolicy;
import io.tributary.ocsf.DeliveryWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

/**
 * Which events are wanted.
 *
 * @param to not included
 * @param accounts empty for all
 * @param sources empty for all
 */
public record Query(Instant from, Instant to, Set<String> accounts, Set<String> sources) {
    /** A partition is of the day of delivery, after which an event may claim to be by {@link DeliveryWindow#AFTER}, or a day to be safe. */
    private static final Duration EARLIEST = Duration.ofDays(1);

    /** @throws IllegalArgumentException if the time is none, or a source is not known */
    public Query {
        accounts = Set.copyOf(accounts);
        sources = Set.copyOf(sources);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("the time ends (" + to + ") before it begins (" + from + ")");
        }
        for (String account : accounts) {
            if (!account.matches("\\d{12}")) {
                throw new IllegalArgumentException("'" + account + "' is no account id");
            }
        }
        for (String source : sources) {
            if (!ArchivePolicy.SOURCES.contains(source)) {
                throw new IllegalArgumentException("'" + source + "' is none of the sources " + ArchivePolicy.SOURCES);
            }
        }
    }

    /** The sources to look at. */
    public List<String> wantedSources() {
        return ArchivePolicy.SOURCES.stream()
                .filter(source -> sources.isEmpty() || sources.contains(source))
                .toList();
    }

    /** The first day whose partitions may have wanted events: none is found {@link DeliveryWindow#AFTER} its delivery. */
    public LocalDate firstDay() {
        return date(from.minus(EARLIEST));
    }

    /** The last such day: none is found longer than {@link DeliveryWindow#BEFORE} before its delivery. */
    public LocalDate lastDay() {
        return date(to.minusMillis(1).plus(DeliveryWindow.BEFORE));
    }

    private static LocalDate date(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** Whether an event is wanted, by the time that it is found by (epoch milliseconds) and account. */
    public boolean wants(long time, String account) {
        return overlaps(time, time) && wants(account);
    }

    /** Whether some event of a time from {@code first} to {@code last}, both included, may be wanted. */
    public boolean overlaps(long first, long last) {
        return first < to.toEpochMilli() && last >= from.toEpochMilli();
    }

    public boolean wants(String account) {
        return accounts.isEmpty() || accounts.contains(account);
    }
}
