package io.tributary.archive.compaction;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.ArchiveStore.ChangedException;
import io.tributary.archive.ArchiveStore.Entry;
import io.tributary.archive.ArchiveStore.RefusedException;
import io.tributary.archive.Partition;
import io.tributary.archive.Problem;
import io.tributary.archive.Problem.Kind;
import io.tributary.archive.Term;
import io.tributary.archive.compaction.ChainHeads.Head;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The manifests of an archive: those of a partition are a chain, each naming the one before by its digest. Whoever makes the next one first has
 * archived what it names: that is the only step that counts. When the sources of a manifest are deleted, an object beside it says so, so that
 * nobody has to look for them again.
 *
 * <p>Nobody is sure to find them as they were made: single ones get lost, and whoever can write to the archive may have changed, deleted or
 * added some. So whatever can be listed is read, and what is wrong is told beside it. Where {@linkplain ChainHeads heads} are kept, only
 * manifests that they know are believed.
 */
public final class Chains {
    private final ArchiveStore store;
    private final ChainHeads heads;
    private final InstantSource clock;
    private final Function<Partition, Optional<Duration>> retention;

    /**
     * The chains of an archive.
     *
     * @param retention how long the parts of a partition are kept now, where that is known: what has outlived it may be gone, even if it
     *     was to be kept for longer once
     */
    public Chains(
            ArchiveStore store,
            ChainHeads heads,
            InstantSource clock,
            Function<Partition, Optional<Duration>> retention) {
        this.store = store;
        this.heads = heads;
        this.clock = clock;
        this.retention = retention;
    }

    /** The chains of an archive whose retention is that which its manifests name. */
    public Chains(ArchiveStore store, ChainHeads heads, InstantSource clock) {
        this(store, heads, clock, partition -> Optional.empty());
    }

    /** Where the archive is. */
    public ArchiveStore store() {
        return store;
    }

    public ChainHeads heads() {
        return heads;
    }

    /** The same archive, whatever is in it believed. */
    public Chains withoutHeads() {
        return new Chains(store, ChainHeads.NONE, clock, retention);
    }

    public InstantSource clock() {
        return clock;
    }

    /** How long the parts of a partition are kept now, if that is known. */
    public Optional<Duration> retention(Partition partition) {
        return retention.apply(partition);
    }

    /** What is called with each problem. */
    public interface Problems {
        void problem(Problem problem) throws IOException;
    }

    /** What is called with all that is found of a chain, in the order of numbers. */
    public interface Visitor extends Problems {
        /**
         * A manifest that can be read and, where heads are kept, is the one that was made.
         *
         * @param digest its own
         */
        void manifest(Manifest manifest, String digest) throws IOException;

        /** A part that is there, although its manifest is lost: its events can be read all the same. The loss is told as a problem. */
        default void orphan(Orphan orphan) throws IOException {}
    }

    /**
     * A part whose manifest is lost.
     *
     * @param sequence the number of its manifest
     */
    public record Orphan(Partition partition, int sequence, Entry part) {}

    /**
     * What else there is.
     *
     * @param rubbish parts of runs that ended early, or are under way: what is in them is elsewhere. Where heads are kept that is certain
     * @param expired manifests whose time is over
     */
    public record Remainder(List<String> rubbish, int expired) {
        public Remainder {
            rubbish = List.copyOf(rubbish);
        }
    }

    // ---- partitions

    /** What comes after a partition, for {@link #next}. */
    public static String past(Partition partition) {
        return Partition.pastAll(partition.folder());
    }

    /**
     * The next partition of which there is anything, manifests, parts or heads, in the order of folders.
     *
     * @param below what its folder begins with; empty for all
     * @param after where to go on; empty for the first
     */
    public Optional<Partition> next(String below, String after) throws IOException {
        List<Partition> found = new ArrayList<>();
        for (String root : List.of(Partition.MANIFESTS, Partition.ARCHIVE)) {
            found.addAll(Partition.find(store, root + below, after.isEmpty() ? "" : root + after, 1));
        }
        heads.next(below, after).ifPresent(found::add);
        return found.stream().min((one, other) -> one.folder().compareTo(other.folder()));
    }

    /** All partitions of which there is anything. */
    public List<Partition> partitions() throws IOException {
        List<Partition> partitions = new ArrayList<>();
        for (Optional<Partition> next = next("", ""); next.isPresent(); next = next("", past(next.get()))) {
            partitions.add(next.get());
        }
        return partitions;
    }

    // ---- reading

