package io.tributary.local.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.transform.LogGroup;
import io.tributary.transform.TransformSettings;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A file of logs, recognised by its content: CloudTrail files, CloudWatch Logs envelopes, captured Firehose requests,
 * EventBridge events and other JSON (one document, several, or one a line), flow logs with or without a header, and any other
 * text. Gzip is unpacked. Read as a stream.
 */
public final class LogFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();
    private static final Pattern CLOUDTRAIL_NAME = Pattern.compile("(\\d{12})_CloudTrail_([a-z0-9-]+)_.*");
    private static final Pattern FLOW_LOG_LINE = Pattern.compile("\\d+ (\\d{12}|unknown) (eni-[0-9a-f]+) .*");
    private static final List<String> TIME_MEMBERS =
            List.of("eventTime", "timestamp", "query_timestamp", "time", "@timestamp", "updatedAt", "stageTimestamp");
    private static final int PEEK = 64 << 10;

    private final String name;
    private final String fileName;
    private final long fileTime;
    /** The fields of the file's own header, as a flow log format; empty if it has none. */
    private String header = "";

    private char separator = ' ';

    /**
     * @param name the file as the user named it, for messages
     * @param fileName its last part
     * @param fileTime the time of events that tell none, epoch milliseconds
     */
    public LogFile(String name, String fileName, long fileTime) {
        this.name = name;
        this.fileName = fileName;
        this.fileTime = fileTime;
    }

    /** The files that arguments of a command line name: directories are read whole, {@code -} is standard input. */
    public static List<Path> paths(List<String> arguments) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (String argument : arguments) {
            Path path = Path.of(argument);
            if (!isStandardInput(path) && !Files.isReadable(path)) {
                throw new InputException(argument + ": " + (Files.exists(path) ? "cannot be read" : "no such file"));
            }
            if (Files.isDirectory(path)) {
                try (Stream<Path> all = Files.walk(path)) {
                    paths.addAll(all.filter(Files::isRegularFile).sorted().toList());
                }
            } else {
                paths.add(path);
            }
        }
        return paths;
    }

    public static boolean isStandardInput(Path path) {
        return path.toString().equals("-");
    }

    /** The file of one of {@link #paths}. */
    public static LogFile of(Path path) throws IOException {
        return isStandardInput(path)
                ? new LogFile("standard input", "standard-input", System.currentTimeMillis())
                : new LogFile(
                        path.toString(),
                        path.getFileName().toString(),
                        Files.getLastModifiedTime(path).toMillis());
    }

    public String name() {
        return name;
    }

    public String fileName() {
        return fileName;
    }

    /** The account that the file's name tells, as those that CloudTrail writes do. */
    public Optional<String> account() {
        Matcher matcher = CLOUDTRAIL_NAME.matcher(fileName);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The Region that the file's name tells. */
    public Optional<String> region() {
        Matcher matcher = CLOUDTRAIL_NAME.matcher(fileName);
        return matcher.matches() ? Optional.of(matcher.group(2)) : Optional.empty();
    }

    /** Unpacks gzip, any number of members. */
    public BufferedInputStream open(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, PEEK);
        buffered.mark(2);
        boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return gzip ? new BufferedInputStream(new GZIPInputStream(buffered, PEEK), PEEK) : buffered;
    }

    /** Which log types the file's own header tells; to be asked before {@link #read}. */
    public Optional<LogGroup> formatByHeader(BufferedInputStream in) throws IOException {
        in.mark(PEEK);
        byte[] start = in.readNBytes(PEEK / 2);
        in.reset();
        String text = new String(start, StandardCharsets.UTF_8);
        String line = text.lines().findFirst().orElse("").strip();
        char comma = line.indexOf(',') > 0 ? ',' : ' ';
        String fields = Arrays.stream(line.split("[ ,]+"))
                .map(field -> field.replace('_', '-'))
                .collect(Collectors.joining(" "));
        for (String source : List.of("vpc-flow-logs", "tgw-flow-logs")) {
            try {
                List<LogGroup> groups = TransformSettings.parseLogGroups("header", "* = " + source + ": " + fields);
                if (fields.indexOf(' ') > 0) {
                    header = fields;
                    separator = comma;
                    return Optional.of(groups.get(0));
                }
            } catch (IllegalArgumentException e) {
                // not such a header, which is nothing wrong: the next is tried
            }
        }
        if (FLOW_LOG_LINE.matcher(line).matches()) {
            return Optional.of(new LogGroup("*", "vpc-flow-logs", ""));
        }
        return Optional.empty();
    }

    /** Reads the file. */
    public void read(BufferedInputStream in, LogEvents events) throws IOException {
        try {
            if (header.isEmpty() && startsJson(in)) {
                json(in, events);
            } else {
                text(in, events);
            }
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new InputException(
                    name + (at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr()) + ": "
                            + e.getOriginalMessage().replaceAll("\\s+", " "));
        }
    }

    private static boolean startsJson(BufferedInputStream in) throws IOException {
        in.mark(PEEK);
        int b = in.read();
        for (int i = 0; i < PEEK / 2 && b >= 0 && Character.isWhitespace(b); i++) {
            b = in.read();
        }
        int next = in.read();
        in.reset();
        // "[" begins a line of many a text, too
        return b == '{' || b == '[' && (next == '{' || next == '\n' || next == ' ' || next == ']');
    }

    // ---- JSON

    private void json(InputStream in, LogEvents events) throws IOException {
        try (JsonParser parser = FACTORY.createParser(in)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.START_ARRAY) {
                    elements(parser, events);
                } else if (parser.currentToken() == JsonToken.START_OBJECT) {
                    document(parser, events);
                } else {
                    throw new InputException(
                            name + ", line " + parser.currentLocation().getLineNr() + ": expected a JSON object");
                }
            }
        }
    }

    private void elements(JsonParser parser, LogEvents events) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode element = parser.readValueAsTree();
            document(element, events);
        }
    }

    /** A CloudTrail file is one object that may be large: its records are read one by one. */
    private void document(JsonParser parser, LogEvents events) throws IOException {
        String first = parser.nextToken() == JsonToken.FIELD_NAME ? parser.currentName() : "";
        if (first.equals("Records") && parser.nextToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                JsonNode record = parser.readValueAsTree();
                events.event(record.toString(), time(record));
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                parser.skipChildren();
            }
            return;
        }
        var object = JSON.createObjectNode();
        while (parser.currentToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            JsonNode value = parser.readValueAsTree();
            object.set(member, value);
            parser.nextToken();
        }
        document(object, events);
    }

    private void document(JsonNode document, LogEvents events) throws IOException {
        boolean eventBridge = document.path("detail-type").isTextual()
                && document.path("detail").isObject();
        if (document.path("messageType").isTextual() || eventBridge) {
            events.record(document.toString().getBytes(StandardCharsets.UTF_8), arrival(document));
        } else if (document.path("records").path(0).path("data").isTextual()) {
            for (JsonNode record : document.path("records")) {
                events.record(record.path("data").binaryValue(), arrival(record));
            }
        } else {
            events.event(document.toString(), time(document));
        }
    }

    /** When something that was captured came: of a record of Firehose it is told; else it is the time of its last event. */
    private long arrival(JsonNode captured) {
        long latest = captured.path("approximateArrivalTimestamp").asLong();
        for (JsonNode event : captured.path("logEvents")) {
            latest = Math.max(latest, event.path("timestamp").asLong());
        }
        return latest > 0 ? latest : time(captured);
    }

    private long time(JsonNode document) {
        for (String member : TIME_MEMBERS) {
            JsonNode value = document.path(member);
            if (value.isIntegralNumber() && value.asLong() > 1_000_000_000_000L) {
                return value.asLong();
            }
            if (value.isTextual()) {
                try {
                    return OffsetDateTime.parse(value.asText()).toInstant().toEpochMilli();
                } catch (DateTimeParseException e) {
                    // no time after all: the next member is tried
                }
            }
        }
        return fileTime;
    }

    // ---- text

    /** One event a line; a line that starts with white space belongs to the one before. */
    private void text(InputStream in, LogEvents events) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), PEEK);
        boolean flowLog = !header.isEmpty();
        if (flowLog) {
            lines.readLine();
        }
        int start = Arrays.asList(header.split(" ")).indexOf("start");
        StringBuilder event = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (flowLog && !line.isBlank()) {
                String values = separator == ',' ? line.replace(',', ' ') : line;
                events.event(values, flowLogTime(values, start));
            } else if (!flowLog) {
                boolean continues = !line.isEmpty() && Character.isWhitespace(line.charAt(0));
                if (!continues && event.length() > 0) {
                    events.event(event.toString(), fileTime);
                    event.setLength(0);
                }
                event.append(event.length() == 0 ? "" : "\n").append(line);
            }
        }
        if (!event.toString().isBlank()) {
            events.event(event.toString(), fileTime);
        }
    }

    private long flowLogTime(String values, int start) {
        String[] parts = values.split(" ");
        if (start < 0 || start >= parts.length || !parts[start].matches("\\d{9,11}")) {
            return fileTime;
        }
        return Instant.ofEpochSecond(Long.parseLong(parts[start])).toEpochMilli();
    }
}
