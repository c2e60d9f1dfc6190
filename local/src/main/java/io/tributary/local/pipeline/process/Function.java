package io.tributary.local.pipeline.process;

import java.io.IOException;

/** A function, wherever it runs. */
public interface Function extends AutoCloseable {
    /** A function's own error: what it answered with. */
    final class FunctionException extends IOException {
        private static final long serialVersionUID = 1L;

        FunctionException(String message) {
            super(message);
        }
    }

    /**
     * Invokes it.
     *
     * @throws FunctionException if it fails
     * @throws IOException if it does not answer in its time, or is gone
     */
    byte[] invoke(byte[] event) throws IOException, InterruptedException;

    @Override
    void close();
}
