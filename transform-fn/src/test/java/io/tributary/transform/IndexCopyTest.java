package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexCopyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECORD = 1_024_000;

    // ---- what is too long for a term

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "\u20ac", "\ud83d\ude00", "\"", "\n", "\u0001"})
    void aValueIsCutToATermInBytesOfUtf8(String character) throws IOException {
        ObjectNode document = document();
        document.putObject("api").putObject("request").putObject("data").put("templateBody", character.repeat(33_000));
        document.putObject("unmapped").put("after", "kept");
        JsonNode copy = copy(document);
        String cut = copy.at("/api/request/data/templateBody").asText();
        assertThat(character.repeat(33_000)).startsWith(cut);
        assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isBetween(32_000, 32_766);
        assertThat(copy.at("/unmapped/after").asText()).isEqualTo("kept");
        assertIsTold(copy, document);
    }

    @Test
    void whatFitsStaysAsItIs() throws IOException {
        for (int length : new int[] {10, 5_000, 20_000, 32_000}) {
            ObjectNode document = document();
            document.putObject("unmapped").put("text", "x".repeat(length));
            byte[] bytes = JSON.writeValueAsBytes(document);
            assertThat(IndexCopy.of(bytes, RECORD)).containsSame(bytes);
        }
    }

    @Test
    void wordsOfAMessageAreTermsOfTheirOwn() throws IOException {
        ObjectNode document = document();
        document.put("message", "word ".repeat(20_000))
                .putObject("finding_info")
                .put("desc", "word ".repeat(20_000));
        byte[] bytes = JSON.writeValueAsBytes(document);
        assertThat(IndexCopy.of(bytes, RECORD)).containsSame(bytes);
        // but not within an object of free form
        document.putObject("unmapped").put("message", "word ".repeat(20_000));
        assertThat(copy(document).at("/unmapped/message").asText().length()).isLessThan(32_766);
        assertThat(copy(document).path("message").asText()).hasSize(100_000);
    }

    @Test
    void aLongNameIsCutAndStaysOneOfItsOwn() throws IOException {
        ObjectNode document = document();
        ObjectNode unmapped = document.putObject("unmapped");
        for (String end : new String[] {"a", "b", "\u20ac"}) {
            unmapped.put("k".repeat(33_000) + end, end);
        }
        JsonNode copy = copy(document).path("unmapped");
        assertThat(copy.size()).isEqualTo(3);
        copy.properties()
                .forEach(member -> assertThat(member.getKey())
                        .startsWith("k".repeat(1_000))
                        .hasSizeLessThan(1_100));
    }

    /** Whoever knows how names are cut could write the cut one beside the long one. */
    @Test
    void aNameThatLooksLikeACutOneIsAnother() throws IOException {
        ObjectNode document = document();
        ObjectNode unmapped = document.putObject("unmapped").put("k".repeat(33_000), 1);
        String cut = copy(document).path("unmapped").fieldNames().next();
        unmapped.put(cut, 2);
        assertThat(copy(document).path("unmapped").size()).isEqualTo(2);
    }

    @Test
    void aLongPathEndsInAText() throws IOException {
        ObjectNode document = document();
        ObjectNode inner = document.putObject("unmapped");
        for (int i = 0; i < 40; i++) {
            inner = inner.putObject("p".repeat(1_000));
        }
        inner.put("end", "x".repeat(40_000));
        assertThat(copy(document).toString()).contains("\\\"ppp");
    }

    // ---- what is too much

    @ParameterizedTest
    @CsvSource({"50000", "2001", "3000"})
    void aFreeFormObjectEndsEarlyAndWhatFollowsIsKept(int count) throws IOException {
        for (boolean isList : new boolean[] {false, true}) {
            ObjectNode document = document();
            ObjectNode data = document.putObject("api").putObject("request").putObject("data");
            ArrayNode list = isList ? data.putArray("list") : null;
            for (int i = 0; i < count; i++) {
                if (isList) {
                    list.addObject();
                } else {
                    data.put("member" + i, i);
                }
            }
            document.putObject("src_endpoint").put("ip", "192.0.2.1");
            document.put("status_id", 1);
            JsonNode copy = copy(document);
            assertThat((isList ? copy.at("/api/request/data/list") : copy.at("/api/request/data")).size())
                    .isBetween(isList ? 1_000 : 1_900, 2_000);
            assertThat(copy.at("/src_endpoint/ip").asText()).isEqualTo("192.0.2.1");
            assertThat(copy.path("status_id").asInt()).isEqualTo(1);
            assertIsTold(copy, document);
        }
    }

    @Test
    void aListEndsEarly() throws IOException {
        ObjectNode document = document();
        ArrayNode resources = document.putArray("resources");
        for (int i = 0; i < 5_000; i++) {
            resources.addObject().put("uid", "arn:" + i);
        }
        assertThat(copy(document).path("resources").size()).isEqualTo(IndexCopy.MOST_ELEMENTS);
    }

    // ---- what is too large for a record

    @Test
    void aDocumentThatIsTooLargeIsCutWhereItIsLarge() throws IOException {
        ObjectNode document = document();
        document.put("message", "é\"\uD83D\uDE00".repeat(50_000));
        JsonNode copy = copy(document, 100_000);
        assertThat(document.path("message").asText())
                .startsWith(copy.path("message").asText());
        assertThat(copy.path("message").asText().length()).isGreaterThan(1_000);
        assertThat(copy.path("class_uid").asInt()).isEqualTo(6003);
        assertIsTold(copy, document);
    }

    @Test
    void whatCannotBeSoSmallIsNot() throws IOException {
        assertThat(IndexCopy.of(JSON.writeValueAsBytes(document()), 10)).isEmpty();
    }

    /** One that could not be indexed, and was put back on the log stream. */
    @Test
    void aCopyOfACopySaysOnceThatItIsOne() throws IOException {
        ObjectNode document = document();
        document.withObject("/metadata").put("is_truncated", true).put("untruncated_size", 77);
        document.putObject("unmapped").put("text", "x".repeat(40_000));
        JsonNode copy = copy(document);
        assertThat(copy.at("/metadata/untruncated_size").asInt()).isEqualTo(77);
    }

    // ---- any content

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void aCopyIsWithinTheLimitsWhateverItIsOf(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        ObjectNode document = document();
        document.set("unmapped", hostile(random, 6));
        document.putObject("api").putObject("response").set("data", hostile(random, 4));
        document.putArray("resources").addObject().set("data", hostile(random, 3));
        document.put("message", text(random));
        document.put("user", text(random));
        copy(document);
    }

    private static JsonNode hostile(Random random, int depth) {
        ObjectNode object = JSON.createObjectNode();
        for (int i = random.nextInt(8); i >= 0; i--) {
            String name = random.nextInt(6) == 0 ? text(random) : "n" + i;
            switch (depth == 0 ? 2 : random.nextInt(4)) {
                case 0 -> object.set(name, hostile(random, depth - 1));
                case 1 -> {
                    ArrayNode list = object.putArray(name);
                    for (int n = random.nextInt(random.nextInt(9) == 0 ? 3_000 : 4); n > 0; n--) {
                        list.add(
                                random.nextBoolean()
                                        ? JSON.createObjectNode()
                                        : JSON.createArrayNode().add(n));
                    }
                }
                default -> object.put(name, text(random));
            }
        }
        return object;
    }

    private static String text(Random random) {
        String[] characters = {"a", "é", "\u20ac", "\ud83d\ude00", "\"", "\\", "\u0001", ".", "=", "\n"};
        int length = random.nextInt(7) == 0 ? random.nextInt(70_000) : random.nextInt(40);
        StringBuilder text = new StringBuilder();
        String character = characters[random.nextInt(characters.length)];
        while (text.length() < length) {
            text.append(random.nextInt(3) == 0 ? characters[random.nextInt(characters.length)] : character);
        }
        return text.toString();
    }

    // ---- the checks, by other means

    private static ObjectNode document() {
        ObjectNode document = JSON.createObjectNode()
                .put("@timestamp", "2026-03-01T08:15:00.000Z")
                .put("time", 1_772_352_900_000L)
                .put("class_uid", 6003);
        document.putObject("metadata").put("uid", "1");
        return document;
    }

    private static JsonNode copy(ObjectNode document) throws IOException {
        return copy(document, RECORD);
    }

    private static JsonNode copy(ObjectNode document, int bytes) throws IOException {
        byte[] copy = IndexCopy.of(JSON.writeValueAsBytes(document), bytes).orElseThrow();
        assertThat(copy.length).isLessThanOrEqualTo(bytes);
        String text = new String(copy, StandardCharsets.UTF_8);
        assertThat(text).doesNotContain("\n").startsWith("{\"@timestamp\":\"2026-03-01T08:15:00.000Z\",\"time\":");
        JsonNode read = LeanChecks.parse(text);
        assertIsDigestible(read, "", false);
        assertThat(freeFormValues(read, false)).isLessThanOrEqualTo(IndexCopy.MOST_VALUES);
        assertThat(read.at("/metadata/uid").asText()).isEqualTo("1");
        return read;
    }

    private static void assertIsTold(JsonNode copy, ObjectNode document) throws IOException {
        assertThat(copy.at("/metadata/is_truncated").asBoolean()).isTrue();
        // OCSF has it in kilobytes
        assertThat(copy.at("/metadata/untruncated_size").asInt())
                .isEqualTo((int) Math.ceil(JSON.writeValueAsBytes(document).length / 1024.0));
    }

    private static void assertIsDigestible(JsonNode node, String path, boolean isFreeForm) {
        if (node.isArray()) {
            node.forEach(element -> assertIsDigestible(element, path, isFreeForm));
        } else if (node.isObject()) {
            node.properties()
                    .forEach(member -> assertIsDigestible(
                            member.getValue(),
                            path + member.getKey() + ".",
                            isFreeForm || Set.of("unmapped", "data").contains(member.getKey())));
        } else if (isFreeForm || !path.matches("(.*\\.)?(message|desc)\\.")) {
            int pathBytes = path.getBytes(StandardCharsets.UTF_8).length;
            int valueBytes = node.asText().getBytes(StandardCharsets.UTF_8).length;
            assertThat(2 * pathBytes + valueBytes).as(path).isLessThanOrEqualTo(32_766);
        }
    }

    private static int freeFormValues(JsonNode node, boolean isFreeForm) {
        int values = isFreeForm ? 1 : 0;
        if (node.isArray()) {
            for (JsonNode element : node) {
                values += freeFormValues(element, isFreeForm);
            }
        }
        for (var member : node.properties()) {
            boolean isRoot = !isFreeForm && Set.of("unmapped", "data").contains(member.getKey());
            values += freeFormValues(member.getValue(), isFreeForm || isRoot) - (isRoot ? 1 : 0);
        }
        return values;
    }
}
