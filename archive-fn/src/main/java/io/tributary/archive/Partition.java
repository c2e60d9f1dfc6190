package io.tributary.archive;

import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The events of one source on one day, and where they are. */
public record Partition(String source, LocalDate date) {
    private static final Pattern KEY =
            Pattern.compile("(?:events|archive)/source=([a-z0-9-]+)/date=(\\d{4}-\\d{2}-\\d{2})/.*");

    /** The partition that an object of {@code events/} or {@code archive/} belongs to. */
    public static Partition of(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(key + " is no key of a partition");
        }
        return new Partition(matcher.group(1), LocalDate.parse(matcher.group(2)));
    }

    /**
     * All partitions that have objects, found by leaping from one to the next.
     *
     * @param root {@code events/} or {@code archive/}
     */
    public static List<Partition> all(ArchiveStore store, String root) throws IOException {
        List<Partition> partitions = new ArrayList<>();
        String after = "";
        List<ArchiveStore.Entry> page = store.list(root, after);
        while (!page.isEmpty()) {
            Partition partition = of(page.get(0).key());
            partitions.add(partition);
            // what comes after the slash of the prefix comes after all that is below it
            String prefix = root.equals("events/") ? partition.events() : partition.archive();
            after = prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1);
            page = store.list(root, after);
        }
        return partitions;
    }

    /** The prefix of what Firehose wrote. */
    public String events() {
        return "events/source=" + source + "/date=" + date + "/";
    }

    /** The prefix of what was compacted. */
    public String archive() {
        return "archive/source=" + source + "/date=" + date + "/";
    }
}
