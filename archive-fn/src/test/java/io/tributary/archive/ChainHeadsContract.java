package io.tributary.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.archive.compaction.ChainHeads;
import io.tributary.archive.compaction.ChainHeads.Head;
import io.tributary.archive.compaction.Manifest;
import io.tributary.archive.compaction.StoredChainHeads;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the heads of chains must do, wherever they are kept: in memory, in a folder, in S3. */
public abstract class ChainHeadsContract {
    private static final Partition WAF = new Partition("waf", LocalDate.parse("2026-03-01"));
    private static final Partition LATER = new Partition("waf", LocalDate.parse("2026-03-02"));
    private static final Partition TRAIL =
            Partition.of("cloudtrail/AWSLogs/o-example123/123456789012/CloudTrail/eu-central-1/2026/03/01/x");

    private ArchiveStore store;
    private ChainHeads heads;

    protected abstract ArchiveStore store() throws IOException;

    @BeforeEach
    void open() throws IOException {
        store = store();
        heads = new StoredChainHeads(store, "example-archive");
    }

    private static Head head(Partition partition, int sequence, String digest) {
        return new Head(
                partition,
                sequence,
                digest,
                Optional.of(
                        new Term(Instant.parse("2026-05-01T00:00:00.123456Z"), Instant.parse("2027-05-01T00:00:00Z"))),
                new Manifest.Part(
                        partition.archive() + "part-00000000-n.ndjson.gz",
                        "\"e-1\"",
                        StorageClass.GLACIER,
                        5,
                        "sha",
                        7,
                        2));
    }

    @Test
    void aNumberIsSettledOnceAndStaysSo() throws IOException {
        Head first = head(WAF, 0, "aa");
        assertThat(heads.settle(first)).isEqualTo(first);
        assertThat(heads.settle(first)).as("repeated").isEqualTo(first);
        assertThat(heads.settle(head(WAF, 0, "bb"))).as("who comes later").isEqualTo(first);
        assertThat(heads.head(WAF, 0)).isEqualTo(first);
    }

    @Test
    void numbersAreTheirPartitionsOwnAndInOrder() throws IOException {
        heads.settle(head(WAF, 10, "aa"));
        heads.settle(head(WAF, 2, "bb"));
        heads.settle(head(LATER, 5, "cc"));
        heads.announce(WAF, 7, "dd");
        assertThat(heads.sequences(WAF)).containsExactly(2, 10);
        assertThat(heads.sequences(LATER)).containsExactly(5);
        assertThat(heads.sequences(TRAIL)).isEmpty();
    }

    @Test
    void whatIsAnnouncedIsKnownByItsDigest() throws IOException {
        heads.announce(WAF, 3, "aa");
        heads.announce(WAF, 3, "aa");
        heads.announce(WAF, 3, "bb");
        assertThat(heads.isAnnounced(WAF, 3, "aa")).isTrue();
        assertThat(heads.isAnnounced(WAF, 3, "bb")).isTrue();
        assertThat(heads.isAnnounced(WAF, 3, "cc")).isFalse();
        assertThat(heads.isAnnounced(WAF, 4, "aa")).isFalse();
        assertThat(heads.isAnnounced(LATER, 3, "aa")).isFalse();
    }

    @Test
    void partitionsAreFoundInTheOrderOfTheirFolders() throws IOException {
        assertThat(heads.next("", "")).isEmpty();
        for (Partition partition : new Partition[] {LATER, TRAIL, WAF}) {
            heads.settle(head(partition, 0, "aa"));
            heads.settle(head(partition, 1, "bb"));
        }
        assertThat(heads.next("", "")).contains(TRAIL);
        assertThat(heads.next("source=", "")).contains(WAF);
        assertThat(heads.next("source=", "source=waf/date=2026-03-010")).contains(LATER);
        assertThat(heads.next("source=", "source=waf/date=2026-03-020")).isEmpty();
    }

    @Test
    void archivesShareAStore() throws IOException {
        heads.settle(head(WAF, 0, "aa"));
        ChainHeads other = new StoredChainHeads(store, "example-trail");
        assertThat(other.next("", "")).isEmpty();
        assertThat(other.settle(head(WAF, 0, "bb")).digest()).isEqualTo("bb");
        assertThat(new StoredChainHeads(store, "").sequences(WAF)).isEmpty();
    }
}
