package io.tributary.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line alone: what it does is tested on a real OpenSearch where it is made. */
class OpenSearchCommandTest {
    private final StringWriter err = new StringWriter();

    @Test
    void whoDoesNotAnswerIsTold() {
        assertThat(run("opensearch", "setup", "--endpoint", "http://localhost:1"))
                .isEqualTo(3);
        assertThat(err.toString()).contains("tributary: http://localhost:1 does not answer");
    }

    @Test
    void wrongCommandLinesAreTold() {
        assertThat(run("opensearch")).isEqualTo(2);
        assertThat(run("opensearch", "setup")).isEqualTo(2);
        assertThat(run("opensearch", "setup", "--endpoint", "http://localhost:1", "--sign", "es"))
                .isEqualTo(2);
        assertThat(run("opensearch", "setup", "--endpoint", "http://localhost:1", "--user", "admin"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--endpoint=URL")
                .contains("--sign needs --region")
                .contains("--user needs a password in $OPENSEARCH_PASSWORD");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Tributary.commandLine();
        commandLine.setOut(new PrintWriter(new StringWriter()));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }
}
