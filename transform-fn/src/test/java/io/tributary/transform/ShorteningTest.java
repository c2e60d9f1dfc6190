package io.tributary.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShorteningTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIMIT = 100_000;

    @Test
    void aLongTextIsCutAndTheDocumentSaysSo() throws IOException {
        ObjectNode document = document();
        document.put("message", "é\"\uD83D\uDE00".repeat(50_000));
        JsonNode shortened = shortened(document);
        assertThat(document.path("message").asText())
                .startsWith(shortened.path("message").asText());
        assertThat(shortened.path("message").asText().length()).isGreaterThan(1000);
        assertThat(shortened.path("metadata").path("is_truncated").asBoolean()).isTrue();
        assertThat(shortened.path("metadata").path("untruncated_size").asInt())
                .isEqualTo(JSON.writeValueAsBytes(document).length);
        assertThat(shortened.path("metadata").path("uid").asText()).isEqualTo("1");
        assertThat(shortened.path("class_uid").asInt()).isEqualTo(6003);
    }

    @Test
    void aLongListEndsEarly() throws IOException {
        ObjectNode document = document();
        var list = document.putObject("api").put("operation", "Get").putArray("items");
        for (int i = 0; i < 50_000; i++) {
            list.addObject().put("number", i);
        }
        JsonNode shortened = shortened(document);
        assertThat(shortened.at("/api/operation").asText()).isEqualTo("Get");
        assertThat(shortened.at("/api/items").size()).isBetween(1, 1000);
    }

    @Test
    void aWideObjectEndsEarly() throws IOException {
        ObjectNode document = document();
        var wide = document.putObject("unmapped");
        for (int i = 0; i < 50_000; i++) {
            wide.put("member" + i, "x".repeat(100));
        }
        assertThat(shortened(document).path("unmapped").size()).isBetween(1, 1000);
    }

    @Test
    void whatCannotBeShortenedIsNot() throws IOException {
        assertThat(Shortening.of(JSON.writeValueAsBytes(document()), 10)).isEmpty();
    }

    private static ObjectNode document() {
        ObjectNode document = JSON.createObjectNode().put("class_uid", 6003);
        document.putObject("metadata").put("uid", "1");
        return document;
    }

    private static JsonNode shortened(ObjectNode document) throws IOException {
        byte[] bytes = Shortening.of(JSON.writeValueAsBytes(document), LIMIT).orElseThrow();
        assertThat(bytes.length).isLessThanOrEqualTo(LIMIT);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).doesNotContain("\n");
        return JSON.readTree(bytes);
    }
}
