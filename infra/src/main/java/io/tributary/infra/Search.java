package io.tributary.infra;

import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/** The search engine, of whichever kind, and what brings events there. */
final class Search extends Construct {
    private Optional<SearchDomain> domain = Optional.empty();
    private Optional<IndexStream> stream = Optional.empty();
    private Optional<IngestionPipeline> pipeline = Optional.empty();
    private Optional<String> endpoint = Optional.empty();

    Search(Construct scope, String id, Settings.Index index, Storage storage) {
        super(scope, id);
        if (index.isDomain()) {
            SearchDomain made = new SearchDomain(this, "Domain", index, storage);
            domain = Optional.of(made);
            endpoint = Optional.of("https://" + made.domain().getDomainEndpoint());
        }
        switch (index.kind()) {
            case DOMAIN -> {
                stream = Optional.of(new IndexStream(
                        this, "Stream", storage, domain.orElseThrow().domain().getDomainArn()));
                domain.orElseThrow().allow(List.of(stream.get().role().getRoleArn()));
            }
            case EXISTING ->
                stream = Optional.of(
                        new IndexStream(this, "Stream", storage, index.domain().orElseThrow()));
            case INGESTION -> {
                pipeline = Optional.of(new IngestionPipeline(
                        this,
                        "Pipeline",
                        storage,
                        domain.orElseThrow().domain().getDomainArn(),
                        endpoint.orElseThrow(),
                        false));
                domain.orElseThrow().allow(List.of(pipeline.get().role().getRoleArn()));
            }
            case SERVERLESS -> {
                SearchCollection collection = new SearchCollection(this, "Collection", storage);
                endpoint = Optional.of(collection.endpoint());
                pipeline = Optional.of(new IngestionPipeline(
                        this, "Pipeline", storage, collection.arn(), collection.endpoint(), true));
                collection.allow(List.of(pipeline.get().role().getRoleArn()));
            }
            case NONE -> {
                // S3 only
            }
        }
    }

    /** A domain of our own. */
    Optional<SearchDomain> domain() {
        return domain;
    }

    /** The Firehose stream that the transform function puts documents on. */
    Optional<IndexStream> stream() {
        return stream;
    }

    /** What reads documents from S3. */
    Optional<IngestionPipeline> pipeline() {
        return pipeline;
    }

    /** Where people, and {@code tributary opensearch setup}, find it. */
    Optional<String> endpoint() {
        return endpoint;
    }

    /** Who writes documents: a domain that exists has to let it. */
    Optional<Role> writer() {
        return stream.map(IndexStream::role).or(() -> pipeline.map(IngestionPipeline::role));
    }
}
