package io.tributary.archive.compaction;

import io.tributary.archive.Partition;
import io.tributary.archive.Term;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the manifests of an archive, kept where nobody who can write to the archive can write: that a run of the archive is about to
 * make a manifest, and which manifest has a number. Nothing is ever replaced or deleted. A head is settled after its manifest is made and before
 * anything that the manifest names is deleted, so a head without a manifest means that the manifest was deleted; and a manifest without a
 * head that was not announced was put in from outside.
 */
public interface ChainHeads {
    /**
     * The manifest of a number.
     *
     * @param digest its SHA-256, in hexadecimal
     * @param term how long it is kept; empty if it is not known
     */
    record Head(Partition partition, int sequence, String digest, Optional<Term> term, Manifest.Part part) {
        /** @param digest of the manifest */
        public static Head of(Manifest manifest, String digest) {
            return new Head(manifest.partition(), manifest.sequence(), digest, manifest.term(), manifest.part());
        }
    }

    /** Whether heads are kept at all. Where they are not, whatever is in the archive is believed. */
    boolean areKept();

    /** Says that a manifest is about to be made; before that. */
    void announce(Partition partition, int sequence, String digest) throws IOException;

    /** Whether that was said. */
    boolean isAnnounced(Partition partition, int sequence, String digest) throws IOException;

    /**
     * Settles which manifest has a number; who comes first does.
     *
     * @return what is settled, which may be another
     */
    Head settle(Head head) throws IOException;

    /** The numbers of a partition that are settled, in order. */
    List<Integer> sequences(Partition partition) throws IOException;

    /** The head of a number that is settled. */
    Head head(Partition partition, int sequence) throws IOException;

    /**
     * The next partition that has heads, in the order of folders.
     *
     * @param below what its folder begins with
     * @param after the folder, or what comes after it, to go on after; empty for the first
     */
    Optional<Partition> next(String below, String after) throws IOException;

    /** Of an archive whose heads nobody keeps. */
    ChainHeads NONE = new ChainHeads() {
        @Override
        public boolean areKept() {
            return false;
        }

        @Override
        public void announce(Partition partition, int sequence, String digest) {
            // nobody listens
        }

        @Override
        public boolean isAnnounced(Partition partition, int sequence, String digest) {
            return true;
        }

        @Override
        public Head settle(Head head) {
            return head;
        }

        @Override
        public List<Integer> sequences(Partition partition) {
            return List.of();
        }

        @Override
        public Head head(Partition partition, int sequence) throws IOException {
            throw new IOException("no heads are kept");
        }

        @Override
        public Optional<Partition> next(String below, String after) {
            return Optional.empty();
        }
    };
}
