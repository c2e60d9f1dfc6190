package io.tributary.local.pipeline.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.local.pipeline.Counts;
import io.tributary.local.pipeline.events.EventBus;
import io.tributary.local.pipeline.process.Function;
import io.tributary.local.pipeline.stream.LogStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void exactlyAsManyEventsAreSentAsWereAskedForOfEveryKindAndAccount() throws Exception {
        for (int number : new int[] {1, 7, 1_000}) {
            assertThat(events(send(1, number))).hasSize(number);
        }
        List<JsonNode> envelopes = send(1, 1_000);
        assertThat(envelopes.stream()
                        .map(envelope -> envelope.path("owner").asText())
                        .collect(Collectors.toSet()))
                .as("three accounts, and the one with the trail of all of them")
                .hasSize(4)
                .contains(Account.MANAGEMENT.id());
        assertThat(envelopes.stream()
                        .map(envelope -> envelope.path("logGroup").asText().replaceAll("/vpc-0.*", ""))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "/vpc-flow-logs",
                        "/tributary-cloudtrail",
                        "/aws/route53resolver",
                        "aws-waf-logs-shop",
                        "/shop/orders");
        assertThat(events(envelopes))
                .extracting(event -> event.path("id").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void aSeedSaysWhatIsSent() throws Exception {
        assertThat(messages(send(7, 200))).isEqualTo(messages(send(7, 200)));
        assertThat(messages(send(7, 200))).isNotEqualTo(messages(send(8, 200)));
    }

    @Test
    void accountsAreTheSameEachTimeAndAsManyAsAskedFor() {
        assertThat(Account.of(40)).startsWith(Account.of(3).toArray(Account[]::new));
        assertThat(Account.of(40))
                .extracting(Account::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("\\d{12}"));
        assertThat(Account.of(40)).extracting(Account::name).doesNotHaveDuplicates();
    }

    private static List<JsonNode> send(long seed, int events) throws Exception {
        Counts counts = new Counts();
        LogStream stream = new LogStream(counts);
        try (EventBus bus = new EventBus(List.of(), new Nobody(), stream, counts);
                Traffic traffic = new Traffic(Account.of(3), stream, bus, counts, seed, 0)) {
            traffic.send(events, TIME);
        }
        assertThat(counts.of("traffic.events")).isEqualTo(events);
        List<JsonNode> envelopes = new ArrayList<>();
        while (stream.waiting() > 0) {
            for (LogStream.Entry entry : stream.take(1, 1_000)) {
                envelopes.add(JSON.readTree(new GZIPInputStream(new ByteArrayInputStream(entry.data()))));
            }
        }
        return envelopes;
    }

    private static List<JsonNode> events(List<JsonNode> envelopes) {
        List<JsonNode> events = new ArrayList<>();
        envelopes.forEach(envelope -> envelope.path("logEvents").forEach(events::add));
        return events;
    }

    private static List<String> messages(List<JsonNode> envelopes) {
        return events(envelopes).stream()
                .map(event -> event.path("message").asText())
                .toList();
    }

    private static final class Nobody implements Function {
        @Override
        public byte[] invoke(byte[] event) throws IOException {
            throw new IOException("nobody is to be invoked");
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
