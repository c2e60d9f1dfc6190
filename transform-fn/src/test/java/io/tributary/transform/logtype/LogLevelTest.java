package io.tributary.transform.logtype;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.ocsf.Severity;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLevelTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "ERROR something~ERROR~HIGH",
                "error: something~error~HIGH",
                "panic: runtime error~panic~FATAL",
                "[WARN] something~WARN~MEDIUM",
                "<info> something~info~INFORMATIONAL",
                "2026-01-31 10:20:30,123 [main] ERROR a.B - text~ERROR~HIGH",
                "2026-01-31 10:20:30.123  WARN 1 --- [main] a.B : text~WARN~MEDIUM",
                "2026-01-31T10:20:30Z [INFO ] text~INFO~INFORMATIONAL",
                "2026-01-31 10:20:30,123 - root - CRITICAL - text~CRITICAL~CRITICAL",
                "10:20:30.123 main FATAL text~FATAL~FATAL",
                "10:20:30.123 | NOTICE | text~NOTICE~LOW",
                "2026/01/31 10:20:30 [emerg] 7#7: text~emerg~FATAL",
                "[Sat Jan 31 10:20:30.123456 2026] [core:error] [pid 7] text~error~HIGH",
                "Jan 31 10:20:30 host app[7]: WARNING: text~WARNING~MEDIUM",
                "ts=2026-01-31T10:20:30Z level=warn msg=\"ERROR\"~warn~MEDIUM",
                "time=\"2026-01-31 10:20:30\" level=\"fatal\" msg=text~fatal~FATAL",
                "E0131 10:20:30.123456       1 a.go:1] text~E~HIGH"
            })
    void levelIsFoundWhereLibrariesWriteIt(String line, String level, Severity severity) {
        byte[] text = line.getBytes(StandardCharsets.UTF_8);

        long place = LogLevel.find(text, 0, text.length);

        int from = (int) (place >> 32);
        int to = (int) place;
        assertThat(place).isNotEqualTo(LogLevel.NOWHERE);
        assertThat(new String(text, from, to - from, StandardCharsets.UTF_8)).isEqualTo(level);
        assertThat(LogLevel.ofWord(text, from, to)).isEqualTo(severity);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[",
                "The ERROR page was shown",
                "received [error] from the server",
                "2026-01-31 10:20:30 There was an ERROR",
                "something\nERROR: on the second line",
                "set level=error",
                "Errors: 7",
                "INFORMATIVE text",
                "E0131"
            })
    void sentenceHasNoLevel(String line) {
        byte[] text = line.getBytes(StandardCharsets.UTF_8);

        assertThat(LogLevel.find(text, 0, text.length)).isEqualTo(LogLevel.NOWHERE);
    }
}
