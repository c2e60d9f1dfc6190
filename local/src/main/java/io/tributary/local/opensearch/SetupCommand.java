package io.tributary.local.opensearch;

import io.tributary.local.archive.PolicyFile;
import io.tributary.opensearch.DashboardsSetup;
import io.tributary.opensearch.OpenSearch;
import io.tributary.opensearch.OpenSearch.Credentials;
import io.tributary.opensearch.Setup;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** Gives an OpenSearch its pipeline and templates. */
@Command(
        name = "setup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Gives an OpenSearch the ingest pipeline that makes a document one, however often it is delivered, and routes it"
                        + " to the index of its class and day; the index templates; how long indices are kept; and dashboards. What is"
                        + " there already is left alone.",
        footer = {
            "",
            "Examples:",
            "  tributary opensearch setup --endpoint http://localhost:9200",
            "  tributary opensearch setup --endpoint https://search-example.eu-central-1.es.amazonaws.com --sign es"
                    + " --region eu-central-1 \\",
            "      --dashboards https://search-example.eu-central-1.es.amazonaws.com/_dashboards --policy archive-policy.yaml",
            "  OPENSEARCH_PASSWORD=… tributary opensearch setup --endpoint https://search.example.com --user admin"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:it is as it should be, or --dry-run told what is not",
            "2:the command line is wrong",
            "3:OpenSearch does not answer, or refuses"
        })
final class SetupCommand implements Callable<Integer> {
    private static final String PASSWORD = "OPENSEARCH_PASSWORD";

    @Spec
    private CommandSpec spec;

    @Option(names = "--endpoint", paramLabel = "URL", required = true, description = "Where it is.")
    private URI endpoint;

    @Option(names = "--user", paramLabel = "NAME", description = "Its user; the password is in $" + PASSWORD + ".")
    private Optional<String> user = Optional.empty();

    @Option(
            names = "--sign",
            paramLabel = "SERVICE",
            description = "Sign as AWS has it: es for a domain, aoss for a serverless collection.")
    private Optional<String> sign = Optional.empty();

    @Option(names = "--region", paramLabel = "REGION", description = "The Region to sign for.")
    private Optional<String> region = Optional.empty();

    @Option(
            names = "--dashboards",
            paramLabel = "URL",
            description =
                    "Where its OpenSearch Dashboards is, for our dashboards: overview, network, API activity, sign-in,"
                            + " findings and alerts, pipeline health.")
    private Optional<URI> dashboards = Optional.empty();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "The archive's policy: indices are deleted when their sources are no longer searchable by it. Without it"
                            + " they stay.")
    private Optional<Path> policy = Optional.empty();

    @Option(names = "--dry-run", description = "Tell what differs, and write nothing.")
    private boolean isDryRun;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            List<String> written = new ArrayList<>(
                    new Setup(new OpenSearch(endpoint, credentials()), searchableDays()).apply(isDryRun));
            if (dashboards.isPresent()) {
                URI site = URI.create(dashboards.get().toString().replaceAll("/*$", "/"));
                written.addAll(new DashboardsSetup(new OpenSearch(site, credentials())).apply(isDryRun));
            }
            written.forEach(path -> out.println((isDryRun ? "differs: " : "written: ") + path));
            if (written.isEmpty()) {
                out.println("nothing differs");
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private Map<String, Integer> searchableDays() throws IOException {
        Map<String, Integer> days = new HashMap<>();
        if (policy.isPresent()) {
            PolicyFile.read(policy).sources().forEach((source, kept) -> days.put(source, kept.searchableDays()));
        }
        return days;
    }

    private Credentials credentials() {
        if (sign.isPresent()) {
            return new Credentials.Signed(
                    DefaultCredentialsProvider.builder().build(),
                    region.orElseThrow(() -> new ParameterException(spec.commandLine(), "--sign needs --region")),
                    sign.get());
        }
        if (user.isPresent()) {
            String password = System.getenv(PASSWORD);
            if (password == null) {
                throw new ParameterException(spec.commandLine(), "--user needs a password in $" + PASSWORD);
            }
            return new Credentials.Basic(user.get(), password);
        }
        return new Credentials.None();
    }
}
