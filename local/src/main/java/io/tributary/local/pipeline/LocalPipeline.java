package io.tributary.local.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.rule.RuleJson;
import io.tributary.local.pipeline.aws.AwsServer;
import io.tributary.local.pipeline.aws.Glacier;
import io.tributary.local.pipeline.aws.LifecycleClock;
import io.tributary.local.pipeline.events.EventBus;
import io.tributary.local.pipeline.events.Tasks;
import io.tributary.local.pipeline.events.Topics;
import io.tributary.local.pipeline.process.DevFunction;
import io.tributary.local.pipeline.process.Function;
import io.tributary.local.pipeline.process.PackagedFunction;
import io.tributary.local.pipeline.process.Parts;
import io.tributary.local.pipeline.stream.ArchiveStream;
import io.tributary.local.pipeline.stream.Bucket;
import io.tributary.local.pipeline.stream.IndexStream;
import io.tributary.local.pipeline.stream.LogStream;
import io.tributary.local.pipeline.traffic.Account;
import io.tributary.local.pipeline.traffic.Replay;
import io.tributary.local.pipeline.traffic.Traffic;
import io.tributary.opensearch.OpenSearch;
import io.tributary.opensearch.Setup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/** Everything: the three functions, the parts that are real, the stand-ins between them, and traffic. */
public final class LocalPipeline implements AutoCloseable {
    public static final String BUCKET = "tributary-archive";

    private static final String HEADS_BUCKET = "tributary-chain-heads";
    private static final String REGION = "eu-central-1";
    private static final String TABLE = "tributary-alert-state";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Yesterday's objects are compacted at once, into a class that sleeps. */
    private static final String POLICY = """
            version: 1
            defaults:
              searchable: 0d
              classes: [{class: glacier, after: 0d}, {class: deep-archive, after: 90d}]
              retention: 10y
            raw: {retention: 90d, class: {class: standard-ia, after: 30d}}
            """;

    private static final Duration LOOKING = Duration.ofSeconds(5);

