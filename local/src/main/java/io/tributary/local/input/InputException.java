package io.tributary.local.input;

import java.io.IOException;

/** A file cannot be read; the message names it, and the place. */
public final class InputException extends IOException {
    private static final long serialVersionUID = 1;

    public InputException(String message) {
        super(message);
    }
}
