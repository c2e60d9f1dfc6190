package io.tributary.archive.restore;

import java.io.IOException;

/** Tells people, by SNS in AWS. */
public interface Notices {
    /** @throws IOException if nobody could be told: the caller is repeated */
    void publish(String subject, String text) throws IOException;
}
