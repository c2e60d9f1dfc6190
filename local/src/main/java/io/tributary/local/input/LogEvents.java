package io.tributary.local.input;

import java.io.IOException;

/** Takes what a {@link LogFile} holds, in order. */
public interface LogEvents {
    /**
     * An event of a log group.
     *
     * @param timestamp epoch milliseconds
     */
    void event(String message, long timestamp) throws IOException;

    /**
     * A record that is wrapped already: a CloudWatch Logs envelope or an EventBridge event.
     *
     * @param data as Firehose would hand it on, plain or gzip
     * @param arrival when it came, as far as that is known, epoch milliseconds
     */
    void record(byte[] data, long arrival) throws IOException;
}
