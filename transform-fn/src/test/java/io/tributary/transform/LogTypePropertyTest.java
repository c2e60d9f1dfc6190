package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.ocsf.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Whatever a source writes becomes a valid document: the messages of every log type, changed in structure, words and bytes.
 * A new type takes part as soon as it has messages.
 */
class LogTypePropertyTest {
    private static final List<Fixture> FIXTURES = Fixture.all();

    @Provide
    Arbitrary<Fixture> fixtures() {
        return Arbitraries.of(FIXTURES);
    }

    @Property(tries = 6000, shrinking = ShrinkingMode.OFF)
    void aChangedMessageBecomesAValidDocument(@ForAll("fixtures") Fixture fixture, @ForAll long seed) {
        assertValid(fixture, new Mutation(seed).of(fixture.message()));
    }

    @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
    void aMessageOfOneTypeInTheLogGroupOfAnotherBecomesAValidDocument(
            @ForAll("fixtures") Fixture group, @ForAll("fixtures") Fixture message) {
        assertValid(group, message.message());
    }

    @Property(tries = 1000)
    void anyTextBecomesAValidDocument(@ForAll("fixtures") Fixture fixture, @ForAll String text) {
        assertValid(fixture, text.getBytes(StandardCharsets.UTF_8));
    }

    static void assertValid(Fixture fixture, byte[] message) {
        Normalised normalised = Normalised.of(fixture, message);
        String document = normalised.document();
        assertThat(LeanChecks.problems(document, message.length))
                .as("%s: %s%n%s", fixture, new String(message, StandardCharsets.UTF_8), document)
                .isEmpty();
        JsonNode event = LeanChecks.parse(document);
        assertThat(event.path("time").asLong()).isEqualTo(normalised.time()).isBetween(0L, Timestamps.MAX);
        assertThat(event.at("/metadata/source").asText()).isEqualTo(normalised.source());
        OcsfSchema.find().ifPresent(schema -> {
            List<String> problems = new ArrayList<>(schema.problems(event));
            assertThat(problems)
                    .as("%s: %s%n%s", fixture, new String(message, StandardCharsets.UTF_8), document)
                    .isEmpty();
        });
    }
}
