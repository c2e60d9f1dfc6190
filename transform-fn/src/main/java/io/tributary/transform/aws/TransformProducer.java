package io.tributary.transform.aws;

import io.quarkus.runtime.Startup;
import io.tributary.stream.RecordStream;
import io.tributary.transform.TransformSettings;
import io.tributary.transform.Transformer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.firehose.FirehoseClient;

/** Puts the core together from the settings; at start, so that a wrong setting fails then. */
@ApplicationScoped
class TransformProducer {
    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    @Startup
    Transformer transformer(Settings settings, InstantSource clock, Instance<FirehoseClient> firehose) {
        return new Transformer(core(settings), clock, indexStream(settings, firehose), Executors.newCachedThreadPool());
    }

    void close(@Disposes Transformer transformer) {
        transformer.close();
    }

    private static TransformSettings core(Settings settings) {
        return new TransformSettings(
                TransformSettings.parseLogGroups(
                        "tributary.log-groups", settings.logGroups().orElse("")),
                TransformSettings.parseAccountNames(
                        "tributary.account-names", settings.accountNames().orElse(List.of())),
                settings.defaultRegion().orElse(""),
                settings.maxExpandedBytes(),
                settings.compress(),
                settings.partitionByAccount(),
                TransformSettings.parseSources(
                        "tributary.raw-data", settings.rawData().orElse(List.of())),
                settings.redact(),
                settings.captions());
    }

    private static Optional<RecordStream> indexStream(Settings settings, Instance<FirehoseClient> firehose) {
        if (settings.index() != Settings.Index.FIREHOSE) {
            return Optional.empty();
        }
        String name = settings.indexStream()
                .orElseThrow(() -> new IllegalArgumentException(
                        "tributary.index-stream is missing: tributary.index is firehose, so it must name the Firehose"
                                + " stream of the search engine"));
        return Optional.of(new FirehoseRecordStream(firehose::get, name));
    }
}