    /** As the schedule in AWS. */
    private static final Duration SUMMARIES = Duration.ofMinutes(1);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Counts counts = new Counts();
    private final Fault.Switches faults = new Fault.Switches();
    private final LogStream logs = new LogStream(counts);
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "clock");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Account> accounts;
    private final OpenSearch openSearch;
    private final S3Client s3;
    private final Glacier glacier;
    private final Topics topics;
    private final Tasks tasks;
    private final IndexStream index;
    private final Function transform;
    private final Function alert;
    private final Function archive;
    private final EventBus bus;
    private final Traffic traffic;

    /**
     * What is to be run.
     *
     * @param root of the project
     * @param data where everything is kept
     * @param rate events a second
     * @param page where people look for an event, for alerts to say
     * @param restoring how long an object in a Glacier class takes to wake
     * @param day how long a day takes for the lifecycle rules of the bucket
     * @param logGroups which log groups are of which type, as the transform function is told; may be empty
     * @param inDevelopment functions, such as {@code transform}, that run in dev mode, and where
     */
    public record Plan(
            Path root,
            Path data,
            int accounts,
            double rate,
            long seed,
            URI page,
            Duration restoring,
            Duration day,
            String logGroups,
            Map<String, URI> inDevelopment) {}

    /** Tells how far the start is. */
    public interface Progress {
        void started(String part);
    }

    /**
     * Starts everything but the traffic.
     *
     * @throws IOException if a part does not start; it says which, and where its output is
     */
    public LocalPipeline(Plan plan, Progress progress) throws IOException, InterruptedException {
        accounts = Account.of(plan.accounts());
        try {
            Parts parts = new Parts(plan.root(), plan.data(), plan.data().resolve("logs"));
            ExecutorService starting = Executors.newFixedThreadPool(3);
            try {
                Future<Parts.Running> searching =
                        starting.submit(() -> told(parts.openSearch(), "OpenSearch", progress));
                Future<Parts.Running> storing = starting.submit(() -> told(parts.s3(), "S3", progress));
                Future<Parts.Running> remembering = starting.submit(() -> told(parts.dynamoDb(), "DynamoDB", progress));
                URI dynamoDb = running(remembering).address();
                URI storage = running(storing).address();
                openSearch = new OpenSearch(running(searching).address(), new OpenSearch.Credentials.None());
                LifecycleClock lifecycle =
                        new LifecycleClock(add(s3(storage)), BUCKET, plan.day(), InstantSource.system());
                glacier = add(new Glacier(storage, lifecycle, plan.restoring(), faults, this::restored));
                new Setup(openSearch).apply(false);
                s3 = add(s3(glacier.address()));
                buckets();
                table(dynamoDb);
                topics = add(new Topics(counts));
                tasks = add(new Tasks(counts));
                Bucket bucket = new Bucket(s3, BUCKET, counts);
                index = add(new IndexStream(openSearch, bucket, counts, faults));
                AwsServer aws = add(new AwsServer(logs, index, topics, tasks, faults));
                Map<String, String> environment = environment(aws.address(), glacier.address(), dynamoDb);
                transform = add(function(
                        parts, plan, "transform", 256, Duration.ofMinutes(5), transformSettings(environment, plan)));
                alert = add(function(
                        parts, plan, "alert", 192, Duration.ofMinutes(2), alertSettings(environment, plan.page())));
                archive = add(function(
                        parts,
                        plan,
                        "archive",
                        256,
                        Duration.ofMinutes(15),
                        archiveSettings(environment, aws.address())));
                tasks.start(archive);
                // what alerts leave on the log stream is delivered at the end, too
                add(new ArchiveStream(logs, transform, bucket, counts, faults));
                bus = add(new EventBus(RuleJson.readResource(), alert, logs, counts));
                traffic = add(new Traffic(accounts, logs, bus, counts, plan.seed(), plan.rate()));
                every(LOOKING, lifecycle::tick);
                every(SUMMARIES, this::summarise);
                progress.started("the functions");
            } finally {
                starting.shutdown();
                var unused = starting.awaitTermination(2, TimeUnit.MINUTES);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Parts.Running told(Parts.Running part, String name, Progress progress) {
        progress.started(name);
        synchronized (open) {
            open.push(part);
        }
        return part;
    }

    private static Parts.Running running(Future<Parts.Running> part) throws IOException, InterruptedException {
        try {
            return part.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        }
    }

    private <T extends AutoCloseable> T add(T part) {
        synchronized (open) {
            open.push(part);
        }
        return part;
    }

    private static S3Client s3(URI address) {
        return S3Client.builder()
                .endpointOverride(address)
                .forcePathStyle(true)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private void buckets() {
        for (String bucket : List.of(BUCKET, HEADS_BUCKET)) {
            try {
                s3.createBucket(request -> request.bucket(bucket));
            } catch (BucketAlreadyOwnedByYouException e) {
                // of an earlier start
            }
        }
    }

    /** Has the alert function tell what it has not told yet, as the schedule in AWS does. */
    private void summarise() {
        try {
            alert.invoke("{\"action\":\"summarise\"}".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            counts.add("alert.summaries-failed", 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void table(URI address) {
        try (DynamoDbClient dynamoDb = DynamoDbClient.builder()
                .endpointOverride(address)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            dynamoDb.createTable(CreateTableRequest.builder()
                    .tableName(TABLE)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(key("alert", KeyType.HASH))
                    .attributeDefinitions(
                            attribute("alert", ScalarAttributeType.S),
                            attribute("portion", ScalarAttributeType.S),
                            attribute("due", ScalarAttributeType.N))
                    .globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                            .indexName("due")
                            .keySchema(key("portion", KeyType.HASH), key("due", KeyType.RANGE))
                            .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                            .build())
                    .build());
        } catch (ResourceInUseException e) {
            // of an earlier start
        }
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    /** From its package, unless somebody works on it. */
    private Function function(
            Parts parts, Plan plan, String name, int megabytes, Duration timeout, Map<String, String> environment)
            throws IOException {
        Files.writeString(
                plan.data().resolve(name + ".env"),
                environment.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(setting -> "export " + setting.getKey() + "='"
                                + setting.getValue().replace("'", "'\\''") + "'\n")
                        .collect(Collectors.joining()));
        if (plan.inDevelopment().containsKey(name)) {
            return new DevFunction(plan.inDevelopment().get(name), timeout, HttpClient.newHttpClient());
        }
        return new PackagedFunction(
                parts, name, 1, megabytes, timeout, environment, line -> counts.metrics(name, line));
    }

    /** Where the functions find AWS: the only thing that differs from AWS. */
    private static Map<String, String> environment(URI aws, URI s3, URI dynamoDb) {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", REGION);
        environment.put("AWS_ACCESS_KEY_ID", "local");
        environment.put("AWS_SECRET_ACCESS_KEY", "local");
        for (String service : List.of("KINESIS", "FIREHOSE", "SNS", "SQS")) {
            environment.put("QUARKUS_" + service + "_ENDPOINT_OVERRIDE", aws.toString());
        }
        environment.put("QUARKUS_S3_ENDPOINT_OVERRIDE", s3.toString());
        environment.put("QUARKUS_S3_PATH_STYLE_ACCESS", "true");
        environment.put("QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE", dynamoDb.toString());
        return environment;
    }

    private Map<String, String> transformSettings(Map<String, String> environment, Plan plan) {
        Map<String, String> settings = new HashMap<>(environment);
        if (!plan.logGroups().isEmpty()) {
            settings.put("TRIBUTARY_LOG_GROUPS", plan.logGroups());
        }
        settings.put("TRIBUTARY_TRUSTED_ORIGINS", Account.MANAGEMENT.id() + ":" + Traffic.TRAIL);
        settings.put("TRIBUTARY_ACCEPT_FILES", "true");
        settings.put("TRIBUTARY_INDEX", "firehose");
        settings.put("TRIBUTARY_INDEX_STREAM", "tributary-index");
        settings.put("TRIBUTARY_ACCOUNT_NAMES", names());
        return settings;
    }

    private Map<String, String> alertSettings(Map<String, String> environment, URI page) {
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("TRIBUTARY_STATE_TABLE", TABLE);
        settings.put("TRIBUTARY_LOG_STREAM", "tributary-logs");
        settings.put("TRIBUTARY_ACCOUNT_NAMES", names());
        settings.put("TRIBUTARY_SEARCH_URL", page + "#event={uid}");
        settings.put("TRIBUTARY_CHANNELS__EMAIL__KIND", "email");
        settings.put("TRIBUTARY_CHANNELS__EMAIL__TOPIC", Topics.EMAIL);
        settings.put("TRIBUTARY_CHANNELS__CHAT__KIND", "chat");
        settings.put("TRIBUTARY_CHANNELS__CHAT__TOPIC", Topics.CHAT);
        return settings;
    }

    private static Map<String, String> archiveSettings(Map<String, String> environment, URI aws) {
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("TRIBUTARY_BUCKET", BUCKET);
        settings.put("TRIBUTARY_CHAIN_HEADS_BUCKET", HEADS_BUCKET);
        settings.put("TRIBUTARY_POLICY", POLICY);
        settings.put("TRIBUTARY_QUEUE_URL", aws + "/000000000000/tributary-archive");
        settings.put("TRIBUTARY_NOTICE_TOPIC", Topics.NOTICES);
        settings.put("TRIBUTARY_LOG_STREAM", "arn:aws:kinesis:" + REGION + ":000000000000:stream/tributary-logs");
        return settings;
    }

    private String names() {
        return Stream.concat(Stream.of(Account.MANAGEMENT), accounts.stream())
                .map(account -> account.id() + "=" + account.name())
                .collect(Collectors.joining(","));
    }

    /** S3's event of an object that can be read again. */
    private void restored(String bucket, String key) {
        ObjectNode event = JSON.createObjectNode()
                .put("version", "0")
                .put("id", java.util.UUID.randomUUID().toString())
                .put("detail-type", "Object Restore Completed")
                .put("source", "aws.s3")
                .put("account", "000000000000")
                .put("time", Instant.now().toString())
                .put("region", REGION);
        event.putArray("resources").add("arn:aws:s3:::" + bucket);
        ObjectNode detail = event.putObject("detail").put("version", "0");
        detail.putObject("bucket").put("name", bucket);
        detail.putObject("object").put("key", key);
        detail.put("source-storage-class", "GLACIER");
        try {
            archive.invoke(event.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            counts.add("archive-fn.failed", 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does something every so often, until the end. */
    public void every(Duration period, Runnable task) {
        var unused = clock.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        counts.add("clock.failed", 1);
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Gives the archive function a request, as an operator would.
     *
     * @return its answer
     */
    public JsonNode archive(String request) throws IOException, InterruptedException {
        return JSON.readTree(archive.invoke(request.getBytes(StandardCharsets.UTF_8)));
    }

    public Counts counts() {
        return counts;
    }

    public Fault.Switches faults() {
        return faults;
    }

    public LogStream logs() {
        return logs;
    }

    public IndexStream index() {
        return index;
    }

    public Topics topics() {
        return topics;
    }

    public Tasks tasks() {
        return tasks;
    }

    /** Puts files on their way. */
    public void replay(Replay replay) throws IOException, InterruptedException {
        replay.put(logs, bus, counts);
    }

    public Traffic traffic() {
        return traffic;
    }

    public OpenSearch openSearch() {
        return openSearch;
    }

    public S3Client s3() {
        return s3;
    }

    public Glacier glacier() {
        return glacier;
    }

    public List<Account> accounts() {
        return List.copyOf(accounts);
    }

    /** Ends everything: what came last, first. */
    @Override
    public void close() {
        clock.shutdownNow();
        synchronized (open) {
            while (!open.isEmpty()) {
                try {
                    open.pop().close();
                } catch (Exception e) {
                    counts.add("close.failed", 1);
                }
            }
        }
    }
}
