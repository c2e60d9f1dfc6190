package io.tributary.archive;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is joined with each other: the events of one source on one day, or CloudTrail's own files of one account, Region and day.
 *
 * @param source of the events; {@value #TRAIL} for CloudTrail's own files
 * @param loose the prefix of the objects as they were delivered
 * @param account of all objects; empty where they are of several
 * @param region of all objects; empty where they are of several
 */
public record Partition(String source, LocalDate date, String loose, String account, String region) {
    /** The source of CloudTrail's own files. */
    public static final String TRAIL = "cloudtrail-files";

    /** The source of events that were put back on the log stream: they are in the archive already, and are never compacted. */
    public static final String REPLAYED = "replayed";

    /** Where events are delivered to. */
    public static final String EVENTS = "events/";

    /** Where CloudTrail delivers its files to. */
    public static final String TRAIL_FILES = "cloudtrail/";

    /** Where all of it is archived. */
    public static final String ARCHIVE = "archive/";

    /**
     * Where manifests are: not beside what they tell of, which lifecycle rules put to sleep; and whatever reads all objects of a partition
     * finds events only.
     */
    public static final String MANIFESTS = "manifests/";

    private static final Pattern EVENTS_KEY =
            Pattern.compile("(?s)(?:events|archive|manifests)/source=([a-z0-9-]+)/date=(\\d{4}-\\d{2}-\\d{2})/.*");

    /** Digest files, in {@code CloudTrail-Digest}, are none: they are few and stay. */
    private static final Pattern TRAIL_KEY = Pattern.compile(
            "(?s)(?:archive/|manifests/)?(cloudtrail/AWSLogs/(?:o-[a-z0-9]+/)?(\\d{12})/CloudTrail/([a-z0-9-]+)/(\\d{4})/(\\d{2})/(\\d{2})/).*");

    /** Folders of a trail that have no partitions, and many objects: those of digests and of other kinds of events. */
    private static final Pattern OTHERS =
            Pattern.compile("(?s)(cloudtrail/AWSLogs/(?:o-[a-z0-9]+/)?\\d{12}/CloudTrail-[A-Za-z]+/).*");

    /** The events of a source on a day. */
    public Partition(String source, LocalDate date) {
        this(source, date, EVENTS + "source=" + source + "/date=" + date + "/", "", "");
    }

    /**
     * The partition that an object, or a prefix of a partition, belongs to.
     *
     * @throws IllegalArgumentException if it belongs to none
     */
    public static Partition of(String key) {
        return lookUp(key).orElseThrow(() -> new IllegalArgumentException(key + " is no key of a partition"));
    }

    /** As above; empty if it belongs to none, such as one of a day that no calendar has. */
    public static Optional<Partition> lookUp(String key) {
        try {
            Matcher events = EVENTS_KEY.matcher(key);
            if (events.matches()) {
                return Optional.of(new Partition(events.group(1), LocalDate.parse(events.group(2))));
            }
            Matcher trail = TRAIL_KEY.matcher(key);
            if (trail.matches()) {
                LocalDate date = LocalDate.parse(trail.group(4) + "-" + trail.group(5) + "-" + trail.group(6));
                return Optional.of(new Partition(TRAIL, date, trail.group(1), trail.group(2), trail.group(3)));
            }
        } catch (DateTimeException e) {
            // a folder of other things, whoever made it
        }
        return Optional.empty();
    }

    /**
     * The partitions that have objects, found by leaping from one to the next. Other objects, such as the empty ones that S3's console makes for
     * folders, hide none.
     *
     * @param root {@link #EVENTS}, {@link #TRAIL_FILES}, {@link #ARCHIVE} or {@link #MANIFESTS}, or a prefix below one of
     *     them
     * @param after goes on after this key, to resume where a search ended; empty for all
     * @param most how many at most
     */
    public static List<Partition> find(ArchiveStore store, String root, String after, int most) throws IOException {
        List<Partition> partitions = new ArrayList<>();
        String from = after;
        for (List<ArchiveStore.Entry> page = store.list(root, from);
                !page.isEmpty() && partitions.size() < most;
                page = store.list(root, from)) {
            from = page.get(page.size() - 1).key();
            for (ArchiveStore.Entry entry : page) {
                Optional<Partition> partition = lookUp(entry.key());
                Matcher others = OTHERS.matcher(entry.key());
                if (partition.isPresent()) {
                    partitions.add(partition.get());
                    from = pastAll(partition.get().below(root));
                    break;
                }
                if (others.matches()) {
                    from = pastAll(others.group(1));
                    break;
                }
            }
        }
        return partitions;
    }

    /** All partitions that have objects. */
    public static List<Partition> all(ArchiveStore store, String root) throws IOException {
        return find(store, root, "", Integer.MAX_VALUE);
    }

    /** What comes after the slash of a prefix comes after all that is below it. */
    public static String pastAll(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1);
    }

    /** Whether these are CloudTrail's own files. */
    public boolean isTrail() {
        return source.equals(TRAIL);
    }

    /** The prefix of what was compacted. */
    public String archive() {
        return ARCHIVE + folder();
    }

    /** The prefix of the manifests of what was compacted. */
    public String manifests() {
        return MANIFESTS + folder();
    }

    private String below(String root) {
        if (root.startsWith(MANIFESTS)) {
            return manifests();
        }
        return root.startsWith(ARCHIVE) ? archive() : loose;
    }

    /** What the keys of all its objects have in common, below {@link #ARCHIVE}, {@link #MANIFESTS} and wherever else something is kept of it. */
    public String folder() {
        return isTrail() ? loose : loose.substring(EVENTS.length());
    }
}
