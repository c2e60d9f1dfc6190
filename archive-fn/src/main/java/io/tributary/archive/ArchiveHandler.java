package io.tributary.archive;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.restore.Restorer;
import io.tributary.archive.task.ArchiveMetrics;
import io.tributary.archive.task.ArchiveMetrics.Count;
import io.tributary.archive.task.Archivist;
import io.tributary.archive.task.Task;
import io.tributary.stream.Deadline;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What AWS Lambda calls: messages of SQS (each is a task; those that fail are named, so that only they come again), events of S3
 * about restored objects, scheduled events, and requests.
 */
@Named("archive")
public class ArchiveHandler implements RequestStreamHandler {
    private static final Logger LOG = Logger.getLogger(ArchiveHandler.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LONGEST_LAMBDA_MILLIS = 15 * 60_000;

    private final Requests requests;
    private final Archivist archivist;
    private final Restorer restorer;
    private final InstantSource clock;
    private final RequestCounts counts;

    /** How many requests S3 got since the last call, by name of a metric. */
    public interface RequestCounts {
        Map<String, Long> take();
    }

    @Inject
    public ArchiveHandler(
            Requests requests, Archivist archivist, Restorer restorer, InstantSource clock, RequestCounts counts) {
        this.requests = requests;
        this.archivist = archivist;
        this.restorer = restorer;
        this.clock = clock;
        this.counts = counts;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        JsonNode event = JSON.readTree(input);
        ArchiveMetrics metrics = new ArchiveMetrics();
        try {
            output.write(JSON.writeValueAsBytes(answer(event, metrics, deadline(context))));
        } finally {
            System.out.println(metrics.line(clock.millis(), counts.take()));
        }
    }

    private ObjectNode answer(JsonNode event, ArchiveMetrics metrics, Deadline deadline) throws IOException {
        if (event.path("Records").isArray()) {
            return messages(event, metrics, deadline);
        }
        String source = event.path("source").asText();
        if (source.equals("aws.s3")) {
            return restored(event);
        }
        if (source.equals("aws.events")) {
            return requests.answer(JSON.createObjectNode().put("action", "plan"), metrics, deadline);
        }
        if (event.has("action")) {
            return requests.answer(event, metrics, deadline);
        }
        throw new IllegalArgumentException(
                "neither messages of SQS, nor an event of S3 or a schedule, nor a request with an action");
    }

    private ObjectNode messages(JsonNode event, ArchiveMetrics metrics, Deadline deadline) {
        ObjectNode answer = JSON.createObjectNode();
        var failures = answer.putArray("batchItemFailures");
        for (JsonNode message : event.path("Records")) {
            String id = message.path("messageId").asText();
            try {
                archivist.perform(Task.parse(message.path("body").asText()), metrics, deadline);
            } catch (IOException | RuntimeException e) {
                LOG.warnf("Message %s: %s: %s", id, e.getClass().getSimpleName(), e.getMessage());
                metrics.add(Count.TASKS_FAILED, 1);
                failures.addObject().put("itemIdentifier", id);
            }
        }
        return answer;
    }

    private ObjectNode restored(JsonNode event) throws IOException {
        String key = event.at("/detail/object/key").asText();
        int ended = event.path("detail-type").asText().equals("Object Restore Completed")
                ? restorer.check(Optional.of(key), archivist::ready).size()
                : 0;
        return JSON.createObjectNode().put("ended", ended);
    }

    private static Deadline deadline(Context context) {
        return () -> {
            long remaining = context.getRemainingTimeInMillis();
            // Quarkus's event server sets no deadline, which its context takes for one in 1970
            return Math.abs(remaining) > LONGEST_LAMBDA_MILLIS ? LONGEST_LAMBDA_MILLIS : Math.max(0, remaining);
        };
    }
}