    /** The manifests and marks of a partition, by number. */
    private record Listing(TreeMap<Integer, Entry> manifests, TreeMap<Integer, Entry> done) {}

    private Listing list(Partition partition) throws IOException {
        Listing listing = new Listing(new TreeMap<>(), new TreeMap<>());
        for (Entry entry : store.all(partition.manifests() + "manifest-")) {
            // one of a folder that is called like a manifest would otherwise take its place
            Manifest.doneSequence(entry.key()).stream()
                    .filter(sequence -> entry.key().equals(Manifest.doneKey(partition, sequence)))
                    .forEach(sequence -> listing.done().put(sequence, entry));
            Manifest.sequence(entry.key()).stream()
                    .filter(sequence -> entry.key().equals(Manifest.key(partition, sequence)))
                    .forEach(sequence -> listing.manifests().put(sequence, entry));
        }
        return listing;
    }

    /** A manifest's bytes, or why there are none. */
    private record Text(byte[] bytes, Optional<Problem> problem) {
        String digest() {
            return Digests.sha256(bytes);
        }
    }

    private Text text(Entry entry) throws IOException {
        try {
            Manifest.checkSize(entry.size());
            return new Text(store.read(entry), Optional.empty());
        } catch (MalformedManifestException e) {
            return new Text(new byte[0], Optional.of(new Problem(e.kind(), entry.key(), e.getMessage())));
        } catch (ChangedException e) {
            return new Text(new byte[0], Optional.of(new Problem(Kind.MANIFEST_MISSING, entry.key(), "it is gone")));
        } catch (RefusedException e) {
            return new Text(
                    new byte[0], Optional.of(new Problem(Kind.MANIFEST_UNREADABLE, entry.key(), e.getMessage())));
        }
    }

    private static Optional<Manifest> parse(Partition partition, int sequence, byte[] text, Problems problems)
            throws IOException {
        try {
            return Optional.of(Manifest.parse(partition, sequence, text));
        } catch (MalformedManifestException e) {
            problems.problem(new Problem(e.kind(), Manifest.key(partition, sequence), e.getMessage()));
            return Optional.empty();
        }
    }

    /** The manifest of a number, if it is there and, where heads are kept, is the one that was made. */
    public Optional<Manifest> manifest(Partition partition, int sequence, Problems problems) throws IOException {
        Optional<Entry> entry = store.find(Manifest.key(partition, sequence));
        if (entry.isEmpty()) {
            problems.problem(gone(partition, sequence));
            return Optional.empty();
        }
        Text text = text(entry.get());
        if (text.problem().isPresent()) {
            problems.problem(text.problem().get());
            return Optional.empty();
        }
        Optional<Head> head = head(partition, sequence);
        Optional<Problem> doubt = doubt(partition, sequence, text.digest(), head);
        if (doubt.isPresent()) {
            problems.problem(doubt.get());
            return Optional.empty();
        }
        return parse(partition, sequence, text.bytes(), problems);
    }

    private Optional<Head> head(Partition partition, int sequence) throws IOException {
        return heads.areKept() && heads.sequences(partition).contains(sequence)
                ? Optional.of(heads.head(partition, sequence))
                : Optional.empty();
    }

    /** Why a manifest is not to be believed. */
    private Optional<Problem> doubt(Partition partition, int sequence, String digest, Optional<Head> head)
            throws IOException {
        if (head.isPresent()) {
            return head.get().digest().equals(digest)
                    ? Optional.empty()
                    : Optional.of(new Problem(
                            Kind.MANIFEST_CHANGED,
                            Manifest.key(partition, sequence),
                            "it is not the manifest that was made: the one that its head names is gone"));
        }
        // between its making and its settling a manifest is announced only
        return heads.isAnnounced(partition, sequence, digest)
                ? Optional.empty()
                : Optional.of(new Problem(
                        Kind.MANIFEST_FOREIGN, Manifest.key(partition, sequence), "no run of the archive has made it"));
    }

    private static Problem gone(Partition partition, int sequence) {
        return new Problem(Kind.MANIFEST_MISSING, Manifest.key(partition, sequence), "it is gone");
    }

    private boolean isOver(Partition partition, Optional<Term> term) {
        return term.isPresent() && isOver(partition, term.get());
    }

    private boolean isOver(Partition partition, Term term) {
        Instant now = clock.instant();
        return !now.isBefore(term.until())
                || retention
                        .apply(partition)
                        .filter(present -> !now.isBefore(term.made().plus(present)))
                        .isPresent();
    }

