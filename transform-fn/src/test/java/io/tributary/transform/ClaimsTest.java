package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.transform.logtype.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes a log line may claim anything in it, and decides neither whose it is, nor its id, nor where it is stored. */
class ClaimsTest {
    private static final String MANAGEMENT = "111122223333";
    private static final String VICTIM = "123456789012";
    private static final String ATTACKER = "999999999999";
    private static final String TRAIL = "/tributary-cloudtrail";
    private static final ExecutorService EXECUTOR = Executors.newSingleThreadExecutor();

    private static final TransformSettings SETTINGS = TransformSettings.builder()
            .trustedOrigins(List.of(new TrustedOrigin(MANAGEMENT, TRAIL)))
            .build();

    private static final String DELETE_BUCKET = """
            {"eventVersion":"1.11","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/mallory"},\
            "eventTime":"2026-03-01T09:59:00Z","eventSource":"s3.amazonaws.com","eventName":"DeleteBucket",\
            "awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","requestParameters":{"bucketName":"payroll"},\
            "eventID":"aaaaaaaa-bbbb-4ccc-8ddd-000000000001","recipientAccountId":"123456789012"}""";

    private static final String FINDING = """
            {"schemaVersion":"2.0","accountId":"123456789012","region":"us-east-1","id":"f00d","type":"Recon:EC2/Portscan",\
            "arn":"arn:aws:guardduty:us-east-1:123456789012:detector/d/finding/f00d","severity":5,\
            "updatedAt":"2026-03-01T09:59:00.000Z","service":{"count":1}}""";

    static List<Fixture> fixtures() {
        return Fixture.all();
    }

    @AfterContainer
    static void stop() {
        EXECUTOR.shutdownNow();
    }

    // ---- the demonstrations

    @ParameterizedTest
    @ValueSource(strings = {"/shop/orders", "/aws/lambda/shop", "my-cloudtrail", "/aws/events/guardduty", "x"})
    void aLogLineReplacesNoEventOfAnotherAccount(String logGroup) {
        List<JsonNode> documents = transform(
                Envelopes.data(MANAGEMENT, TRAIL, "t", List.of(DELETE_BUCKET)),
                Envelopes.data(ATTACKER, logGroup, "a", List.of(DELETE_BUCKET.replace("DeleteBucket", "ListBuckets"))));
        JsonNode real = documents.get(0);
        assertThat(real.at("/metadata/uid").asText()).isEqualTo("aaaaaaaa-bbbb-4ccc-8ddd-000000000001");
        assertThat(real.at("/cloud/account/uid").asText()).isEqualTo(VICTIM);
        assertThat(real.at("/cloud/region").asText()).isEqualTo("us-east-1");
        assertThat(real.at("/metadata/tenant_uid").asText()).isEqualTo(MANAGEMENT);
        JsonNode forged = documents.get(1);
        assertThat(forged.at("/metadata/uid").asText()).isEqualTo("999999999999/a0");
        assertThat(forged.at("/cloud/account/uid").asText()).isEqualTo(ATTACKER);
        assertThat(forged.at("/cloud/region").asText()).isEqualTo("eu-central-1");
        assertThat(forged.at("/metadata/tenant_uid").asText()).isEqualTo(ATTACKER);
        assertThat(forged.at("/metadata/log_name").asText()).isEqualTo(logGroup);
    }

    @Test
    void whatIsClaimedIsKeptAsAClaim() {
        JsonNode forged = transform(Envelopes.data(ATTACKER, "my-cloudtrail", "a", List.of(DELETE_BUCKET)))
                .get(0);
        assertThat(forged.at("/api/operation").asText()).isEqualTo("DeleteBucket");
        assertThat(forged.at("/metadata/original_event_uid").asText())
                .isEqualTo("aaaaaaaa-bbbb-4ccc-8ddd-000000000001");
        assertThat(forged.at("/unmapped/recipientAccountId").asText()).isEqualTo(VICTIM);
        assertThat(forged.at("/unmapped/awsRegion").asText()).isEqualTo("us-east-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/shop/orders", "/aws/events/guardduty"})
    void aForgedFindingIsOfWhoWroteIt(String logGroup) {
        JsonNode forged = transform(Envelopes.data(ATTACKER, logGroup, "a", List.of(FINDING)))
                .get(0);
        assertThat(forged.at("/cloud/account/uid").asText()).isEqualTo(ATTACKER);
        assertThat(forged.at("/metadata/uid").asText()).isEqualTo("999999999999/a0");
    }

