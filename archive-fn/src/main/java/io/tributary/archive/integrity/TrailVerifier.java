package io.tributary.archive.integrity;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.integrity.DigestVerifier.Finding;
import io.tributary.archive.integrity.DigestVerifier.Problem;
import io.tributary.archive.integrity.DigestVerifier.Result;
import io.tributary.archive.integrity.DigestVerifier.Time;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Verifies CloudTrail's digests in a bucket, for all accounts, Regions and trails: those that have folders, of digests or of log files, whether or
 * not the days that are verified have any.
 */
public final class TrailVerifier {
    private static final String DIGESTS = "CloudTrail-Digest/";
    private static final String LOGS = "CloudTrail/";

    private static final Pattern DIGEST = Pattern.compile(
            ".*/\\d{12}_CloudTrail-Digest_[a-z0-9-]+_(.+)_[a-z0-9-]+_" + "(\\d{8}T\\d{6}Z)(?:_backfill)?\\.json\\.gz");
    private static final DateTimeFormatter END = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");

    /** An account, the kind of a file, and its Region. */
    private static final Pattern PLACE = Pattern.compile(
            "(?:archive/|manifests/)?(.*AWSLogs/(?:o-[a-z0-9]+/)?\\d{12}/)(CloudTrail(?:-[A-Za-z]+)?/)([a-z0-9-]+)/.*");

    /**
     * How long before the first day verification begins: what was too fresh to be judged the time before. So nothing stays unverified, whenever in
     * the day this runs.
     */
    private static final Duration AGAIN = DigestVerifier.GRACE.plusHours(1);

    /** How long after the last day digests may still name its log files. */
    private static final Duration LATER = Duration.ofHours(2);

    /**
     * Digests of one trail in one account and Region.
     *
     * @param folder of the account
     * @param trail empty where there are log files, but no digest tells whose
     */
    public record Chain(String folder, String region, String trail) {}

    /** What was found of a chain. */
    public record Verified(Chain chain, Result result) {}

    private final Chains chains;
    private final ArchiveStore store;
    private final String bucket;
    private final Function<String, TrailFiles.KeySource> keys;

    /** @param keys CloudTrail's public keys of a Region */
    public TrailVerifier(Chains chains, String bucket, Function<String, TrailFiles.KeySource> keys) {
        this.chains = chains;
        this.store = chains.store();
        this.bucket = bucket;
        this.keys = keys;
    }

