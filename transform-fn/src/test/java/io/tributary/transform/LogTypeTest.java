package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.ocsf.Timestamps;
import io.tributary.transform.logtype.LogEvent;
import io.tributary.transform.logtype.LogType;
import io.tributary.transform.logtype.LogTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every log type with its messages: {@code src/test/resources/logtype/<source>/<case>.log} becomes
 * {@code <case>.expected.json}. After a mapping was changed, this rewrites what is expected, to be reviewed as a diff:
 *
 * <pre>./mvnw -pl transform-fn -am test -Dtest=LogTypeTest -Dsurefire.failIfNoSpecifiedTests=false -Dtributary.golden=write</pre>
 */
class LogTypeTest {
    /** Keeps numbers as they were written. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final boolean WRITE = "write".equals(System.getProperty("tributary.golden"));

    static List<Fixture> fixtures() {
        return Fixture.all();
    }

    static Stream<Fixture> objects() {
        return fixtures().stream().filter(fixture -> isObject(fixture.message()));
    }

    static Stream<LogType> types() {
        return LogTypes.create().stream();
    }

    // ---- what there must be

    @ParameterizedTest
    @MethodSource("types")
    void aTypeHasAGoodAndAMalformedCase(LogType type) {
        List<Fixture> fixtures = Fixture.of(type);
        assertThat(fixtures).as("good cases of " + type.source()).anyMatch(fixture -> !fixture.isMalformed());
        assertThat(fixtures).as("malformed cases of " + type.source()).anyMatch(Fixture::isMalformed);
    }

    @Test
    void everyFileBelongsToACaseOfAType() throws IOException {
        Set<String> sources = new TreeSet<>();
        types().forEach(type -> sources.add(type.source()));
        try (Stream<Path> files = Files.walk(Fixture.FOLDER)) {
            List<Path> strays = files.filter(Files::isRegularFile)
                    .filter(file ->
                            !sources.contains(file.getParent().getFileName().toString())
                                    || !Files.exists(file.resolveSibling(file.getFileName()
                                                    .toString()
                                                    .replaceAll("\\.(log|loggroup|format|expected\\.json)$", "")
                                            + ".log")))
                    .toList();
            assertThat(strays).isEmpty();
        }
    }

    @Test
    void sourcesAreUniqueAndFitForPathsAndConfiguration() {
        List<String> sources = types().map(LogType::source).toList();
        assertThat(sources).doesNotHaveDuplicates().allMatch(source -> source.matches("[a-z0-9-]+"));
    }

    @ParameterizedTest
    @MethodSource("types")
    void aLogGroupOfATypesFirstPatternIsOfThatType(LogType type) {
        assertThat(Fixture.of(type))
                .allSatisfy(
                        fixture -> assertThat(Normalised.of(fixture).source()).isEqualTo(type.source()));
    }

    // ---- what becomes of them

    @ParameterizedTest
    @MethodSource("fixtures")
    void aMessageBecomesTheExpectedDocument(Fixture fixture) throws IOException {
        JsonNode document = LeanChecks.parse(Normalised.of(fixture).document());
        if (WRITE) {
            Files.writeString(fixture.expected(), pretty(document));
        }
        assertThat(fixture.expected())
                .as("write it with -Dtributary.golden=write, as this class explains")
                .exists();
        assertThat(pretty(document)).isEqualTo(Files.readString(fixture.expected()));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aDocumentIsLean(Fixture fixture) {
        assertThat(LeanChecks.problems(Normalised.of(fixture).document(), fixture.message().length))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aDocumentIsValidOcsf(Fixture fixture) {
        assumeTrue(OcsfSchema.find().isPresent(), OcsfSchema.absence());
        assertThat(OcsfSchema.find()
                        .orElseThrow()
                        .problems(LeanChecks.parse(Normalised.of(fixture).document())))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatIsMalformedIsABaseEventWithItsTextAndTheReason(Fixture fixture) {
        Normalised normalised = Normalised.of(fixture);
        JsonNode document = LeanChecks.parse(normalised.document());
        boolean rejects = !OF_ANY_TEXT.contains(fixture.source());
        assertThat(normalised.isRejected()).as("rejected").isEqualTo(fixture.isMalformed() && rejects);
        if (fixture.isMalformed()) {
            assertThat(document.path("class_uid").asInt()).isZero();
            assertThat(document.path("message").asText()).isEqualTo(fixture.text());
            assertThat(document.path("status_detail").asText().isEmpty()).isEqualTo(!rejects);
            assertThat(document.path("status_id").asInt()).isEqualTo(rejects ? 2 : 0);
            assertThat(normalised.time()).isEqualTo(Normalised.LOGGED);
        }
    }

    /** Types whose log groups hold whatever somebody prints: no text is rejected, the message of a Base Event is all of it. */
    private static final Set<String> OF_ANY_TEXT = Set.of("application", "lambda", "rds");

