package io.tributary.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.FolderArchiveStore;
import io.tributary.archive.Problem;
import io.tributary.archive.RestoreTier;
import io.tributary.archive.compaction.ChainHeads;
import io.tributary.archive.compaction.Chains;
import io.tributary.archive.cost.Prices;
import io.tributary.archive.replay.Replayer;
import io.tributary.archive.replay.StreamSink;
import io.tributary.archive.restore.Query;
import io.tributary.archive.restore.RestoreJob;
import io.tributary.archive.restore.RestoreRequest;
import io.tributary.archive.restore.Restorer;
import io.tributary.stream.RecordStream;
import io.tributary.transform.DocumentStream;
import io.tributary.transform.Outcome;
import io.tributary.transform.SourceRecord;
import io.tributary.transform.TransformSettings;
import io.tributary.transform.Transformer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** From the archive through the log stream and the transform function to the search engine: the functions understand each other. */
class ReplayTest {
    @TempDir
    private Path folder;

    private final ExecutorService executor = Executors.newCachedThreadPool();

    private static final class Collecting implements RecordStream {
        private final List<Entry> entries = new ArrayList<>();

        @Override
        public Limits limits() {
            return new Limits(500, 4 << 20, 1_024_000);
        }

        @Override
        public synchronized Map<Integer, String> put(List<Entry> batch, Duration timeout) {
            entries.addAll(batch);
            return Map.of();
        }
    }

    @Test
    void archivedEventsAreIndexedAgainAsTheyWereAndArchivedNoSecondTime() throws IOException {
        Path archive = folder.resolve("out");
        run("transform", "--out", archive.toString(), "../examples");
        List<String> documents = documents(archive.resolve("events"));
        run("archive", "run", "--before", "2030-01-01", archive.toString());

        Collecting logStream = new Collecting();
        replay(new FolderArchiveStore(archive), logStream);
        Collecting index = new Collecting();
        List<Outcome> outcomes = transform(logStream, index);

        assertThat(index.entries.stream().map(entry -> new String(entry.data(), StandardCharsets.UTF_8)))
                .containsExactlyInAnyOrderElementsOf(documents);
        assertThat(outcomes)
                .isNotEmpty()
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Ok.class,
                                ok -> assertThat(ok.partitionKeys()).containsEntry("source", "replayed")));
    }

    private void replay(ArchiveStore store, RecordStream stream) throws IOException {
        Query query = new Query(Instant.EPOCH, Instant.parse("2030-01-01T00:00:00Z"), Set.of(), Set.of());
        Chains chains = new Chains(store, ChainHeads.NONE, InstantSource.system());
        RestoreJob job = new Restorer(chains, Prices.usual(), (subject, text) -> {}, line -> {})
                .plan("test", new RestoreRequest(query, RestoreTier.STANDARD, 1, true))
                .job();
        StreamSink sink =
                new StreamSink(stream, executor, () -> Long.MAX_VALUE, millis -> {}, Integer.MAX_VALUE, job.id());
        Replayer.Report silent = new Replayer.Report() {
            @Override
            public void unreadable(String key, String reason) {
                throw new AssertionError(key + ": " + reason);
            }

            @Override
            public void problem(Problem problem) {
                throw new AssertionError(problem);
            }

            @Override
            public void progress(long events, String where) {}
        };
        assertThat(new Replayer(chains, sink, silent, () -> Long.MAX_VALUE).events(job, Replayer.Position.START))
                .isEmpty();
    }

    private List<Outcome> transform(Collecting logStream, Collecting index) {
        TransformSettings settings = TransformSettings.DEFAULTS;
        List<SourceRecord> records = new ArrayList<>();
        logStream.entries.forEach(
                entry -> records.add(new SourceRecord("r" + records.size(), entry.data(), 0, entry.partitionKey())));
        try (Transformer transformer =
                new Transformer(settings, InstantSource.system(), List.of(DocumentStream.index(index)), executor)) {
            return transformer
                    .transform("eu-central-1", records, new Collecting(), () -> 60_000)
                    .outcomes();
        }
    }

    private static List<String> documents(Path folder) throws IOException {
        List<String> documents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (var in = new GZIPInputStream(Files.newInputStream(file))) {
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .forEach(documents::add);
                }
            }
        }
        return documents;
    }

    private static void run(String... arguments) {
        CommandLine commandLine = Tributary.commandLine();
        StringWriter out = new StringWriter();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(out));
        assertThat(commandLine.execute(arguments)).as(out.toString()).isZero();
    }
}
