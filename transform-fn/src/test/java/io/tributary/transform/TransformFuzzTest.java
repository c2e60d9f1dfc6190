package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What may come from outside, as Jazzer would have it: the messages of every log type, and records. The build replays
 * the seeds, and what fuzzing found once; the parent's {@code pom.xml} tells how to fuzz.
 */
class TransformFuzzTest {
    private static final List<Fixture> FIXTURES = Fixture.all();

    static Stream<Arguments> messages() {
        return FIXTURES.stream().map(fixture -> Arguments.of((Object) fixture.message()));
    }

    static Stream<Arguments> records() {
        return Stream.concat(
                Stream.of(Envelopes.CONTROL, Envelopes.flows("a", 3), Envelopes.flows("a", 1) + Envelopes.CONTROL)
                        .flatMap(text -> Stream.of(
                                Arguments.of((Object) text.getBytes(StandardCharsets.UTF_8)),
                                Arguments.of((Object) Envelopes.gzip(text)))),
                FIXTURES.stream()
                        .map(fixture -> Arguments.of((Object) Envelopes.gzip(
                                Envelopes.data(fixture.origin().logGroup(), "a", List.of(fixture.text()))))));
    }

    @MethodSource("messages")
    @FuzzTest
    void aMessageBecomesAValidDocumentInWhateverLogGroup(byte[] message) {
        // the reader of records makes UTF-8 of what is not
        byte[] text = new String(message, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        FIXTURES.stream()
                .filter(fixture -> !fixture.isMalformed())
                .filter(fixture -> fixture.name().equals(firstOf(fixture.source())))
                .forEach(fixture -> LogTypePropertyTest.assertValid(fixture, text));
    }

    @MethodSource("records")
    @FuzzTest
    void aRecordHasOneFate(byte[] data) throws IOException {
        FakeStream index = new FakeStream(FakeStream.FIREHOSE);
        Transformer.Result result = RequestPropertyTest.transform(
                List.of(Envelopes.record("1", Envelopes.flows("n", 1)), Envelopes.record("2", data)),
                new FakeStream(FakeStream.KINESIS),
                index);
        assertThat(result.outcomes().get(0)).isInstanceOf(Outcome.Ok.class);
        assertThat(index.accepted().size()).isEqualTo(result.metrics().eventsOut());
    }

    private static String firstOf(String source) {
        return FIXTURES.stream()
                .filter(fixture -> fixture.source().equals(source))
                .filter(fixture -> !fixture.isMalformed())
                .findFirst()
                .orElseThrow()
                .name();
    }
}
