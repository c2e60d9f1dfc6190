package io.tributary.local.pipeline.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.alert.Event;
import io.tributary.local.input.EnvelopeWriter;
import io.tributary.local.input.InputException;
import io.tributary.local.input.LogEvents;
import io.tributary.local.input.LogFile;
import io.tributary.local.pipeline.Counts;
import io.tributary.local.pipeline.events.EventBus;
import io.tributary.local.pipeline.stream.LogStream;
import io.tributary.transform.LogGroup;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/** Files of logs, on the way that their events would have come: all by the log stream, calls and findings by the event bus, too. */
public final class Replay {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN_ACCOUNT = "000000000000";

    private final List<Path> files;

    /** @throws IOException if a file is not there */
    public Replay(List<String> files) throws IOException {
        this.files = LogFile.paths(files);
    }

    /**
     * What the transform function has to be told of the files: formats that stand in their first lines.
     *
     * @return the value of {@code TRIBUTARY_LOG_GROUPS}
     */
    public String logGroups() throws IOException {
        List<String> formats = new ArrayList<>();
        for (Path path : files) {
            LogFile file = LogFile.of(path);
            try (BufferedInputStream in = file.open(Files.newInputStream(path))) {
                Optional<LogGroup> format = file.formatByHeader(in);
                format.ifPresent(group -> formats.add(logGroup(file) + " = " + group.source()
                        + (group.format().isEmpty() ? "" : ": " + group.format())));
            }
        }
        return formats.stream().distinct().collect(Collectors.joining(";"));
    }

    /**
     * Puts all of them on their way; waits while the stream is full.
     *
     * @throws IOException with the file's name, if it is damaged
     */
    public void put(LogStream stream, EventBus bus, Counts counts) throws IOException, InterruptedException {
        try {
            for (Path path : files) {
                LogFile file = LogFile.of(path);
                try (BufferedInputStream in = file.open(Files.newInputStream(path))) {
                    var unused = file.formatByHeader(in);
                    Arriving arriving = new Arriving(file, stream, bus, counts);
                    file.read(in, arriving);
                    arriving.envelopes.finish();
                } catch (ZipException | EOFException e) {
                    throw new InputException(path + ": the gzip data is damaged: " + e.getMessage());
                }
            }
        } catch (InterruptedIOException e) {
            throw new InterruptedException(e.getMessage());
        }
    }

    private static String logGroup(LogFile file) {
        return file.fileName().replaceAll("[^\\w./-]", "_");
    }

    /** Puts what a file holds. */
    private static final class Arriving implements LogEvents {
        private final LogStream stream;
        private final EventBus bus;
        private final Counts counts;
        private final EnvelopeWriter envelopes;

        Arriving(LogFile file, LogStream stream, EventBus bus, Counts counts) {
            this.stream = stream;
            this.bus = bus;
            this.counts = counts;
            envelopes = new EnvelopeWriter(
                    file.account().orElse(UNKNOWN_ACCOUNT), logGroup(file), "replay", gzip -> put(gzip, "replay"));
        }

        @Override
        public void event(String message, long timestamp) throws IOException {
            counts.add("traffic.events", 1);
            envelopes.add(message, timestamp);
            tell(message);
        }

        @Override
        public void record(byte[] data, long arrival) throws IOException {
            JsonNode json = json(data);
            if (json.has("detail-type")) {
                // findings are put on the stream by the bus
                counts.add("traffic.events", 1);
                publish(new Event(json));
                if (!json.path("source").asText().equals("aws.guardduty")) {
                    put(data, "replay");
                }
                return;
            }
            counts.add("traffic.events", json.path("logEvents").size());
            put(data, "replay");
            for (JsonNode event : json.path("logEvents")) {
                tell(event.path("message").asText());
            }
        }

        /** CloudTrail has told EventBridge, too. */
        private void tell(String message) throws IOException {
            JsonNode json = json(message.getBytes(StandardCharsets.UTF_8));
            if (json.has("eventSource") && json.has("eventName")) {
                publish(Event.ofCloudTrail(json));
            }
        }

        private void put(byte[] data, String partitionKey) throws IOException {
            try {
                stream.put(data, partitionKey);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }

        private void publish(Event event) throws IOException {
            try {
                bus.put(event);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }

        private static InterruptedIOException interrupted(InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException();
            interrupted.initCause(e);
            return interrupted;
        }

        private static JsonNode json(byte[] text) throws IOException {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                return JSON.missingNode();
            }
        }
    }
}
