package io.tributary.archive.restore;

import io.tributary.archive.Partition;
import io.tributary.archive.compaction.Chains.Orphan;
import io.tributary.archive.compaction.Manifest;
import io.tributary.archive.compaction.Parts;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wanted of a part.
 *
 * @param sequence of its manifest
 * @param ranges of gzip members, in order
 * @param isNamed whether a manifest tells what is in the part; if not, all of it is wanted
 */
public record Selection(Partition partition, int sequence, Manifest.Part part, List<Range> ranges, boolean isNamed) {
    /** Ranges are joined up to this size, so that each can be read by one request and none takes long. */
    private static final long MOST_BYTES = 2 << 20;

    /** Bytes of a part: whole gzip members. */
    public record Range(long offset, long length, long events) {}

    public Selection {
        ranges = List.copyOf(ranges);
    }

    /** What a query wants of a part. */
    public static Selection of(Manifest manifest, Query query) {
        List<Range> ranges = new ArrayList<>();
        for (Manifest.Source source : manifest.sources()) {
            // an object without times may have anything
            if (source.lastTime() == 0 || query.overlaps(source.firstTime(), source.lastTime())) {
                source.members().stream()
                        .filter(member -> member.account().isEmpty() || query.wants(member.account()))
                        .forEach(member -> add(ranges, member));
            }
        }
        return new Selection(manifest.partition(), manifest.sequence(), manifest.part(), ranges, true);
    }

    /** All of a part whose manifest is lost: what is in it shows when it can be read. */
    public static Selection of(Orphan orphan) {
        return new Selection(
                orphan.partition(),
                orphan.sequence(),
                Parts.part(orphan.part()),
                List.of(new Range(0, orphan.part().size(), 0)),
                false);
    }

    private static void add(List<Range> ranges, Manifest.Member member) {
        if (!ranges.isEmpty()) {
            Range last = ranges.get(ranges.size() - 1);
            if (last.offset() + last.length() == member.offset() && last.length() + member.length() <= MOST_BYTES) {
                ranges.set(
                        ranges.size() - 1,
                        new Range(last.offset(), last.length() + member.length(), last.events() + member.events()));
                return;
            }
        }
        ranges.add(new Range(member.offset(), member.length(), member.events()));
    }

    /** How many bytes of the part are wanted. */
    public long bytes() {
        return ranges.stream().mapToLong(Range::length).sum();
    }

    /** How many events they have; some may be of another time. */
    public long events() {
        return ranges.stream().mapToLong(Range::events).sum();
    }
}
