package io.tributary.local.pipeline.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.local.pipeline.Counts;
import io.tributary.local.pipeline.Fault;
import io.tributary.opensearch.OpenSearch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The Firehose stream that the transform function puts documents on: delivers them to OpenSearch, one document a record, each with an id
 * of Firehose's own, which the ingest pipeline replaces. What OpenSearch refuses for good is kept in S3.
 */
public final class IndexStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_RECORDS = 50_000;
    private static final int BATCH_RECORDS = 2_000;
    private static final int BATCH_BYTES = 5 << 20;
    private static final long BATCH_MILLIS = 500;
    private static final long LONGEST_PAUSE = 2_000;
    private static final int TOO_MANY = 429;
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyy/MM/dd/HH").withZone(ZoneOffset.UTC);

    private final BlockingQueue<byte[]> records = new LinkedBlockingQueue<>(MOST_RECORDS);
    private final OpenSearch openSearch;
    private final Bucket bucket;
    private final Counts counts;
    private final Fault.Switches faults;
    private final Thread thread;
    private volatile boolean isEnding;

    public IndexStream(OpenSearch openSearch, Bucket bucket, Counts counts, Fault.Switches faults) {
        this.openSearch = openSearch;
        this.bucket = bucket;
        this.counts = counts;
        this.faults = faults;
        thread = new Thread(this::run, "tributary-index");
        thread.start();
    }

    /** Accepts a document, or refuses it while too many wait. */
    public boolean offer(byte[] document) {
        boolean isAccepted = records.offer(document);
        if (isAccepted) {
            counts.add("index.records", 1);
        }
        return isAccepted;
    }

    /** How many documents wait. */
    public int waiting() {
        return records.size();
    }

    private void run() {
        try {
            while (!isEnding || !records.isEmpty()) {
                List<byte[]> batch = take();
                if (!batch.isEmpty()) {
                    deliver(batch);
                    if (faults.has(Fault.DUPLICATES)) {
                        deliver(batch);
                        counts.add("index.documents", -batch.size());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<byte[]> take() throws InterruptedException {
        List<byte[]> batch = new ArrayList<>();
        int bytes = 0;
        long end = System.currentTimeMillis() + BATCH_MILLIS;
        while (batch.size() < BATCH_RECORDS && bytes < BATCH_BYTES) {
            long left = end - System.currentTimeMillis();
            byte[] next = left > 0 ? records.poll(left, TimeUnit.MILLISECONDS) : records.poll();
            if (next == null) {
                return batch;
            }
            batch.add(next);
            bytes += next.length;
        }
        return batch;
    }

    private void deliver(List<byte[]> batch) throws InterruptedException {
        List<byte[]> open = batch;
        for (long pause = 100; !open.isEmpty(); pause = Math.min(LONGEST_PAUSE, pause * 2)) {
            if (faults.has(Fault.SLOW)) {
                TimeUnit.MILLISECONDS.sleep(500);
            }
            try {
                open = put(open);
            } catch (IOException e) {
                counts.add("index.retries", 1);
            }
            if (!open.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(pause);
            }
        }
    }

    /** One request: gives back what has to be tried again. */
    private List<byte[]> put(List<byte[]> batch) throws IOException, InterruptedException {
        if (faults.has(Fault.SEARCH_DOWN)) {
            throw new IOException("a fault that is switched on");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] document : batch) {
            body.writeBytes(("{\"index\":{\"_index\":\"tributary-events\",\"_id\":\"" + UUID.randomUUID() + "\"}}\n")
                    .getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(document);
            body.write('\n');
        }
        OpenSearch.Answer answer = openSearch.call("POST", "/_bulk", body.toString(StandardCharsets.UTF_8));
        if (answer.status() / 100 != 2) {
            throw new IOException("OpenSearch answers " + answer.status());
        }
        List<byte[]> again = new ArrayList<>();
        int number = 0;
        for (JsonNode item : JSON.readTree(answer.body()).path("items")) {
            int status = item.at("/index/status").asInt();
            byte[] document = batch.get(number++);
            if (status == TOO_MANY || status >= 500) {
                again.add(document);
            } else if (status >= 400) {
                refused(document, item.at("/index/error/reason").asText());
            } else {
                counts.add("index.documents", 1);
            }
        }
        return again;
    }

    private void refused(byte[] document, String reason) throws InterruptedException {
        counts.add("index.refused", 1);
        ObjectNode failure = JSON.createObjectNode()
                .put("attemptsMade", 1)
                .put("errorCode", "400")
                .put("errorMessage", reason)
                .put("attemptEndingTimestamp", System.currentTimeMillis())
                .put("esIndexName", "tributary-events")
                .put("rawData", document);
        bucket.put(
                "failed/index/" + HOUR.format(Instant.now()) + "/" + UUID.randomUUID(),
                (failure + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Delivers what is there, and ends. */
    @Override
    public void close() {
        isEnding = true;
        try {
            thread.join(15_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
