package io.tributary.transform.aws;

import io.quarkus.runtime.Startup;
import io.tributary.transform.DocumentStream;
import io.tributary.transform.DocumentStream.Frame;
import io.tributary.transform.TransformSettings;
import io.tributary.transform.Transformer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
        return new Transformer(core(settings), clock, streams(settings, firehose), Executors.newCachedThreadPool());
    }

    void close(@Disposes Transformer transformer) {
        transformer.close();
    }

    private static TransformSettings core(Settings settings) {
        return TransformSettings.builder()
                .logGroups(TransformSettings.parseLogGroups(
                        "tributary.log-groups", settings.logGroups().orElse("")))
                .accountNames(TransformSettings.parseAccountNames(
                        "tributary.account-names", settings.accountNames().orElse(List.of())))
                .defaultRegion(settings.defaultRegion().orElse(""))
                .maxExpandedBytes(settings.maxExpandedBytes())
                .compress(settings.compress())
                .partitionByAccount(settings.partitionByAccount())
                .rawDataSources(TransformSettings.parseSources(
                        "tributary.raw-data", settings.rawData().orElse(List.of())))
                .redact(settings.redact())
                .captions(settings.captions())
                .trustedOrigins(TransformSettings.parseTrustedOrigins(
                        "tributary.trusted-origins", settings.trustedOrigins().orElse(List.of())))
                .centralizationAccount(settings.centralizationAccount().orElse(""))
                .acceptsFiles(settings.acceptFiles())
                .build();
    }

    private static List<DocumentStream> streams(Settings settings, Instance<FirehoseClient> firehose) {
        List<DocumentStream> streams = new ArrayList<>();
        if (settings.index() == Settings.Index.FIREHOSE) {
            String name = settings.indexStream()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "tributary.index-stream is missing: tributary.index is firehose, so it must name the Firehose"
                                    + " stream of the search engine"));
            streams.add(DocumentStream.index(new FirehoseRecordStream(firehose::get, name)));
        }
        for (String copy : settings.copies().orElse(List.of())) {
            String[] parts = copy.strip().split(":", 2);
            Frame frame = switch (parts[0]) {
                case "splunk" -> Frame.SPLUNK;
                case "lines" -> Frame.LINE;
                default ->
                    throw new IllegalArgumentException(
                            "tributary.copies: expected splunk:stream or lines:stream, found \"" + copy + "\"");
            };
            if (parts.length < 2 || parts[1].isEmpty()) {
                throw new IllegalArgumentException("tributary.copies: \"" + copy + "\" names no stream");
            }
            streams.add(
                    new DocumentStream("stream " + parts[1], new FirehoseRecordStream(firehose::get, parts[1]), frame));
        }
        return streams;
    }
}
