package io.tributary.local.pipeline.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The parts that are real: OpenSearch, an S3, DynamoDB, each in a process of its own, where the build has put them.
 *
 * @param root of the project
 * @param data where they keep what they are given
 * @param logs where what they print goes
 */
public record Parts(Path root, Path data, Path logs) {
    /** A part that runs, and where. */
    public record Running(Child child, URI address) implements AutoCloseable {
        @Override
        public void close() {
            child.close();
        }
    }

    /** Starts OpenSearch; it answers, but may not be ready yet. */
    public Running openSearch() throws IOException, InterruptedException {
        int port = Child.freePort();
        Path node = root.resolve("parts/opensearch-node/target");
        URI address = URI.create("http://localhost:" + port);
        Child child = java(
                "opensearch",
                List.of("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC"),
                node.resolve("classes") + java.io.File.pathSeparator + node.resolve("lib") + "/*",
                List.of(
                        "io.tributary.parts.OpenSearchNode",
                        data.resolve("opensearch").toString(),
                        Integer.toString(port)));
        child.await(URI.create(address + "/_cluster/health?wait_for_status=yellow&timeout=30s"));
        return new Running(child, address);
    }

    /** Starts S3Mock. */
    public Running s3() throws IOException, InterruptedException {
        int port = Child.freePort();
        Path s3 = root.resolve("parts/s3/target");
        Path store = Files.createDirectories(data.resolve("s3"));
        Child child = new Child(
                "s3",
                logs.resolve("s3.log"),
                Map.of(),
                List.of(
                        Child.java(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dloader.path=" + s3.resolve("classes"),
                        "-cp",
                        s3.resolve("s3mock.jar").toString(),
                        "org.springframework.boot.loader.launch.PropertiesLauncher",
                        "--http.port=" + port,
                        "--server.port=" + Child.freePort(),
                        "--vectors.http.port=" + Child.freePort(),
                        "--vectors.https.port=" + Child.freePort(),
                        "--com.adobe.testing.s3mock.store.root=" + store,
                        "--com.adobe.testing.s3mock.store.retainFilesOnExit=true"),
                line -> {});
        URI address = URI.create("http://localhost:" + port);
        child.await(address);
        return new Running(child, address);
    }

    /** Starts DynamoDB Local. */
    public Running dynamoDb() throws IOException, InterruptedException {
        int port = Child.freePort();
        Path target = root.resolve("parts/dynamodb/target");
        Path lib = target.resolve("lib");
        Path store = Files.createDirectories(data.resolve("dynamodb"));
        Child child = java(
                "dynamodb",
                List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dsqlite4java.library.path=" + lib),
                target.resolve("classes") + java.io.File.pathSeparator + lib + "/*",
                List.of("io.tributary.parts.DynamoDb", store.toString(), Integer.toString(port)));
        URI address = URI.create("http://localhost:" + port);
        child.await(address);
        return new Running(child, address);
    }

    private Child java(String name, List<String> options, String classPath, List<String> arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>();
        command.add(Child.java());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath));
        command.addAll(arguments);
        return new Child(name, logs.resolve(name + ".log"), Map.of(), command, line -> {});
    }

    /**
     * Unpacks a function's package, as Lambda does.
     *
     * @throws IOException if it has not been built
     */
    Path unpack(String function, Path folder) throws IOException {
        Path zip = root.resolve(function + "-fn/target/function.zip");
        if (!Files.exists(zip)) {
            throw new IOException(zip + " is not built: ./mvnw package");
        }
        Path target = folder.resolve(function);
        try (InputStream in = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException(zip + " has a path that leads out of it");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(entries, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return target;
    }

    /** AWS's own runtime interface client. */
    String runtimeInterfaceClient() {
        return root.resolve("local/target/parts/runtime") + "/*";
    }
}
