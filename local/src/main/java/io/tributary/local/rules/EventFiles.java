package io.tributary.local.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.alert.Event;
import io.tributary.local.input.InputException;
import io.tributary.local.input.LogEvents;
import io.tributary.local.input.LogFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/** Reads events that rules look at: CloudTrail files, EventBridge events, findings, envelopes of them, archived documents. */
final class EventFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Consumer<Event> events;
    private long read;
    private long foreign;

    EventFiles(Consumer<Event> events) {
        this.events = events;
    }

    /** How many events were handed on. */
    long read() {
        return read;
    }

    /** How many things in the files were no events that rules look at. */
    long foreign() {
        return foreign;
    }

    void read(List<String> arguments) throws IOException {
        for (Path path : LogFile.paths(arguments)) {
            LogFile file = LogFile.of(path);
            try (BufferedInputStream in =
                    file.open(LogFile.isStandardInput(path) ? System.in : Files.newInputStream(path))) {
                file.read(in, new Reader());
            } catch (ZipException | EOFException e) {
                throw new InputException(path + ": the gzip data is damaged: " + e.getMessage());
            }
        }
    }

    private final class Reader implements LogEvents {
        @Override
        public void event(String message, long timestamp) {
            JsonNode json = json(message.getBytes(StandardCharsets.UTF_8));
            if (json.has("detail-type") && json.path("detail").isObject()) {
                take(new Event(json));
            } else if (json.has("eventSource") && json.has("eventName")) {
                take(Event.ofCloudTrail(json));
            } else if (json.has("schemaVersion") && json.has("severity") && json.has("type")) {
                take(Event.ofFinding(json));
            } else {
                ArchivedEvent.of(json).ifPresentOrElse(this::take, () -> foreign++);
            }
        }

        @Override
        public void record(byte[] data, long arrival) {
            JsonNode json = json(data);
            if (json.path("logEvents").isArray()) {
                for (JsonNode event : json.path("logEvents")) {
                    event(event.path("message").asText(), 0);
                }
            } else if (json.has("detail-type")) {
                take(new Event(json));
            } else {
                foreign++;
            }
        }

        private void take(Event event) {
            read++;
            events.accept(event);
        }

        private JsonNode json(byte[] text) {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                return JSON.missingNode();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
