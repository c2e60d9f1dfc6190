package io.tributary.archive.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    private static final String DOCUMENT =
            "{\"@timestamp\":\"2026-03-01T08:00:00.000Z\",\"time\":1772352000000,\"cloud\":{\"account\":{\"uid\":\"%s\"}}}\n";

    @Test
    void whatIsOfOneAccountIsItsOwn() {
        assertThat(account(DOCUMENT.formatted("123456789012").repeat(3))).isEqualTo("123456789012");
    }

    /** Whose event comes first hides the others from nobody who looks for their account. */
    @Test
    void whatIsOfSeveralAccountsIsOfNone() {
        assertThat(account(DOCUMENT.formatted("123456789012") + DOCUMENT.formatted("210987654321")))
                .isEmpty();
        assertThat(account(DOCUMENT.formatted("123456789012") + "{\"@timestamp\":\"2026-03-01T08:00:00.000Z\"}\n"))
                .isEmpty();
    }

    private static String account(String text) {
        Documents documents = new Documents();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        documents.read(bytes, 0, bytes.length);
        return documents.endMember().account();
    }
}
