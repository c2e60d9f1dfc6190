package io.tributary.archive.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.StorageClass;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Prices of S3, from one dated file. Amounts are of the file's currency.
 *
 * @param date when they were entered
 * @see <a href="https://aws.amazon.com/s3/pricing/">S3 pricing</a>
 */
public record Prices(String date, String region, String currency, String note, Map<StorageClass, Price> classes) {
    /** What S3 calls a gigabyte. */
    public static final double GB = 1L << 30;

    /** What S3 charges for beside each object in a Glacier class, at the price of the class, and at that of Standard. */
    private static final double SLEEPING_OVERHEAD = 32 << 10;

    private static final double NAME_OVERHEAD = 8 << 10;

    /** The least that S3 charges for an object of Standard-IA and Glacier Instant Retrieval. */
    private static final double LEAST_BYTES = 128 << 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Of a storage class.
     *
     * @param gbMonth a gigabyte for a month
     * @param write a PUT, COPY, POST or LIST request
     * @param read a GET request
     * @param transition of an object by a lifecycle rule
     * @param retrievalGb a gigabyte that is read
     * @param restore by tier, where objects are asleep
     */
    public record Price(
            double gbMonth,
            double write,
            double read,
            double transition,
            double retrievalGb,
            Map<RestoreTier, Restore> restore) {
        public Price {
            restore = Map.copyOf(restore);
        }
    }

    /** Of waking objects: a gigabyte and a request. */
    public record Restore(double gb, double request) {}

    public Prices {
        classes = Map.copyOf(classes);
    }

    /** The prices that come with the project. */
    public static Prices usual() {
        try (InputStream in = Prices.class.getResourceAsStream("/prices.json")) {
            return parse(Objects.requireNonNull(in).readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("the project's own prices", e);
        }
    }

    /**
     * Reads prices.
     *
     * @throws IOException if they are not complete
     */
    public static Prices parse(byte[] text) throws IOException {
        JsonNode json = JSON.readTree(text);
        Map<StorageClass, Price> classes = new EnumMap<>(StorageClass.class);
        for (StorageClass storageClass : StorageClass.values()) {
            JsonNode one = json.path("classes").path(storageClass.name());
            Map<RestoreTier, Restore> restore = new EnumMap<>(RestoreTier.class);
            for (RestoreTier tier : RestoreTier.values()) {
                JsonNode price = one.path("restore").path(tier.name());
                if (price.isObject()) {
                    restore.put(tier, new Restore(number(price, "gb"), number(price, "request_1000") / 1000));
                }
            }
            classes.put(
                    storageClass,
                    new Price(
                            number(one, "gb_month"),
                            number(one, "write_1000") / 1000,
                            number(one, "read_1000") / 1000,
                            number(one, "transition_1000") / 1000,
                            number(one, "retrieval_gb"),
                            restore));
        }
        return new Prices(
                json.path("date").asText(),
                json.path("region").asText(),
                json.path("currency").asText(),
                json.path("note").asText(),
                classes);
    }

    private static double number(JsonNode object, String name) throws IOException {
        if (!object.path(name).isNumber()) {
            throw new IOException("a price is missing: " + name);
        }
        return object.path(name).asDouble();
    }

    public Price of(StorageClass storageClass) {
        return Objects.requireNonNull(classes.get(storageClass));
    }

    /**
     * Objects for a month, with what S3 adds to those that sleep, and the least size that it charges for. Exact where all objects
     * are of one size; where some are below the least size and others above it, too low.
     */
    public double storage(StorageClass storageClass, long objects, long bytes) {
        double gbMonth = of(storageClass).gbMonth();
        if (storageClass.isAsleep()) {
            return (bytes + objects * SLEEPING_OVERHEAD) / GB * gbMonth
                    + objects * NAME_OVERHEAD / GB * of(StorageClass.STANDARD).gbMonth();
        }
        boolean hasLeast = storageClass == StorageClass.STANDARD_IA || storageClass == StorageClass.GLACIER_IR;
        return Math.max((double) bytes, hasLeast ? objects * LEAST_BYTES : 0) / GB * gbMonth;
    }
}
