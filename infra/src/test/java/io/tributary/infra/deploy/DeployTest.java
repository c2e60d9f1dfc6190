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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;

/** What is checked, what the CDK is asked for, and what is told, with an account of the test's. */
class DeployTest {
    private static final String LOGGING = "210987654321";
    private static final String MANAGEMENT = "123456789012";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<List<String>> calls = new ArrayList<>();
    private final FakeStanding standing = new FakeStanding();
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
                standing,
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
    void theCdkIsToldWhatFollowsItsNameAndNothingElse() {
        assertThat(run("cdk", "bootstrap", "aws://210987654321/us-east-1", "--help", "-c", "a=b"))
                .isZero();
        exitCode = 1;
        assertThat(run("cdk")).isEqualTo(1);
        assertThat(calls)
                .containsExactly(
                        List.of("bootstrap", "aws://210987654321/us-east-1", "--help", "-c", "a=b"), List.of());
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

    /** The second deployment after a destroyed one: buckets and alias are kept, the log stream is somebody's else. */
    @Test
    void whatAnEarlierDeploymentHasLeftIsFoundBeforeItIsInTheWay() {
        standing.put("eu-central-1", "tributary-archive-210987654321-eu-central-1", "tributary-archive");
        standing.put("eu-central-1", "alias/tributary", "1234abcd-12ab-34cd-56ef-1234567890ab");
        standing.put("eu-central-1", "tributary-logs", "tributary-logs");
        standing.put("eu-central-1", "/tributary/transform", "/tributary/transform");
        assertThat(deploy("--yes")).isEqualTo(3);
        assertThat(calls).isEmpty();
        assertThat(err.toString())
                .contains(
                        "the bucket tributary-archive-210987654321-eu-central-1 stands there",
                        "the name of a key, alias/tributary, is taken in eu-central-1",
                        "aws kinesis delete-stream --stream-name tributary-logs --region eu-central-1",
                        "aws logs delete-log-group",
                        // how to go on with what is in the buckets
                        "import TributaryLogging -c settings=" + settings,
                        "the key 1234abcd-12ab-34cd-56ef-1234567890ab",
                        // and how to do without
                        "begin with Keep",
                        "aws kms delete-alias --alias-name alias/tributary");
        assertThat(standing.asked)
                .contains(
                        "eu-central-1 tributary-chain-heads-210987654321-eu-central-1",
                        "eu-central-1 tributary-trail-210987654321-eu-central-1",
                        "eu-central-1 tributary-work-210987654321-eu-central-1",
                        "eu-central-1 tributary-access-210987654321-eu-central-1");
    }

    @Test
    void whatTheStackItselfHasIsNotInItsWay() {
        standing.put("eu-central-1", "tributary-archive-210987654321-eu-central-1", "tributary-archive");
        standing.put("eu-central-1", "tributary-logs", "tributary-logs");
        standing.stacks.put(
                "eu-central-1 TributaryLogging",
                Set.of("tributary-archive-210987654321-eu-central-1", "tributary-logs", "alias/tributary"));
        standing.logResourcePolicies = 10;
        assertThat(deploy("--yes")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aTrailOfTheSameNameIsFoundInTheManagementAccount() {
        account = MANAGEMENT;
        standing.put("eu-central-1", "tributary", "tributary");
        standing.put("us-east-1", "/tributary/guardduty-delegation", "/tributary/guardduty-delegation");
        assertThat(deploy("--yes")).isEqualTo(3);
        assertThat(err.toString())
                .contains(
                        "aws cloudtrail delete-trail --name tributary --region eu-central-1",
                        "--log-group-name /tributary/guardduty-delegation --region us-east-1")
                .doesNotContain("import Tributary");
    }

    @Test
    void theSearchDomainsLogsNeedAPolicyOfTheTenThatThereAre() {
        standing.logResourcePolicies = 10;
        assertThat(deploy("--yes")).isEqualTo(3);
        assertThat(err.toString()).contains("CloudWatch Logs has 10 resource policies in eu-central-1 already");
    }

    @Test
    void anAccountsOnlySubscriptionMayBeSomebodyElses() {
        account = MANAGEMENT;
        standing.policies.putAll(Map.of("eu-central-1", "tributary-eu-central-1", "us-east-1", "security"));
        assertThat(deploy("--yes")).isEqualTo(3);
        assertThat(err.toString())
                .contains("the account-level subscription policy security stands in us-east-1")
                .contains(
                        "aws logs delete-account-policy --policy-type SUBSCRIPTION_FILTER_POLICY --policy-name security")
                .doesNotContain("stands in eu-central-1");
        assertThat(out.toString())
                .contains(
                        "not checked, since only each account can tell: whether another account has an account-level");
    }

    @Test
    void logGroupsOfTheListHaveToBeThereAndHaveAFilterLeft() throws IOException {
        Files.writeString(settings, Files.readString(settings) + """
                sources:
                  log groups:
                    - {account: "210987654321", region: eu-central-1, name: /shop/orders}
                    - {account: "210987654321", region: eu-central-1, name: /shop/gone}
                    - {account: "210987654321", region: us-east-1, name: /shop/ours}
                    - {account: "345678901234", region: us-east-1, name: /shop/others}
                """);
        // which is no matter where log groups are subscribed one by one
        standing.policies.put("us-east-1", "security");
        standing.filters.put("eu-central-1 /shop/orders", List.of("a", "b", "c", "d", "e"));
        standing.filters.put("us-east-1 /shop/ours", List.of("a", "b", "c", "d", "tributary-us-east-1"));
        assertThat(deploy("--yes")).isEqualTo(3);
        assertThat(err.toString())
                .contains(
                        "the log group /shop/orders in eu-central-1 has all of its 5 subscription filters (a, b, c, d, e)",
                        "there is no log group /shop/gone in eu-central-1")
                .doesNotContain("/shop/ours", "/shop/others", "security");
        account = MANAGEMENT;
        assertThat(deploy("--yes")).isZero();
        assertThat(out.toString()).contains("a log group of the list whose 5 subscription filters are taken");
    }

    /** A quota that no call of ours tells. */
    @Test
    void whereEventBridgeAllowsFewRulesItIsTold() throws IOException {
        assertThat(deploy("--yes")).isZero();
        assertThat(out.toString()).doesNotContain("quota of rules");
        Files.writeString(settings, Files.readString(settings).replace("us-east-1", "eu-south-1"));
        bootstrapped = Set.of("eu-central-1", "eu-south-1");
        assertThat(deploy("--yes")).isZero();
        assertThat(out.toString()).contains("quota of rules for a bus, which is 100 in af-south-1 and eu-south-1");
    }

    @Test
    void whoMayNotLookIsToldWhatWasNotChecked() {
        standing.refusal = Optional.of(
                CloudFormationException.builder().message("not authorized").build());
        assertThat(deploy("--yes")).isZero();
        assertThat(out.toString())
                .contains("not checked: what an earlier deployment has left behind (")
                .contains("not authorized");
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
        assertThat(out.toString()).contains("what stays, until you delete it: the buckets", "its chains' heads");
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