    /** The folders of an account and Region. */
    private record Place(String folder, String region) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return (folder + region).compareTo(other.folder + other.region);
        }
    }

    /** Digests of a trail: of the time, and whether there are any before it. */
    private static final class Digests {
        private final List<String> keys = new ArrayList<>();
        private boolean hasOlder;
    }

    /**
     * Verifies the days of a time. A day without digests is a gap, where there are log files, or were digests the day before.
     *
     * @param prefix where to look: {@code cloudtrail/AWSLogs/}, or a part of it
     * @param to not included
     */
    public List<Verified> verify(String prefix, LocalDate from, LocalDate to) throws IOException {
        Instant now = chains.clock().instant();
        Time time = new Time(
                from.atStartOfDay(ZoneOffset.UTC).toInstant().minus(AGAIN),
                to.atStartOfDay(ZoneOffset.UTC).toInstant(),
                now,
                oldest(now));
        List<Verified> verified = new ArrayList<>();
        for (Place place : places(prefix)) {
            verified.addAll(verify(place, time));
        }
        return verified;
    }

    private Instant oldest(Instant now) {
        return chains.retention(new Partition(Partition.TRAIL, LocalDate.EPOCH, "", "", ""))
                .map(now::minus)
                .orElse(Instant.MIN);
    }

    private List<Verified> verify(Place place, Time time) throws IOException {
        TrailFiles files = new TrailFiles(chains, bucket, keys.apply(place.region()));
        DigestVerifier verifier = new DigestVerifier(files, bucket, time);
        List<Verified> verified = new ArrayList<>();
        for (Map.Entry<String, Digests> trail : digests(place, time).entrySet()) {
            Digests digests = trail.getValue();
            verified.add(new Verified(
                    new Chain(place.folder(), place.region(), trail.getKey()),
                    verifier.trail(digests.keys, digests.hasOlder)));
        }
        List<String> logs = logs(files, place, time);
        boolean isWithoutDigests =
                verified.stream().allMatch(each -> each.result().digests() == 0);
        List<Finding> findings = new ArrayList<>();
        if (isWithoutDigests) {
            // a file a finding would bury the one that matters
            long count = verifier.unnamed(logs).size();
            if (count > 0) {
                findings.add(new Finding(
                        Problem.GAP,
                        bucket + "/" + place.folder() + DIGESTS + place.region() + "/",
                        "no digest from " + time.from() + " to " + time.to() + " vouches for " + count
                                + " log files that are there"));
            }
        } else {
            findings.addAll(verifier.unnamed(logs));
        }
        if (findings.isEmpty()) {
            return verified;
        }
        if (verified.isEmpty()) {
            return List.of(new Verified(new Chain(place.folder(), place.region(), ""), new Result(0, 0, findings)));
        }
        Verified first = verified.get(0);
        findings.addAll(0, first.result().findings());
        verified.set(
                0,
                new Verified(
                        first.chain(),
                        new Result(first.result().digests(), first.result().logFiles(), findings)));
        return verified;
    }

    /** The digests of a place by trail: those that end within the time or soon after it, and whether there are some of the day before. */
    private Map<String, Digests> digests(Place place, Time time) throws IOException {
        Map<String, Digests> trails = new TreeMap<>();
        Instant until = time.to().plus(LATER);
        for (LocalDate day = day(time.from()).minusDays(1); !day.isAfter(day(until)); day = day.plusDays(1)) {
            for (Entry entry : store.all(place.folder() + DIGESTS + place.region() + "/" + folder(day))) {
                Matcher matcher = DIGEST.matcher(entry.key());
                Optional<Instant> end = matcher.matches() ? end(matcher.group(2)) : Optional.empty();
                if (end.isPresent() && !end.get().isAfter(until)) {
                    Digests digests = trails.computeIfAbsent(matcher.group(1), trail -> new Digests());
                    if (end.get().isAfter(time.from())) {
                        digests.keys.add(entry.key());
                    } else {
                        digests.hasOlder = true;
                    }
                }
            }
        }
        return trails;
    }

    private static Optional<Instant> end(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text, END).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The log files of a place that were delivered within the time, by their names; names without a time count for the days that they are in. */
    private static List<String> logs(TrailFiles files, Place place, Time time) throws IOException {
        List<String> logs = new ArrayList<>();
        for (LocalDate day = day(time.from()); day.isBefore(day(time.to())); day = day.plusDays(1)) {
            boolean isWhole = !day.equals(day(time.from()));
            files.logFiles(place.folder() + LOGS + place.region() + "/" + folder(day)).stream()
                    .filter(key -> DigestVerifier.logTime(key)
                            .map(delivered -> !delivered.isBefore(time.from()))
                            .orElse(isWhole))
                    .forEach(logs::add);
        }
        return logs;
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    private static String folder(LocalDate date) {
        return "%04d/%02d/%02d/".formatted(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }

    /** All accounts and Regions, found by leaping over what is in their folders. */
    private Collection<Place> places(String prefix) throws IOException {
        SortedSet<Place> places = new TreeSet<>();
        for (String root : List.of("", Partition.MANIFESTS)) {
            String from = "";
            for (List<Entry> page = store.list(root + prefix, from);
                    !page.isEmpty();
                    page = store.list(root + prefix, from)) {
                from = page.get(page.size() - 1).key();
                for (Entry entry : page) {
                    Matcher matcher = PLACE.matcher(entry.key());
                    if (matcher.matches()) {
                        String kind = matcher.group(2);
                        if (kind.equals(DIGESTS) || kind.equals(LOGS)) {
                            places.add(new Place(matcher.group(1), matcher.group(3)));
                        }
                        from = Partition.pastAll(root + matcher.group(1) + kind + matcher.group(3) + "/");
                        break;
                    }
                }
            }
        }
        return places;
    }
}