    /**
     * The part of a manifest as it is now. If it is gone before its time, or is another, that is told; if its time is over, it is not.
     *
     * @return empty if it is not there as it was archived
     */
    public Optional<Entry> part(Manifest manifest, Problems problems) throws IOException {
        Manifest.Part part = manifest.part();
        Optional<Entry> found = store.find(part.key());
        if (found.isEmpty()) {
            if (!isOver(manifest.partition(), manifest.term())) {
                problems.problem(new Problem(Kind.PART_MISSING, part.key(), "it is gone, although it is archived"));
            }
            return Optional.empty();
        }
        if (!isSame(found.get(), part)) {
            problems.problem(
                    new Problem(Kind.PART_REPLACED, part.key(), "it is another object than the one that was archived"));
            return Optional.empty();
        }
        return found;
    }

    private static boolean isSame(Entry entry, Manifest.Part part) {
        return entry.size() == part.size() && entry.etag().equals(part.etag());
    }

    /** Reads all that can be listed of a partition, one manifest at a time. */
    public Remainder read(Partition partition, Visitor visitor) throws IOException {
        // in this order, each being made before the next: what is under way looks like nothing that was deleted
        boolean isWaiting =
                !heads.areKept() && !store.list(partition.loose(), "").isEmpty();
        List<Entry> parts = store.all(partition.archive());
        List<Integer> settled = heads.sequences(partition);
        return new Reading(partition, parts, new TreeSet<>(settled), list(partition), isWaiting, visitor).read();
    }

    /** The reading of one chain. */
    private final class Reading {
        /** So many manifests that are gone in a row are told one by one. */
        private static final int MOST_TOLD = 100;

        private final Partition partition;
        private final List<Entry> parts;
        private final NavigableSet<Integer> settled;
        private final Listing listing;
        private final boolean isWaiting;
        private final Visitor visitor;
        private final Set<String> named = new HashSet<>();
        private final Set<Integer> right = new HashSet<>();
        private final Set<Integer> over = new HashSet<>();
        private final Map<Integer, Head> lost = new HashMap<>();
        private final Set<Integer> told = new HashSet<>();
        private final List<String> rubbish = new ArrayList<>();
        private int expired;

        /** Where no heads tell it: the number after the last that was looked at, before which all that is not there has expired, and the digest of that. */
        private int after;

        private int overBefore;
        private Optional<String> last = Optional.of("");

        Reading(
                Partition partition,
                List<Entry> parts,
                NavigableSet<Integer> settled,
                Listing listing,
                boolean isWaiting,
                Visitor visitor) {
            this.partition = partition;
            this.parts = parts;
            this.settled = settled;
            this.listing = listing;
            this.isWaiting = isWaiting;
            this.visitor = visitor;
        }

        Remainder read() throws IOException {
            NavigableSet<Integer> numbers = new TreeSet<>(listing.manifests().keySet());
            numbers.addAll(settled);
            if (!heads.areKept()) {
                numbers.addAll(listing.done().keySet());
            }
            if (listing.manifests().isEmpty() && parts.isEmpty() && heads.areKept()) {
                nothingLeft();
            } else {
                for (int sequence : numbers) {
                    number(sequence);
                }
                parts(numbers.isEmpty() ? -1 : numbers.last());
            }
            return new Remainder(rubbish, expired);
        }

        /** All of it was deleted, or has expired: told once, and not for each of thousands of manifests. */
        private void nothingLeft() throws IOException {
            long events = 0;
            int count = 0;
            for (int sequence : settled) {
                Head head = heads.head(partition, sequence);
                if (isOver(partition, head.term())) {
                    expired++;
                } else {
                    count++;
                    events += head.part().events();
                }
            }
            if (count > 0) {
                visitor.problem(new Problem(
                        Kind.PARTITION_GONE,
                        partition.archive(),
                        "there were " + count + " parts with " + events + " events, of which nothing is left"));
            }
        }

        private void number(int sequence) throws IOException {
            Optional<Head> head =
                    settled.contains(sequence) ? Optional.of(heads.head(partition, sequence)) : Optional.empty();
            Optional<Entry> entry = Optional.ofNullable(listing.manifests().get(sequence));
            if (entry.isEmpty()) {
                if (heads.areKept() && isOver(partition, head.flatMap(Head::term))) {
                    expired++;
                    over.add(sequence);
                } else if (heads.areKept()) {
                    lose(sequence, head, gone(partition, sequence));
                } else if (isOver(partition, markedTerm(sequence))) {
                    gap(sequence, markedTerm(sequence));
                    expired++;
                    after = sequence + 1;
                    overBefore = after;
                    last = Optional.empty();
                } // else it is within the gap before the next manifest, or at the end
                return;
            }
            Text text = text(entry.get());
            if (text.problem().isPresent()) {
                gap(sequence, Optional.empty());
                lose(sequence, head, text.problem().get());
                return;
            }
            manifest(sequence, head, text);
        }

