package io.tributary.local.archive;

import io.tributary.archive.ArchiveStore;
import io.tributary.archive.FolderArchiveStore;
import io.tributary.archive.aws.S3ArchiveStore;
import io.tributary.local.input.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Which archive a command is about. */
final class ArchiveOptions implements AutoCloseable {
    private static final String S3 = "s3://";

    @Parameters(paramLabel = "ARCHIVE", description = "s3://bucket, or a folder of the same layout.")
    private String archive;

    @Option(names = "--endpoint", paramLabel = "URL", description = "Another S3 than Amazon's.")
    private Optional<URI> endpoint = Optional.empty();

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "The bucket's Region. Default: as the AWS CLI has it.")
    private Optional<String> region = Optional.empty();

    private Optional<S3Client> client = Optional.empty();
    private Optional<S3ArchiveStore> bucketStore = Optional.empty();
    private final ExecutorService executor = Executors.newCachedThreadPool();

    boolean isBucket() {
        return archive.startsWith(S3);
    }

    String bucket() {
        return bucket(archive);
    }

    private static String bucket(String place) {
        return place.substring(S3.length()).replaceAll("/$", "");
    }

    ArchiveStore store() throws IOException {
        if (isBucket()) {
            S3ArchiveStore store = new S3ArchiveStore(client(), bucket(), executor);
            bucketStore = Optional.of(store);
            return store;
        }
        return folder(archive);
    }

    /** Another bucket, or folder. */
    ArchiveStore store(String place) throws IOException {
        return place.startsWith(S3) ? new S3ArchiveStore(client(), bucket(place), executor) : folder(place);
    }

    private static ArchiveStore folder(String place) throws InputException {
        if (!Files.isDirectory(Path.of(place))) {
            throw new InputException(place + ": no such folder");
        }
        return new FolderArchiveStore(Path.of(place));
    }

    S3Client client() {
        if (client.isEmpty()) {
            S3ClientBuilder builder = S3Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder());
            endpoint.ifPresent(url -> builder.endpointOverride(url).forcePathStyle(true));
            inRegion(builder);
            client = Optional.of(builder.build());
        }
        return client.get();
    }

    /** Sets the Region of a client, if one is named. */
    <B extends AwsClientBuilder<B, ?>> void inRegion(B builder) {
        // the Java SDK does not know the variable that the AWS CLI knows
        region.or(() -> Optional.ofNullable(System.getenv("AWS_REGION")))
                .or(() -> Optional.ofNullable(System.getenv("AWS_DEFAULT_REGION")))
                .map(Region::of)
                .ifPresent(builder::region);
    }

    /** What runs beside the command. */
    ExecutorService executor() {
        return executor;
    }

    /** Tells how many requests S3 got; nothing of a folder. */
    void requests(PrintWriter out) {
        bucketStore.ifPresent(store -> {
            Map<S3ArchiveStore.Request, Long> requests = store.requests();
            out.printf(
                    Locale.ROOT,
                    "%,d requests to write and list, %,d to read, %,d to delete, %,d to restore%n",
                    requests.get(S3ArchiveStore.Request.WRITE),
                    requests.get(S3ArchiveStore.Request.READ),
                    requests.get(S3ArchiveStore.Request.DELETE),
                    requests.get(S3ArchiveStore.Request.RESTORE));
        });
    }

    @Override
    public void close() {
        executor.shutdownNow();
        client.ifPresent(S3Client::close);
    }
}
