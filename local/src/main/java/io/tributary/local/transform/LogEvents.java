package io.tributary.local.transform;

import java.io.IOException;

/** Takes what a {@link LogFile} holds, in order. */
interface LogEvents {
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
     */
    void record(byte[] data) throws IOException;
}
