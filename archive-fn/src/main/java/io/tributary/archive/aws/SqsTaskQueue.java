package io.tributary.archive.aws;

import io.tributary.archive.task.Task;
import io.tributary.archive.task.TaskQueue;
import io.tributary.aws.AwsCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/** An SQS queue. */
final class SqsTaskQueue implements TaskQueue {
    private static final int MOST_AT_ONCE = 10;

    private final Supplier<SqsClient> client;
    private final String url;

    SqsTaskQueue(Supplier<SqsClient> client, String url) {
        this.client = client;
        this.url = url;
    }

    @Override
    public void send(List<Task> tasks) throws IOException {
        for (int from = 0; from < tasks.size(); from += MOST_AT_ONCE) {
            List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
            for (Task task : tasks.subList(from, Math.min(tasks.size(), from + MOST_AT_ONCE))) {
                entries.add(SendMessageBatchRequestEntry.builder()
                        .id(Integer.toString(entries.size()))
                        .messageBody(task.toJson())
                        .build());
            }
            try {
                SendMessageBatchResponse response =
                        client.get().sendMessageBatch(send -> send.queueUrl(url).entries(entries));
                if (response.hasFailed() && !response.failed().isEmpty()) {
                    throw new IOException(
                            "queue " + url + ": " + response.failed().get(0).code());
                }
            } catch (SdkException e) {
                throw new IOException("queue " + url + ": " + AwsCalls.problem(e), e);
            }
        }
    }
}
