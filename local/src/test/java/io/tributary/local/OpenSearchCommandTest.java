package io.tributary.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void aPolicyThatIsMissingOrWrongIsTold(@TempDir Path folder) throws Exception {
        String file = folder.resolve("policy.yaml").toString();
        assertThat(run("opensearch", "setup", "--endpoint", "http://localhost:1", "--policy", file))
                .isEqualTo(3);
        Files.writeString(Path.of(file), "version: 2\n");
        assertThat(run("opensearch", "setup", "--endpoint", "http://localhost:1", "--policy", file))
                .isEqualTo(3);
        assertThat(err.toString()).contains(file + ": no such file").contains(file + ":1: expected an integer");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Tributary.commandLine();
        commandLine.setOut(new PrintWriter(new StringWriter()));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }
}
