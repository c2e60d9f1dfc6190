package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final long NOW = Normalised.PROCESSED;

    @Test
    void everySourceHasALineOfItsOwnAndTheBalanceAnother() {
        List<JsonNode> lines = lines(metrics(
                Envelopes.record("1", Envelopes.flows("a", 3)),
                Envelopes.record("2", Envelopes.data("/example/app", "b", List.of("password=hunter2 ok"))),
                Envelopes.record("3", "garbage"),
                Envelopes.record("4", Envelopes.CONTROL)));
        assertThat(lines)
                .extracting(line -> line.path("Source").asText())
                .containsExactly("application", "unknown", "vpc-flow-logs", "");
        JsonNode flows = lines.get(2);
        assertThat(flows.path("RecordsIn").asInt()).isEqualTo(1);
        assertThat(flows.path("EventsIn").asInt()).isEqualTo(3);
        assertThat(flows.path("EventsOut").asInt()).isEqualTo(3);
        assertThat(flows.path("OldestEventAge").asLong()).isEqualTo(NOW - 1_772_352_900_000L);
        assertThat(lines.get(1).path("EventsFailed").asInt()).isEqualTo(1);
        assertThat(lines.get(1).path("EventsDropped").asInt()).isEqualTo(1);
        assertThat(lines.get(0).path("SecretsRedacted").asInt()).isEqualTo(1);
        assertThat(lines.get(3).path("EventBalance").asInt(-1)).isZero();
    }

    @Test
    void linesAreEmbeddedMetrics() {
        for (JsonNode line : lines(metrics(Envelopes.record("1", Envelopes.flows("a", 1))))) {
            assertThat(line.at("/_aws/Timestamp").asLong()).isEqualTo(NOW);
            JsonNode directive = line.at("/_aws/CloudWatchMetrics/0");
            assertThat(directive.path("Namespace").asText()).isEqualTo("Tributary/Transform");
            for (JsonNode dimension : directive.at("/Dimensions/0")) {
                assertThat(line.path(dimension.asText()).isTextual()).isTrue();
            }
            assertThat(directive.path("Metrics").size()).isBetween(1, 100);
            Set<String> units = new HashSet<>();
            for (JsonNode metric : directive.path("Metrics")) {
                assertThat(line.path(metric.path("Name").asText()).isNumber()).isTrue();
                units.add(metric.path("Unit").asText());
            }
            assertThat(Set.of("Count", "Bytes", "Milliseconds")).containsAll(units);
        }
    }

    @Test
    void metricsOfSeveralInvocationsAddUp() {
        Metrics all = new Metrics();
        all.addAll(metrics(Envelopes.record("1", Envelopes.flows("a", 2))));
        all.addAll(metrics(Envelopes.record("1", Envelopes.flows("b", 3)), Envelopes.record("2", "garbage")));
        assertThat(all.eventsIn()).isEqualTo(6);
        assertThat(all.eventsOut()).isEqualTo(5);
        assertThat(all.eventsFailed()).isEqualTo(1);
        assertThat(all.balance()).isZero();
        assertThat(lines(all).get(1).path("OldestEventAge").asLong()).isEqualTo(NOW - 1_772_352_900_000L);
    }

    /** So that an alarm can tell which one of them stopped. */
    @Test
    void accountsWithANameAreCountedOneByOne() {
        Metrics metrics = new Metrics(Set.of("123456789012"), List.of());
        for (String account : List.of("123456789012", "210987654321")) {
            RecordCount count = new RecordCount();
            count.accounts.put(account, 3L);
            metrics.add(new Outcome.Ok(new byte[0], Map.of()), Envelopes.record("1", ""), count, NOW);
        }
        Metrics all = new Metrics();
        all.addAll(metrics);
        assertThat(lines(all).stream().filter(line -> line.has("Account")).toList())
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.path("Account").asText()).isEqualTo("123456789012");
                    assertThat(line.path("EventsIn").asInt()).isEqualTo(3);
                });
    }

    /** Anybody can name a log group so that its events are of CloudTrail: that the organization's trail is silent must not be hidden by them. */
    @Test
    void eventsOfATrustedOriginAreCountedByWhatNobodyElseCanSend() {
        TrustedOrigin trail = new TrustedOrigin("111122223333", "/tributary-cloudtrail");
        String event = "{\"eventVersion\":\"1.11\",\"eventID\":\"1\",\"eventName\":\"StopLogging\"}";
        for (String owner : List.of("111122223333", "123456789012")) {
            Metrics metrics = metrics(
                    TransformSettings.builder().trustedOrigins(List.of(trail)).build(),
                    Envelopes.record("1", Envelopes.data(owner, "/tributary-cloudtrail", "a", List.of(event, event))));
            assertThat(lines(metrics).stream()
                            .filter(line -> line.has("Origin"))
                            .toList())
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.path("Origin").asText()).isEqualTo("111122223333:/tributary-cloudtrail");
                        assertThat(line.path("EventsIn").asInt()).isEqualTo(owner.equals("111122223333") ? 2 : 0);
                    });
        }
    }

    @Test
    void aDocumentThatIsMissingFromAnAnswerUpsetsTheBalance() {
        RecordCount count = new RecordCount();
        count.sources.computeIfAbsent("application", source -> new RecordCount.BySource()).events = 3;
        count.documents = 2;
        Metrics metrics = new Metrics();
        metrics.add(new Outcome.Ok(new byte[0], Map.of()), Envelopes.record("1", ""), count, NOW);
        assertThat(metrics.balance()).isEqualTo(1);
        assertThat(lines(metrics).get(1).path("EventBalance").asInt()).isEqualTo(1);
    }

    private static List<JsonNode> lines(Metrics metrics) {
        return metrics.lines(NOW).stream().map(LeanChecks::parse).toList();
    }

    private static Metrics metrics(SourceRecord... records) {
        return metrics(TransformSettings.DEFAULTS, records);
    }

    private static Metrics metrics(TransformSettings settings, SourceRecord... records) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Transformer transformer =
                new Transformer(settings, InstantSource.fixed(Instant.ofEpochMilli(NOW)), List.of(), executor)) {
            return transformer
                    .transform("", List.of(records), new FakeStream(FakeStream.KINESIS), () -> 60_000)
                    .metrics();
        } finally {
            executor.shutdownNow();
        }
    }
}
