package io.tributary.local.transform;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder with the layout of the archive bucket: {@code events/} by source and day, {@code raw/} and {@code failed/}. As in
 * Firehose, the records of a partition are joined byte for byte.
 */
final class ArchiveFolder {
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyy/MM/dd/HH").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final String extension;
    private final Instant now;
    private final Set<Path> begun = new HashSet<>();

    /** @param compressed whether the events' data is gzip */
    ArchiveFolder(Path root, boolean compressed, Instant now) {
        this.root = root;
        this.extension = compressed ? ".ndjson.gz" : ".ndjson";
        this.now = now;
    }

    /** Whether the folder holds an archive already, of this command or another. */
    static boolean isUsed(Path root) throws IOException {
        for (String part : new String[] {"events", "raw", "failed"}) {
            if (Files.exists(root.resolve(part))) {
                return true;
            }
        }
        return false;
    }

    /** Removes what {@link #isUsed} finds, and nothing else. */
    static void clear(Path root) throws IOException {
        for (String part : new String[] {"events", "raw", "failed"}) {
            if (Files.exists(root.resolve(part))) {
                try (Stream<Path> files = Files.walk(root.resolve(part))) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    void events(byte[] data, Map<String, String> partitionKeys) throws IOException {
        Path folder = root.resolve("events").resolve("source=" + partitionKeys.get("source"));
        if (partitionKeys.containsKey("account")) {
            folder = folder.resolve("account=" + partitionKeys.get("account"));
        }
        append(folder.resolve("date=" + partitionKeys.get("date")).resolve("events-1" + extension), data);
    }

    /** Keeps a record as it was received. */
    void raw(byte[] record) throws IOException {
        append(root.resolve("raw").resolve(HOUR.format(now)).resolve("records-1"), record);
    }

    /** Keeps a record that could not be processed, as Firehose does. */
    void failed(byte[] record) throws IOException {
        ObjectNode error = JSON.createObjectNode();
        error.put("attemptsMade", 1);
        error.put("arrivalTimestamp", now.toEpochMilli());
        error.put("errorCode", "Lambda.FunctionError");
        error.put("errorMessage", "The Lambda function reported ProcessingFailed");
        error.put("attemptEndingTimestamp", now.toEpochMilli());
        error.put("rawData", record);
        error.put("lambdaArn", "arn:aws:lambda:us-east-1:000000000000:function:transform");
        byte[] line = (error + "\n").getBytes(StandardCharsets.UTF_8);
        append(
                root.resolve("failed/processing-failed")
                        .resolve(HOUR.format(now))
                        .resolve("records-1.json"),
                line);
    }

    private void append(Path file, byte[] data) throws IOException {
        if (begun.add(file)) {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write(data);
        }
    }
}