        private void manifest(int sequence, Optional<Head> head, Text text) throws IOException {
            Optional<Problem> doubt = doubt(partition, sequence, text.digest(), head);
            if (doubt.isPresent()) {
                lose(sequence, head, doubt.get());
                return;
            }
            Optional<Manifest> parsed = parse(partition, sequence, text.bytes(), problem -> {
                gap(sequence, Optional.empty());
                lose(sequence, head, problem);
            });
            if (parsed.isEmpty()) {
                return;
            }
            Manifest manifest = parsed.get();
            gap(sequence, manifest.previousTerm());
            boolean follows = last.isEmpty() || manifest.previous().equals(last.get());
            if (!heads.areKept() && !follows) {
                visitor.problem(new Problem(
                        Kind.MANIFEST_CHANGED,
                        Manifest.key(partition, sequence),
                        "it does not follow the manifest before it: one of them was changed"));
            }
            after = sequence + 1;
            last = Optional.of(text.digest());
            right.add(sequence);
            named.add(manifest.part().key());
            visitor.manifest(manifest, text.digest());
        }

        /** Tells what is gone before a number, where no heads tell it. */
        private void gap(int sequence, Optional<Term> previousTerm) throws IOException {
            if (heads.areKept() || sequence <= after) {
                return;
            }
            if (isOver(partition, previousTerm)) {
                overBefore = sequence;
                expired += sequence - after;
            } else {
                for (int gone = after; gone < sequence && gone < after + MOST_TOLD; gone++) {
                    tell(gone, gone(partition, gone));
                }
                if (sequence > after + MOST_TOLD) {
                    visitor.problem(new Problem(
                            Kind.MANIFEST_MISSING,
                            Manifest.key(partition, after + MOST_TOLD),
                            "it is gone, and so are all to number " + (sequence - 1)));
                }
            }
            after = sequence;
            last = Optional.empty();
        }

        private void lose(int sequence, Optional<Head> head, Problem problem) throws IOException {
            head.ifPresent(own -> lost.put(sequence, own));
            tell(sequence, problem);
            after = Math.max(after, sequence + 1);
            last = Optional.empty();
        }

        private void tell(int sequence, Problem problem) throws IOException {
            if (told.add(sequence)) {
                visitor.problem(problem);
            }
        }

        /** What the mark beside a manifest that is gone says of its time. */
        private Optional<Term> markedTerm(int sequence) throws IOException {
            Entry mark = listing.done().get(sequence);
            if (mark == null || mark.size() == 0 || mark.size() > 100) {
                return Optional.empty();
            }
            try {
                Instant until = Instant.parse(new String(store.read(mark), StandardCharsets.UTF_8).strip());
                return Optional.of(new Term(until, until));
            } catch (DateTimeException | ChangedException | RefusedException e) {
                return Optional.empty();
            }
        }

        /** Parts that no manifest names. */
        private void parts(int highest) throws IOException {
            gap(highest + 1, Optional.empty());
            Set<String> there = new HashSet<>();
            for (Entry part : parts) {
                there.add(part.key());
                if (!named.contains(part.key())) {
                    OptionalInt sequence = Manifest.partSequence(partition, part.key());
                    if (sequence.isEmpty()) {
                        rubbish.add(part.key());
                    } else {
                        unnamed(part, sequence.getAsInt(), highest);
                    }
                }
            }
            for (Head head : new TreeMap<>(lost).values()) {
                if (!there.contains(head.part().key())) {
                    visitor.problem(
                            new Problem(Kind.PART_MISSING, head.part().key(), "it is gone, and so is its manifest"));
                }
            }
        }

        private void unnamed(Entry part, int sequence, int highest) throws IOException {
            if (heads.areKept()) {
                Head head = lost.get(sequence);
                if (head == null || !head.part().key().equals(part.key())) {
                    if (!over.contains(sequence)) {
                        rubbish.add(part.key());
                    }
                } else if (isSame(part, head.part())) {
                    visitor.orphan(new Orphan(partition, sequence, part));
                } else {
                    visitor.problem(new Problem(
                            Kind.PART_REPLACED,
                            part.key(),
                            "it is another object than the one that was archived, and its manifest is gone"));
                }
                return;
            }
            // the number after the last is that of runs under way, or ended early, whose sources are still there
            if (right.contains(sequence) || sequence == highest + 1 && isWaiting) {
                rubbish.add(part.key());
            } else if (sequence >= overBefore || told.contains(sequence)) {
                if (sequence > highest) {
                    tell(sequence, gone(partition, sequence));
                }
                visitor.orphan(new Orphan(partition, sequence, part));
            }
        }
    }

