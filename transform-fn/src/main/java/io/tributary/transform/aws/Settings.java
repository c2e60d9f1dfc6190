package io.tributary.transform.aws;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the deployed function: as properties {@code tributary.…}, or in Lambda as environment variables
 * {@code TRIBUTARY_…}. The README explains each.
 */
@ConfigMapping(prefix = "tributary")
interface Settings {
    /** How events get to the search engine. */
    enum Index {
        /** They are put on a Firehose stream. */
        FIREHOSE,
        /** An OpenSearch Ingestion pipeline reads them from S3. */
        INGESTION,
        /** There is none. */
        NONE
    }

    Index index();

    /** The name of the Firehose stream, if {@link #index} is {@code firehose}. */
    Optional<String> indexStream();

    /**
     * Further Firehose streams that every document is put on: {@code splunk:name} as an event of Splunk's collector, {@code
     * lines:name} with a line feed.
     */
    Optional<List<String>> copies();

    /** {@code pattern = type} or {@code pattern = type: format}, separated by semicolons. */
    Optional<String> logGroups();

    /** {@code account id = name}. */
    Optional<List<String>> accountNames();

    Optional<String> defaultRegion();

    @WithDefault("67108864")
    int maxExpandedBytes();

    @WithDefault("true")
    boolean compress();

    @WithDefault("false")
    boolean partitionByAccount();

    /** Sources whose documents carry the original text. */
    Optional<List<String>> rawData();

    @WithDefault("true")
    boolean redact();

    @WithDefault("false")
    boolean captions();

    /** {@code account id:log group}: log groups whose events may speak for other accounts. */
    Optional<List<String>> trustedOrigins();

    /** The account that CloudWatch's centralization copies log groups to. */
    Optional<String> centralizationAccount();

    /** For the pipeline on one machine: whether an envelope may say that it holds a file, for which whoever replays it vouches. */
    @WithDefault("false")
    boolean acceptFiles();
}
