package io.tributary.local.pipeline.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** An S3 that only takes objects. */
final class MemoryBucket implements S3Client {
    private final Map<String, byte[]> objects = new TreeMap<>();

    @Override
    public synchronized PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        try (InputStream in = body.contentStreamProvider().newStream()) {
            objects.put(request.key(), in.readAllBytes());
            return PutObjectResponse.builder().build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized Map<String, byte[]> objects() {
        return Map.copyOf(objects);
    }

    /** What is in the objects below a prefix, in their order. */
    synchronized List<String> texts(String prefix) {
        List<String> texts = new ArrayList<>();
        objects.forEach((key, data) -> {
            if (key.startsWith(prefix)) {
                texts.add(new String(data, StandardCharsets.UTF_8));
            }
        });
        return texts;
    }

    List<JsonNode> lines(String prefix) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : String.join("", texts(prefix)).split("\n")) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