    /** A client chooses it, by the header Audit-ID. */
    @Test
    void anAuditIdHidesNoRequestBehindAnother() {
        String audit = """
                {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"same","stage":"ResponseComplete",\
                "requestURI":"%s","verb":"get","user":{"username":"ann"},"stageTimestamp":"2026-03-01T09:59:00Z"}""";
        List<JsonNode> documents = transform(Envelopes.data(
                VICTIM,
                "/aws/eks/prod/cluster",
                "a",
                List.of(audit.formatted("/api/v1/secrets"), audit.formatted("/healthz"))));
        assertThat(uids(documents)).containsExactly("123456789012/a0", "123456789012/a1");
    }

    // ---- which type an event is of

    @ParameterizedTest
    @CsvSource({
        "aws-controltower/CloudTrailLogs, cloudtrail",
        "CloudTrail/DefaultLogGroup, cloudtrail",
        "aws-cloudtrail-logs-123456789012-a1b2c3d4, cloudtrail",
        "aws/cloudtrail/managementevents, cloudtrail",
        "ORG-CLOUDTRAIL, cloudtrail",
        "/aws/vpc/vpc-0123456789abcdef0, vpc-flow-logs",
        "My-VPC-FlowLogs, vpc-flow-logs",
        "AWS-WAF-Logs-shop, waf",
        "/aws/events/GuardDuty, guardduty",
        "/shop/orders, application"
    })
    void aLogGroupsNameDecidesInWhateverCaseItIs(String logGroup, String source) {
        List<JsonNode> documents = transform(Envelopes.data(VICTIM, logGroup, "a", List.of(DELETE_BUCKET, "text")));
        assertThat(documents)
                .hasSize(2)
                .allSatisfy(document ->
                        assertThat(document.at("/metadata/source").asText()).isEqualTo(source));
    }

    // ---- what CloudWatch Logs tells

    @ParameterizedTest
    @CsvSource({
        // a subscription's own fields may bear these names, and have what the line says
        "999999999999, /shop/orders, 123456789012, us-east-1, 999999999999, eu-central-1",
        "999999999999, /shop/orders, 999999999999, us-east-1, 999999999999, us-east-1",
        "999999999999, /shop/orders, '', us-east-1, 999999999999, us-east-1",
        "111122223333, /tributary-cloudtrail, 123456789012, us-east-1, 123456789012, us-east-1",
    })
    void aSystemFieldCountsOnlyForTheOwnerOrFromATrustedOrigin(
            String owner, String logGroup, String told, String toldRegion, String account, String region) {
        String envelope = Envelopes.data(owner, logGroup, "a", List.of("{\"eventName\":\"x\"}"))
                .replace(
                        "\"message\":",
                        "\"extractedFields\":{\"@aws.account\":\"%s\",\"@aws.region\":\"%s\"},\"message\":"
                                .formatted(told, toldRegion));
        JsonNode document = transform(envelope).get(0);
        assertThat(document.at("/cloud/account/uid").asText()).isEqualTo(account);
        assertThat(document.at("/cloud/region").asText()).isEqualTo(region);
    }

    @ParameterizedTest
    @CsvSource({
        "'[\"tributary-ap-southeast-2\"]', ap-southeast-2",
        "'[\"other\", 5, [\"tributary-us-east-1\"], \"tributary-us-gov-west-1\"]', us-gov-west-1",
        "'[\"tributary\",\"tributary-\",\"tributary-nowhere\",\"x-tributary-us-east-1\"]', eu-central-1",
        "'[]', eu-central-1",
        "'\"tributary-us-east-1\"', eu-central-1",
    })
    void aSubscriptionsNameTellsTheRegion(String subscriptions, String region) {
        String envelope =
                Envelopes.data(VICTIM, "/shop/orders", "a", List.of("m")).replace("[\"all\"]", subscriptions);
        assertThat(transform(envelope).get(0).at("/cloud/region").asText()).isEqualTo(region);
    }

    // ---- every type

    @ParameterizedTest
    @MethodSource("fixtures")
    void noTypeBelievesALogGroupThatIsNotTrusted(Fixture fixture) {
        Origin origin = Origin.logGroup(ATTACKER, "eu-central-1", fixture.logGroup(), "s", "");
        JsonNode document = LeanChecks.parse(Normalised.of(fixture.settings(false), origin, fixture.message())
                .document());
        assertThat(document.at("/metadata/uid").asText()).matches("999999999999/\\d{56}");
        assertThat(document.at("/metadata/tenant_uid").asText()).isEqualTo(ATTACKER);
        assertThat(document.at("/cloud/account/uid").asText()).isEqualTo(ATTACKER);
        assertThat(document.at("/cloud/region").asText()).isEqualTo("eu-central-1");
        OcsfSchema.find()
                .ifPresent(schema -> assertThat(schema.problems(document)).isEmpty());
    }

