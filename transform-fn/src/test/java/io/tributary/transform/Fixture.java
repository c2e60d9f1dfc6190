package io.tributary.transform;

import io.tributary.transform.logtype.LogType;
import io.tributary.transform.logtype.LogTypes;
import io.tributary.transform.logtype.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One log message as delivered, {@code logtype/<source>/<name>.log}, less one line feed at its end. Beside it may stand
 * {@code <name>.loggroup}, the log group that it comes from, and {@code <name>.format}, the format configured for that.
 */
record Fixture(String source, String name, byte[] message, String logGroup, String format) {
    static final Path FOLDER = Path.of("src", "test", "resources", "logtype");

    /** All there are, by source and name. */
    static List<Fixture> all() {
        return LogTypes.create().stream().flatMap(type -> of(type).stream()).toList();
    }

    /** Those of one type. */
    static List<Fixture> of(LogType type) {
        Path folder = FOLDER.resolve(type.source());
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .map(file -> read(type, file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Fixture read(LogType type, Path file) {
        try {
            String name = file.getFileName().toString().replace(".log", "");
            byte[] message = Files.readAllBytes(file);
            int length = message.length;
            if (length > 0 && message[length - 1] == '\n') {
                length--;
            }
            return new Fixture(
                    type.source(),
                    name,
                    Arrays.copyOf(message, length),
                    sidecar(file, name + ".loggroup", usualLogGroup(type)),
                    sidecar(file, name + ".format", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sidecar(Path file, String name, String otherwise) throws IOException {
        Path sidecar = file.resolveSibling(name);
        return Files.exists(sidecar) ? Files.readString(sidecar).strip() : otherwise;
    }

    /** A log group that the first of the type's own patterns matches. */
    static String usualLogGroup(LogType type) {
        return type.logGroups().stream().findFirst().orElse("/example/app").replace("*", "example");
    }

    Path expected() {
        return FOLDER.resolve(source).resolve(name + ".expected.json");
    }

    /** Whether the message is not of the form its type demands. */
    boolean isMalformed() {
        return name.startsWith("malformed");
    }

    Origin origin() {
        return Origin.file("123456789012", "eu-central-1", logGroup, "example-stream");
    }

    /** The defaults, with the format of the fixture's log group. */
    TransformSettings settings() {
        return settings(true);
    }

    TransformSettings settings(boolean redact) {
        return TransformSettings.builder()
                .logGroups(format.isEmpty() ? List.of() : List.of(new LogGroup(logGroup, source, format)))
                .redact(redact)
                .build();
    }

    String text() {
        return new String(message, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return source + "/" + name;
    }
}