    // ---- for compaction

    /**
     * Where the next manifest goes.
     *
     * @param next its number
     * @param last the digest of the one before; empty if there is none, or none that can be read
     * @param lastTerm of the one before
     * @param unfinished manifests whose sources may not be deleted yet
     * @param problems of manifests that would have been read
     */
    record End(int next, String last, Optional<Term> lastTerm, List<Manifest> unfinished, List<Problem> problems) {
        End {
            unfinished = List.copyOf(unfinished);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Looks at the end of a chain: reads its last manifest and those that are not finished, and of the others their names. What another
     * worker has made and announced, but not settled yet, is settled; what was not announced, or has lost its part, is as if it were not there.
     */
    End end(Partition partition) throws IOException {
        // in this order: a manifest that is settled after this is found unsettled
        NavigableSet<Integer> settled = new TreeSet<>(heads.sequences(partition));
        Listing listing = list(partition);
        List<Manifest> unfinished = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Map.Entry<Integer, Entry> each : listing.manifests().entrySet()) {
            int sequence = each.getKey();
            if (!listing.done().containsKey(sequence)) {
                unfinished(partition, sequence, each.getValue(), settled, problems)
                        .ifPresent(unfinished::add);
            }
        }
        return heads.areKept()
                ? endByHeads(partition, settled, listing, unfinished, problems)
                : endByListing(partition, listing, unfinished, problems);
    }

    private Optional<Manifest> unfinished(
            Partition partition, int sequence, Entry entry, NavigableSet<Integer> settled, List<Problem> problems)
            throws IOException {
        Text text = text(entry);
        if (text.problem().isPresent()) {
            problems.add(text.problem().get());
            return Optional.empty();
        }
        Optional<Head> head =
                settled.contains(sequence) ? Optional.of(heads.head(partition, sequence)) : Optional.empty();
        Optional<Problem> doubt = doubt(partition, sequence, text.digest(), head);
        if (doubt.isPresent()) {
            problems.add(doubt.get());
            return Optional.empty();
        }
        // what it names is archived only if its part is there
        Optional<Manifest> manifest = parse(partition, sequence, text.bytes(), problems::add);
        if (manifest.isEmpty() || part(manifest.get(), problems::add).isEmpty()) {
            return Optional.empty();
        }
        if (head.isEmpty() && heads.areKept()) {
            Head own = Head.of(manifest.get(), text.digest());
            settled.add(sequence);
            if (!heads.settle(own).equals(own)) {
                return Optional.empty();
            }
        }
        return manifest;
    }

    private End endByHeads(
            Partition partition,
            NavigableSet<Integer> settled,
            Listing listing,
            List<Manifest> unfinished,
            List<Problem> problems)
            throws IOException {
        Optional<Head> last = settled.isEmpty() ? Optional.empty() : Optional.of(heads.head(partition, settled.last()));
        int next = last.map(head -> head.sequence() + 1).orElse(0);
        while (listing.manifests().containsKey(next)) {
            next++; // put in from outside
        }
        return new End(
                check(partition, next),
                last.map(Head::digest).orElse(""),
                last.flatMap(Head::term),
                unfinished,
                problems);
    }

    private End endByListing(Partition partition, Listing listing, List<Manifest> unfinished, List<Problem> problems)
            throws IOException {
        NavigableSet<Integer> numbers = new TreeSet<>(listing.manifests().keySet());
        numbers.addAll(listing.done().keySet());
        int next = check(partition, numbers.isEmpty() ? 0 : numbers.last() + 1);
        Entry entry = listing.manifests().get(next - 1);
        if (entry == null) {
            return new End(next, "", Optional.empty(), unfinished, problems);
        }
        Text text = text(entry);
        return new End(
                next,
                text.problem().isPresent() ? "" : text.digest(),
                parse(partition, next - 1, text.bytes(), problem -> {}).flatMap(Manifest::term),
                unfinished,
                problems);
    }

    private static int check(Partition partition, int next) throws IOException {
        if (next > Manifest.MOST) {
            throw new IOException(Manifest.key(partition, Manifest.MOST) + " is there: no number is left");
        }
        return next;
    }
}
