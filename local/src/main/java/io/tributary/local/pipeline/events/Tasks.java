package io.tributary.local.pipeline.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.local.pipeline.Counts;
import io.tributary.local.pipeline.process.Function;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The archive's queue, and Lambda's poller of it: a message at a time, four attempts each. */
public final class Tasks implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ATTEMPTS = 4;
    private static final long PAUSE = 2_000;

    private final BlockingQueue<Task> waiting = new LinkedBlockingQueue<>();
    private final Counts counts;
    private Thread thread;

    private record Task(String body, int attempts) {}

    public Tasks(Counts counts) {
        this.counts = counts;
    }

    public void add(String body) {
        waiting.add(new Task(body, 0));
    }

    /** How many wait. */
    public int waiting() {
        return waiting.size();
    }

    /** Has a function work on the queue from now on. */
    public void start(Function archive) {
        thread = new Thread(() -> run(archive), "archive-tasks");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Function archive) {
        try {
            while (true) {
                work(archive, waiting.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(Function archive, Task task) throws InterruptedException {
        ObjectNode event = JSON.createObjectNode();
        String id = UUID.randomUUID().toString();
        event.putArray("Records")
                .addObject()
                .put("messageId", id)
                .put("eventSource", "aws:sqs")
                .put("body", task.body());
        boolean isDone = false;
        try {
            byte[] answer = archive.invoke(event.toString().getBytes(StandardCharsets.UTF_8));
            JsonNode failures = JSON.readTree(answer).path("batchItemFailures");
            isDone = failures.isEmpty();
        } catch (IOException e) {
            counts.add("tasks.failed", 1);
        }
        if (isDone) {
            counts.add("tasks.done", 1);
        } else if (task.attempts() + 1 < ATTEMPTS) {
            TimeUnit.MILLISECONDS.sleep(PAUSE);
            waiting.add(new Task(task.body(), task.attempts() + 1));
        } else {
            counts.add("tasks.dead", 1);
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