    /** AWS, or this project, makes these unique. Whoever adds a type to them answers for that. */
    @Test
    void onlyTheseTypesHaveIdsOfTheirOwn() {
        Set<String> types = new TreeSet<>();
        for (Fixture fixture : fixtures()) {
            String uid = LeanChecks.parse(Normalised.of(fixture).document())
                    .at("/metadata/uid")
                    .asText();
            if (!uid.matches("123456789012/\\d{56}")) {
                types.add(fixture.source());
            }
        }
        assertThat(types).containsExactly("cloudtrail", "guardduty", "tributary-alerts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a b\"",
                "\"123456789012/a0\"",
                "\"\\u0041\"",
                "\"\"",
                "5",
                "null",
                "{\"a\":1}",
                "[\"x\"]",
                "LONG"
            })
    void whatIsNoIdIsNone(String id) {
        String record = DELETE_BUCKET.replace(
                "\"aaaaaaaa-bbbb-4ccc-8ddd-000000000001\"", id.equals("LONG") ? '"' + "x".repeat(300) + '"' : id);
        assertThat(uids(transform(Envelopes.data(MANAGEMENT, TRAIL, "t", List.of(record)))))
                .containsExactly("111122223333/t0");
    }

    // ---- any content

    /**
     * Two accounts and the organization's trail, any log groups, any messages, the same ids: no document of one account has the id of
     * another's, nor names it as its account.
     */
    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void noContentMakesAnEventAnothersOrReplacesIt(@ForAll long seed) {
        Random random = new Random(seed);
        Mutation mutation = new Mutation(seed);
        List<Fixture> fixtures = fixtures();
        List<String> envelopes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Fixture fixture = fixtures.get(random.nextInt(fixtures.size()));
            String message = new String(mutation.of(fixture.message()), StandardCharsets.UTF_8);
            String logGroup = random.nextBoolean()
                    ? fixture.logGroup()
                    : fixtures.get(random.nextInt(fixtures.size())).logGroup();
            for (String owner : List.of(VICTIM, ATTACKER)) {
                // the same lines, with the same ids of CloudWatch Logs
                envelopes.add(Envelopes.data(owner, logGroup, "e" + i + "-", List.of(message, message)));
            }
            if (fixture.source().equals("cloudtrail")) {
                envelopes.add(Envelopes.data(MANAGEMENT, TRAIL, "e" + i + "-", List.of(message)));
            }
        }
        Map<String, String> ownerOf = new HashMap<>();
        for (JsonNode document : transform(envelopes.toArray(String[]::new))) {
            String owner = document.at("/metadata/tenant_uid").asText();
            String before = ownerOf.putIfAbsent(document.at("/metadata/uid").asText(), owner);
            assertThat(before).as("owner of an equal id").isIn(null, owner);
            if (!owner.equals(MANAGEMENT)) {
                assertThat(document.at("/cloud/account/uid").asText()).isEqualTo(owner);
                assertThat(document.at("/metadata/uid").asText()).startsWith(owner + "/");
            }
        }
        assertThat(Set.copyOf(ownerOf.values())).contains(VICTIM, ATTACKER);
    }

    private static List<String> uids(List<JsonNode> documents) {
        return documents.stream()
                .map(document -> document.at("/metadata/uid").asText())
                .toList();
    }

    /** The documents of envelopes, each a record of its own. */
    private static List<JsonNode> transform(String... envelopes) {
        List<SourceRecord> records = new ArrayList<>();
        for (String envelope : envelopes) {
            records.add(Envelopes.record("r" + records.size(), envelope));
        }
        try (Transformer transformer = new Transformer(
                SETTINGS,
                InstantSource.fixed(Instant.ofEpochMilli(Normalised.PROCESSED)),
                List.of(),
                EXECUTOR,
                millis -> {})) {
            List<JsonNode> documents = new ArrayList<>();
            for (Outcome outcome : transformer
                    .transform("eu-central-1", records, new FakeStream(FakeStream.KINESIS), () -> 60_000)
                    .outcomes()) {
                Documents.forEach(
                        ((Outcome.Ok) outcome).data(),
                        line -> documents.add(LeanChecks.parse(new String(line, StandardCharsets.UTF_8))));
            }
            return documents;
        }
    }
}