    @ParameterizedTest
    @MethodSource("fixtures")
    void noTypeRecognisesAMessageOfAnother(Fixture fixture) {
        LogEvent event =
                new LogEvent().set(fixture.origin(), fixture.message(), 0, fixture.message().length, Normalised.LOGGED);
        List<String> recognising = types().filter(type -> type.recognises(event))
                .map(LogType::source)
                .toList();
        assertThat(recognising).isSubsetOf(fixture.source());
    }

    // ---- nothing is lost

    @ParameterizedTest
    @MethodSource("objects")
    void everyValueOfAMessageIsInItsDocument(Fixture fixture) throws IOException {
        String document = unredacted(fixture, fixture.message());
        Set<String> values = values(LeanChecks.parse(document));
        Set<String> translated = TRANSLATED.getOrDefault(fixture.source(), Set.of());
        List<JsonNode> lost = new ArrayList<>();
        for (JsonNode leaf : leaves(JSON.readTree(fixture.message()))) {
            if (!isKept(leaf, values) && !translated.contains(leaf.asText())) {
                lost.add(leaf);
            }
        }
        assertThat(lost).as(document).isEmpty();
    }

    /** Values for which OCSF has numbers: that every other value in their place is kept is tested below. */
    private static final Map<String, Set<String>> TRANSLATED = Map.of(
            "cloudtrail", Set.of("Yes", "No"),
            "route53-resolver", Set.of("NOERROR", "NXDOMAIN", "UDP", "TCP", "BLOCK", "ALERT"),
            "waf", Set.of("ALLOW", "BLOCK", "COUNT", "CAPTCHA", "CHALLENGE", "EXCLUDED_AS_COUNT"));

    @ParameterizedTest
    @MethodSource("objects")
    void whateverStandsInAMembersPlaceIsInTheDocument(Fixture fixture) throws IOException {
        JsonNode message = JSON.readTree(fixture.message());
        int count = leaves(message).size();
        for (int i = 0; i < count; i++) {
            // neither an enum's value nor a time nor an address nor a secret: nothing knows it
            JsonNode text = JsonNodeFactory.instance.textNode("zq vk " + i + " xw");
            JsonNode number = JsonNodeFactory.instance.numberNode(7_310_000 + i);
            for (JsonNode replacement : List.of(text, number)) {
                JsonNode changed = replaced(message, i, replacement);
                String document = unredacted(fixture, JSON.writeValueAsBytes(changed));
                // as it stands, in a text that an object became, or as seconds in milliseconds
                assertThat(values(LeanChecks.parse(document)))
                        .as("leaf %s of %s in %s", i, changed, document)
                        .anyMatch(value -> value.contains(replacement.asText()));
            }
        }
    }

    private static boolean isKept(JsonNode leaf, Set<String> values) {
        if (leaf.isNull() || values.contains(leaf.asText())) {
            return true;
        }
        byte[] text = leaf.asText().getBytes(StandardCharsets.UTF_8);
        long time = Timestamps.parseIso(text, 0, text.length);
        return values.contains(Long.toString(time)) || values.stream().anyMatch(value -> value.contains(leaf.asText()));
    }

    /** Redaction replaces what must not be kept; here, everything must. */
    private static String unredacted(Fixture fixture, byte[] message) {
        return Normalised.of(fixture.settings(false), fixture.origin(), message).document();
    }

    private static boolean isObject(byte[] message) {
        try {
            return JSON.readTree(message).isObject();
        } catch (IOException e) {
            return false;
        }
    }

    private static Set<String> values(JsonNode document) {
        Set<String> values = new HashSet<>();
        leaves(document).forEach(leaf -> values.add(leaf.asText()));
        return values;
    }

    private static List<JsonNode> leaves(JsonNode node) {
        List<JsonNode> leaves = new ArrayList<>();
        if (node.isContainerNode()) {
            node.forEach(child -> leaves.addAll(leaves(child)));
        } else {
            leaves.add(node);
        }
        return leaves;
    }

    /** A copy with another value in the place of one leaf. */
    private static JsonNode replaced(JsonNode node, int leaf, JsonNode replacement) {
        if (!node.isContainerNode()) {
            return leaf == 0 ? replacement : node;
        }
        int before = 0;
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            for (var member : node.properties()) {
                copy.set(member.getKey(), replaced(member.getValue(), leaf - before, replacement));
                before += leaves(member.getValue()).size();
            }
            return copy;
        }
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : node) {
            copy.add(replaced(element, leaf - before, replacement));
            before += leaves(element).size();
        }
        return copy;
    }

    private static String pretty(JsonNode document) throws JsonProcessingException {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        return JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines))
                        .writeValueAsString(document)
                + "\n";
    }
}
