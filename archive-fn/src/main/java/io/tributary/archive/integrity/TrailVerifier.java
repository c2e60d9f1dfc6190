package io.tributary.archive.integrity;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.Partition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Verifies CloudTrail's digests in a bucket, for all accounts, Regions and trails that have some. */
public final class TrailVerifier {
    private static final Pattern DIGEST =
            Pattern.compile("(.*AWSLogs/(?:o-[a-z0-9]+/)?\\d{12}/)CloudTrail-Digest/([a-z0-9-]+)/\\d{4}/\\d{2}/\\d{2}/"
                    + "\\d{12}_CloudTrail-Digest_[a-z0-9-]+_(.+)_[a-z0-9-]+_\\d{8}T\\d{6}Z(?:_backfill)?\\.json\\.gz");
    private static final Pattern LOGS =
            Pattern.compile("(.*AWSLogs/(?:o-[a-z0-9]+/)?\\d{12}/CloudTrail/[a-z0-9-]+/).*");
    private static final Duration HOUR = Duration.ofHours(1);

    /** Digests come an hour and more after their time. */
    private static final Duration DELAY = Duration.ofHours(3);

    /**
     * Digests of one trail in one account and Region.
     *
     * @param folder of the account
     */
    public record Chain(String folder, String region, String trail) {}

    /** What was found of a chain. */
    public record Verified(Chain chain, DigestVerifier.Result result) {}

    private final ArchiveStore store;
    private final String bucket;
    private final Function<String, TrailFiles.KeySource> keys;
    private final InstantSource clock;

    /** @param keys CloudTrail's public keys of a Region */
    public TrailVerifier(
            ArchiveStore store, String bucket, Function<String, TrailFiles.KeySource> keys, InstantSource clock) {
        this.clock = clock;
        this.store = store;
        this.bucket = bucket;
        this.keys = keys;
    }

    /**
     * Verifies the days of a time.
     *
     * @param prefix where to look: {@code cloudtrail/AWSLogs/}, or a part of it
     * @param to not included
     */
    public List<Verified> verify(String prefix, LocalDate from, LocalDate to) throws IOException {
        Instant end = Collections.min(List.of(
                clock.instant().minus(DELAY), to.atStartOfDay(ZoneOffset.UTC).toInstant()));
        Map<String, List<String>> digests = new TreeMap<>();
        Map<String, Chain> chains = new TreeMap<>();
        for (String folder : folders(prefix)) {
            for (LocalDate date = from; date.isBefore(to); date = date.plusDays(1)) {
                for (String key : keys(folder + day(date))) {
                    Matcher matcher = DIGEST.matcher(key);
                    if (matcher.matches()) {
                        Chain chain = new Chain(matcher.group(1), matcher.group(2), matcher.group(3));
                        chains.put(chain.toString(), chain);
                        digests.computeIfAbsent(chain.toString(), name -> new ArrayList<>())
                                .add(key);
                    }
                }
            }
        }
        List<Verified> verified = new ArrayList<>();
        for (Map.Entry<String, Chain> each : chains.entrySet()) {
            Chain chain = each.getValue();
            TrailFiles files = new TrailFiles(store, bucket, keys.apply(chain.region()));
            List<String> logs = from.datesUntil(to)
                    .map(date -> chain.folder() + "CloudTrail/" + chain.region() + "/" + day(date))
                    .toList();
            // the first digest of a day is of the hour that ends with it
            Instant start = from.atStartOfDay(ZoneOffset.UTC).toInstant().plus(HOUR);
            verified.add(new Verified(
                    chain, DigestVerifier.verify(files, bucket, digests.get(each.getKey()), logs, start, end)));
        }
        return verified;
    }

    private static String day(LocalDate date) {
        return "%04d/%02d/%02d/".formatted(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }

    private List<String> keys(String prefix) throws IOException {
        List<String> found = new ArrayList<>();
        String after = "";
        for (List<Entry> page = store.list(prefix, after); !page.isEmpty(); page = store.list(prefix, after)) {
            page.forEach(entry -> found.add(entry.key()));
            after = page.get(page.size() - 1).key();
        }
        return found;
    }

    /** The digest folders of all accounts and Regions, found by leaping over what is in them. */
    private List<String> folders(String prefix) throws IOException {
        List<String> folders = new ArrayList<>();
        List<Entry> page = store.list(prefix, "");
        while (!page.isEmpty()) {
            String key = page.get(0).key();
            Matcher digest = DIGEST.matcher(key);
            Matcher logs = LOGS.matcher(key);
            String past;
            if (digest.matches()) {
                past = digest.group(1) + "CloudTrail-Digest/" + digest.group(2) + "/";
                folders.add(past);
            } else if (logs.matches()) {
                past = logs.group(1);
            } else {
                past = key.substring(0, key.lastIndexOf('/') + 1);
            }
            page = store.list(prefix, Partition.pastAll(past));
        }
        return folders;
    }
}
