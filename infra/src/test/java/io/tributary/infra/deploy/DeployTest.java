package io.tributary.infra.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is checked, what the CDK is asked for, and what is told, with an account of the test's. */
class DeployTest {
    private static final String LOGGING = "210987654321";
    private static final String MANAGEMENT = "123456789012";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<List<String>> calls = new ArrayList<>();
    private Path settings;
    private String account = LOGGING;
    private Set<String> bootstrapped = Set.of("eu-central-1", "us-east-1");
    private int free = 1_000;
    private boolean isThere;
    private int exitCode;
    private String answer = "y\n";

    @BeforeEach
    void write() throws IOException {
        settings = folder.resolve("tributary.yaml");
        Files.writeString(settings, """
                version: 1
                organization: {id: o-example1234, units: [r-ab12], management account: "123456789012"}
                logging: {account: "210987654321", home region: eu-central-1}
                regions: [us-east-1]
                alerts: {security: {email: [security@example.com]}}
                """);
    }

    private int run(String... arguments) {
        CommandLine commandLine = Deploy.commandLine(new Deploy(
                new Fake(),
                call -> {
                    calls.add(call);
                    return exitCode;
                },
                new BufferedReader(new StringReader(answer))));
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private int deploy(String... further) {
        List<String> arguments = new ArrayList<>(List.of("deploy", "--settings", settings.toString()));
        arguments.addAll(List.of(further));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void theLoggingAccountIsFirstAndIsToldWhatIsLeft() {
        assertThat(deploy()).isZero();
        assertThat(calls)
                .containsExactly(List.of(
                        "deploy",
                        "TributaryLogging",
                        "TributaryRegion-us-east-1",
                        "--require-approval",
                        "never",
                        "-c",
                        "settings=" + settings));
        assertThat(out.toString())
                .contains("not confirmed yet, and therefore not told: security@example.com")
                .contains("tributary opensearch setup --endpoint")
                .contains("next: with credentials of the management account, 123456789012: tributary deploy");
    }

    @Test
    void theManagementAccountHasItsOwnStacks() {
        account = MANAGEMENT;
        assertThat(deploy("--yes")).isZero();
        assertThat(calls.get(0).subList(1, 4))
                .containsExactly(
                        "TributaryManagement-eu-central-1", "TributaryManagement-us-east-1", "TributaryOrganization");
        assertThat(out.toString())
                .contains("next: with credentials of the logging account, 210987654321: tributary deploy --guardduty");
    }

    @Test
    void guardDutyComesLast() {
        assertThat(deploy("--yes", "--guardduty")).isZero();
        assertThat(calls.get(0)).contains("TributaryGuardDuty-eu-central-1", "TributaryGuardDuty-us-east-1");
        account = MANAGEMENT;
        assertThat(deploy("--yes", "--guardduty")).isEqualTo(3);
        assertThat(err.toString()).contains("--guardduty is for the logging account, 210987654321");
    }

    @Test
    void aDelegatedAdministratorHasTheOrganizationsStackAlone() throws IOException {
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace("\"123456789012\"}", "\"123456789012\", delegated administrator: \"345678901234\"}"));
        account = "345678901234";
        bootstrapped = Set.of("eu-central-1");
        assertThat(deploy("--yes")).isZero();
        assertThat(calls.get(0)).contains("TributaryOrganization").doesNotContain("TributaryManagement-eu-central-1");
        account = MANAGEMENT;
        bootstrapped = Set.of("eu-central-1", "us-east-1");
        assertThat(deploy("--yes")).isZero();
        assertThat(calls.get(1)).doesNotContain("TributaryOrganization");
        assertThat(out.toString()).contains("next: with credentials of the delegated administrator, 345678901234");
    }

    @Test
    void whatWouldFailHalfWayIsToldBefore() {
        bootstrapped = Set.of("eu-central-1");
        free = 300;
        assertThat(deploy("--yes")).isEqualTo(3);
        assertThat(calls).isEmpty();
        assertThat(err.toString())
                .contains("bootstrap aws://210987654321/us-east-1")
                .contains("the functions reserve 265 concurrent invocations, and 200 are free in eu-central-1");
    }

    /** They have reserved theirs: what is free is without it. */
    @Test
    void functionsThatAreThereNeedNoMore() {
        free = 110;
        isThere = true;
        assertThat(deploy("--yes")).isZero();
    }

    @Test
    void whoDoesNotAgreeChangesNothing() {
        answer = "n\n";
        assertThat(deploy()).isEqualTo(3);
        answer = "";
        assertThat(run("destroy", "--settings", settings.toString())).isEqualTo(3);
        assertThat(calls).isEmpty();
    }

    @Test
    void theLastStackIsDestroyedFirstAndWhatStaysIsTold() {
        answer = "destroy\n";
        assertThat(run("destroy", "--settings", settings.toString())).isZero();
        assertThat(calls.get(0).subList(0, 3))
                .containsExactly("destroy", "TributaryRegion-us-east-1", "TributaryLogging");
        assertThat(out.toString()).contains("what stays, until you delete it: the buckets");
    }

    @Test
    void aFailureOfTheCdkIsItsExitCode() {
        exitCode = 1;
        assertThat(deploy("--yes")).isEqualTo(1);
        assertThat(out.toString()).doesNotContain("\ndeployed:");
    }

    @Test
    void wrongAccountsAndSettingsAreTold() throws IOException {
        account = "999999999999";
        assertThat(deploy("--yes")).isEqualTo(3);
        assertThat(err.toString()).contains("account 999999999999, which has no part in the settings");
        Files.writeString(settings, "version: 2\n");
        assertThat(deploy("--yes")).isEqualTo(3);
        assertThat(err.toString()).contains("tributary.yaml:1: expected an integer");
        assertThat(run("deploy", "--settings", folder.resolve("none.yaml").toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("none.yaml: no such file; start from tributary.example.yaml");
    }

    private final class Fake implements Account {
        @Override
        public String id(String region) {
            return account;
        }

        @Override
        public boolean isBootstrapped(String region) {
            return bootstrapped.contains(region);
        }

        @Override
        public int unreservedConcurrency(String region) {
            return free;
        }

        @Override
        public boolean hasFunctions(String region) {
            return isThere;
        }

        @Override
        public List<String> unconfirmed(String region) {
            return List.of("security@example.com");
        }
    }
}
