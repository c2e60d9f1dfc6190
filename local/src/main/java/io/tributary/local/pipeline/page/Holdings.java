package io.tributary.local.pipeline.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.StorageClass;
import io.tributary.archive.cost.Prices;
import io.tributary.local.pipeline.LocalPipeline;
import io.tributary.local.pipeline.aws.Glacier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What is in the bucket, by place and storage class, and what keeping it would cost; looked at every few seconds. */
final class Holdings {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_SAMPLES = 720;

    private final S3Client s3;
    private final Glacier glacier;
    private final Map<String, ObjectNode> manifests = new TreeMap<>();
    private final Prices prices = Prices.usual();
    private final ArrayNode samples = JSON.createArrayNode();
    private ObjectNode latest = JSON.createObjectNode();

    /** Of one place and class. */
    private static final class Sum {
        private long objects;
        private long bytes;
    }

    Holdings(S3Client s3, Glacier glacier) {
        this.s3 = s3;
        this.glacier = glacier;
    }

    /** Looks again. */
    void look() {
        Map<String, Sum> sums = new TreeMap<>();
        ArrayNode compacted = JSON.createArrayNode();
        for (S3Object object : s3.listObjectsV2Paginator(request -> request.bucket(LocalPipeline.BUCKET))
                .contents()) {
            String place = object.key().substring(0, Math.max(0, object.key().indexOf('/')));
            StorageClass storageClass = storageClass(object.storageClassAsString());
            Sum sum = sums.computeIfAbsent(place + " " + storageClass, key -> new Sum());
            sum.objects++;
            sum.bytes += object.size();
            if (object.key().matches("manifests/.*/manifest-\\d+\\.json")) {
                compacted.add(manifest(object));
            }
        }
        ObjectNode now = JSON.createObjectNode().put("time", System.currentTimeMillis());
        ArrayNode places = now.putArray("places");
        double total = 0;
        for (Map.Entry<String, Sum> each : sums.entrySet()) {
            String[] names = each.getKey().split(" ", -1);
            StorageClass storageClass = StorageClass.valueOf(names[1]);
            Sum sum = each.getValue();
            double cost = prices.storage(storageClass, sum.objects, sum.bytes);
            total += cost;
            places.addObject()
                    .put("place", names[0])
                    .put("class", names[1])
                    .put("objects", sum.objects)
                    .put("bytes", sum.bytes)
                    .put("month", cost);
        }
        now.put("month", total);
        synchronized (samples) {
            latest = now.deepCopy();
            latest.set("compacted", compacted);
            samples.add(now);
            if (samples.size() > MOST_SAMPLES) {
                samples.remove(0);
            }
        }
    }

    /** A compaction run's result: read once, for a manifest is never written again. */
    private ObjectNode manifest(S3Object object) {
        ObjectNode manifest = manifests.computeIfAbsent(object.key(), key -> {
            try {
                JsonNode json = JSON.readTree(s3.getObjectAsBytes(
                                request -> request.bucket(LocalPipeline.BUCKET).key(key))
                        .asByteArray());
                return JSON.createObjectNode()
                        .put("time", object.lastModified().toEpochMilli())
                        .put("source", json.path("source").asText())
                        .put("date", json.path("date").asText())
                        .put("part", json.at("/part/key").asText())
                        .put("class", json.at("/part/storage_class").asText())
                        .put("events", json.at("/part/events").asLong())
                        .put("bytes", json.at("/part/size").asLong())
                        .put("objects", json.path("objects").size())
                        .put("sha256", json.at("/part/sha256").asText());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        ObjectNode copy = manifest.deepCopy();
        glacier.isAwake(LocalPipeline.BUCKET, copy.path("part").asText())
                .ifPresent(isAwake -> copy.put("awake", isAwake));
        return copy;
    }

    private static StorageClass storageClass(String name) {
        for (StorageClass each : StorageClass.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        return StorageClass.STANDARD;
    }

    ObjectNode toJson() {
        synchronized (samples) {
            ObjectNode json = latest.deepCopy();
            json.set("samples", samples.deepCopy());
            return json;
        }
    }
}
