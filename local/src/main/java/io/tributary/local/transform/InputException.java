package io.tributary.local.transform;

import java.io.IOException;

/** A file cannot be read; the message names it, and the place. */
final class InputException extends IOException {
    private static final long serialVersionUID = 1;

    InputException(String message) {
        super(message);
    }
}
