package io.tributary.local.opensearch;

import io.tributary.opensearch.OpenSearch;
import io.tributary.opensearch.OpenSearch.Credentials;
import io.tributary.opensearch.Setup;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
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
                        + " to the index of its class and day; and the index templates. What is there already is left alone.",
        footer = {
            "",
            "Examples:",
            "  tributary opensearch setup --endpoint http://localhost:9200",
            "  tributary opensearch setup --endpoint https://search-example.eu-central-1.es.amazonaws.com --sign es"
                    + " --region eu-central-1",
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

    @Option(names = "--dry-run", description = "Tell what differs, and write nothing.")
    private boolean isDryRun;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            List<String> written = new Setup(new OpenSearch(endpoint, credentials())).apply(isDryRun);
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
