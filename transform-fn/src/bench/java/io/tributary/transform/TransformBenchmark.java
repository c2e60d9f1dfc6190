package io.tributary.transform;

import io.tributary.stream.RecordStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Megabytes of decompressed input a second on one core: gunzip alone, with full normalisation, and with the documents
 * compressed as well. One operation is one request.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class TransformBenchmark {
    /** Nothing is put back here. */
    static final RecordStream NO_STREAM = new RecordStream() {
        @Override
        public Limits limits() {
            return new Limits(1, 1, 1);
        }

        @Override
        public Map<Integer, String> put(List<Entry> batch, Duration timeout) {
            throw new PermanentFailure("no stream", null);
        }
    };

    private static final int BYTES = 4 << 20;

    @Param({"vpc-flow-logs", "cloudtrail"})
    public String source;

    private List<byte[]> records;
    private List<SourceRecord> requests;
    private double megabytes;
    private Gunzip gunzip;
    private Transformer plain;
    private Transformer compressed;

    /** Decompressed megabytes a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Volume {
        public double megabytes;
    }

    @Setup
    public void prepare() throws MalformedRecordException {
        records = SyntheticLogs.records(source, BYTES);
        gunzip = new Gunzip(TransformSettings.DEFAULT_MAX_EXPANDED_BYTES);
        requests = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < records.size(); i++) {
            gunzip.expand(records.get(i));
            bytes += gunzip.length();
            requests.add(new SourceRecord("record-" + i, records.get(i), SyntheticLogs.DELIVERED, "key"));
        }
        megabytes = bytes / 1e6;
        plain = transformer(false);
        compressed = transformer(true);
    }

    private static Transformer transformer(boolean compress) {
        return new Transformer(
                SyntheticLogs.settings(compress),
                InstantSource.fixed(Instant.ofEpochMilli(SyntheticLogs.DELIVERED)),
                List.of(),
                Executors.newCachedThreadPool());
    }

    @TearDown
    public void close() {
        gunzip.close();
        plain.close();
        compressed.close();
    }

    @Benchmark
    public int gunzipAlone(Volume volume) throws MalformedRecordException {
        int length = 0;
        for (byte[] record : records) {
            gunzip.expand(record);
            length += gunzip.length();
        }
        volume.megabytes += megabytes;
        return length;
    }

    /** What the JDK's own stream makes of it. */
    @Benchmark
    public int gzipInputStream(Volume volume) throws IOException {
        int length = 0;
        for (byte[] record : records) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(record))) {
                length += in.readAllBytes().length;
            }
        }
        volume.megabytes += megabytes;
        return length;
    }

    @Benchmark
    public int normalised(Volume volume) {
        return transform(plain, volume);
    }

    @Benchmark
    public int normalisedAndCompressed(Volume volume) {
        return transform(compressed, volume);
    }

    private int transform(Transformer transformer, Volume volume) {
        int bytes = 0;
        // one record at a time, so that no answer's size limit ends the work early
        for (SourceRecord record : requests) {
            Transformer.Result result =
                    transformer.transform("eu-central-1", List.of(record), NO_STREAM, () -> 300_000);
            Outcome.Ok ok = (Outcome.Ok) result.outcomes().get(0);
            bytes += ok.data().length;
        }
        volume.megabytes += megabytes;
        return bytes;
    }
}
