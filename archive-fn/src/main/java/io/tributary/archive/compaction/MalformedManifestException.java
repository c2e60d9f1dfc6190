package io.tributary.archive.compaction;

import io.tributary.archive.Problem.Kind;
import java.io.IOException;

/** An object is no manifest that a run of the archive could have made; the reason has nothing of its content but keys. */
public final class MalformedManifestException extends IOException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    MalformedManifestException(Kind kind, String reason) {
        super(reason);
        this.kind = kind;
    }

    /** {@link Kind#MANIFEST_UNREADABLE} or {@link Kind#MANIFEST_OUTSIDE}. */
    public Kind kind() {
        return kind;
    }
}
