package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.stream.RecordStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The largest request there can be, in a process with 256 MiB of heap. */
class MemoryTest {
    @Test
    void aFullRequestThatExpandsTenTimesFitsIntoAHeapOf256MiB() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullRequest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("answered").doesNotContain("OutOfMemoryError");
        assertThat(process.exitValue()).isZero();
    }

    /** Runs in its own process. */
    static final class FullRequest {
        public static void main(String[] arguments) throws IOException {
            byte[] request = request();
            AtomicInteger documents = new AtomicInteger();
            AtomicInteger putBack = new AtomicInteger();
            RecordStream index = stream(documents);
            Transformer transformer = new Transformer(
                    TransformSettings.DEFAULTS,
                    InstantSource.system(),
                    List.of(DocumentStream.index(index)),
                    Executors.newCachedThreadPool());
            TransformHandler handler = new TransformHandler(
                    transformer,
                    source -> stream(putBack),
                    InstantSource.system(),
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
            int size = 0;
            // again and again: what one request leaves behind must not add up
            for (int i = 0; i < 5; i++) {
                ByteArrayOutputStream answer = new ByteArrayOutputStream(64);
                handler.handleRequest(new ByteArrayInputStream(request), answer, new FakeContext());
                size = answer.size();
            }
            System.out.println("answered " + request.length + " bytes with " + size + ", " + documents + " documents, "
                    + putBack + " records put back");
            if (size == 0 || size > Transformer.MAX_RESPONSE_BYTES || documents.get() == 0) {
                System.exit(1);
            }
            System.exit(0);
        }

        /** Just under 6 MB of records of a megabyte each, which expand ten times. */
        private static byte[] request() throws IOException {
            Random random = new Random(11);
            StringBuilder request = new StringBuilder(6 << 20);
            request.append("{\"invocationId\":\"1\",\"region\":\"eu-central-1\",\"records\":[");
            for (int i = 0; request.length() < 5_000_000; i++) {
                request.append(i == 0 ? "" : ",").append("{\"recordId\":\"" + i + "\",\"data\":\"");
                request.append(Base64.getEncoder().encodeToString(record(random)));
                request.append("\"}");
            }
            return request.append("]}").toString().getBytes(StandardCharsets.UTF_8);
        }

        private static byte[] record(Random random) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                StringBuilder text = new StringBuilder("{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\",")
                        .append("\"logGroup\":\"/aws/vpc/flow-logs\",\"logStream\":\"eni-1-all\",\"logEvents\":[");
                for (int i = 0; i < 42_000; i++) {
                    text.append(i == 0 ? "" : ",")
                            .append("{\"id\":\"39526091784780418849722705040817278826855179647008")
                            .append(100_000 + i)
                            .append(
                                    "\",\"timestamp\":1772359200000,\"message\":\"2 123456789012 eni-0a1b2c3d4e5f60718 10.0.")
                            .append(random.nextInt(256))
                            .append('.')
                            .append(random.nextInt(256))
                            .append(" 192.0.2.")
                            .append(random.nextInt(256))
                            .append(' ')
                            .append(random.nextInt(65_536))
                            .append(" 443 6 ")
                            .append(random.nextInt(100))
                            .append(' ')
                            .append(random.nextInt(1_000_000))
                            .append(" 1772359140 1772359199 ACCEPT OK\"}");
                }
                out.write(text.append("]}").toString().getBytes(StandardCharsets.UTF_8));
            }
            return bytes.toByteArray();
        }

        /** A stream that takes its time, so that several batches are in memory. */
        private static RecordStream stream(AtomicInteger records) {
            return new RecordStream() {
                @Override
                public Limits limits() {
                    return new Limits(500, 4 << 20, 1_024_000);
                }

                @Override
                public Map<Integer, String> put(List<Entry> batch, Duration timeout) {
                    records.addAndGet(batch.size());
                    return Map.of();
                }
            };
        }
    }
}
