package io.tributary.archive.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.Partition;
import io.tributary.archive.compaction.WorkItem;
import io.tributary.archive.replay.Replayer.Position;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/** A piece of work, as it stands in a message of the queue. */
public sealed interface Task {
    /** What the folders of events begin with, in the archive bucket. */
    String EVENTS = "source=";

    /** What the folders of CloudTrail's own files begin with, in their bucket. */
    String TRAIL = Partition.TRAIL_FILES;

    /** Plans the compaction of partitions after a key, and of the partition that it may be within. */
    record Plan(String root, String after) implements Task {}

    /** Joins the objects of a work item. */
    record Compact(WorkItem item) implements Task {}

    /**
     * Verifies archived partitions.
     *
     * @param below {@link #EVENTS} or {@link #TRAIL}
     * @param after the folder after which to begin; empty for all
     * @param to not included
     * @param isReading whether parts that are awake are read
     */
    record Verify(String below, String after, LocalDate from, LocalDate to, boolean isReading) implements Task {}

    /** Replays the events of a job. */
    record ReplayEvents(String job, Position position) implements Task {}

    /** Replays records of {@code raw/} or {@code failed/} after a key. */
    record ReplayRecords(String root, Instant from, Instant to, String after) implements Task {}

    /** The message. */
    default String toJson() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        if (this instanceof Plan plan) {
            json.put("task", "plan").put("root", plan.root()).put("after", plan.after());
        } else if (this instanceof Compact compact) {
            json.put("task", "compact")
                    .put("first", compact.item().first())
                    .put("last", compact.item().last());
        } else if (this instanceof Verify verify) {
            json.put("task", "verify")
                    .put("below", verify.below())
                    .put("after", verify.after())
                    .put("from", verify.from().toString())
                    .put("to", verify.to().toString())
                    .put("read", verify.isReading());
        } else if (this instanceof ReplayEvents events) {
            json.put("task", "replay events")
                    .put("job", events.job())
                    .put("part", events.position().part())
                    .put("range", events.position().range());
        } else if (this instanceof ReplayRecords records) {
            json.put("task", "replay records")
                    .put("root", records.root())
                    .put("from", records.from().toString())
                    .put("to", records.to().toString())
                    .put("after", records.after());
        }
        return json.toString();
    }

    /**
     * Reads a message.
     *
     * @throws IllegalArgumentException if it is none of ours
     */
    static Task parse(String message) {
        try {
            JsonNode json = new ObjectMapper().readTree(message);
            return switch (json.path("task").asText()) {
                case "plan" ->
                    new Plan(json.path("root").asText(), json.path("after").asText());
                case "compact" ->
                    new Compact(new WorkItem(
                            Partition.of(json.path("first").asText()),
                            json.path("first").asText(),
                            json.path("last").asText()));
                case "verify" ->
                    new Verify(
                            json.path("below").asText(),
                            json.path("after").asText(),
                            LocalDate.parse(json.path("from").asText()),
                            LocalDate.parse(json.path("to").asText()),
                            json.path("read").asBoolean());
                case "replay events" ->
                    new ReplayEvents(
                            json.path("job").asText(),
                            new Position(
                                    json.path("part").asInt(),
                                    json.path("range").asInt()));
                case "replay records" ->
                    new ReplayRecords(
                            json.path("root").asText(),
                            Instant.parse(json.path("from").asText()),
                            Instant.parse(json.path("to").asText()),
                            json.path("after").asText());
                default -> throw new IllegalArgumentException("the message is no task of the archive");
            };
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException("the message is no task of the archive", e);
        }
    }
}
