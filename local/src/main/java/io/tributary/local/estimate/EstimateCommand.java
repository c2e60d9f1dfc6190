package io.tributary.local.estimate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.local.archive.PolicyFile;
import io.tributary.local.estimate.Estimator.Item;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Estimates the cost of a deployment. */
@Command(
        name = "estimate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Tells what a deployment needs and costs a month, by service, and compares the ways to a search engine.",
            "",
            "Volumes are what sources write, uncompressed. It is an estimate: the kinds of events, how far they compress, and"
                    + " prices differ. GuardDuty, CloudTrail, WAF and what logs cost where they are made are not in it, but for"
                    + " CloudWatch Logs' ingestion."
        },
        footer = {
            "",
            "Examples:",
            "  tributary estimate --accounts 20 --volume flow-logs=50 --volume cloudtrail=5",
            "  tributary estimate --accounts 500 --volume flow-logs=2000,cloudtrail=80,application=300 \\",
            "      --policy archive-policy.yaml --json"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:here it is", "2:the command line is wrong", "3:a file cannot be read"})
public final class EstimateCommand implements Callable<Integer> {
    private static final int MOST_ACCOUNTS = 100_000;
    private static final double MOST_GB = 1e6;
    private static final int MOST_DAYS = 365;

    @Spec
    private CommandSpec spec;

    @Option(names = "--accounts", paramLabel = "NUMBER", defaultValue = "10", description = "How many. Default: 10.")
    private int accounts;

    @Option(
            names = "--volume",
            paramLabel = "KIND=GB",
            required = true,
            split = ",",
            description = "GB a day, uncompressed, by kind: flow-logs, cloudtrail, dns, waf, application.")
    private Map<String, Double> volumes = new TreeMap<>();

    @Option(
            names = "--retention",
            paramLabel = "DAYS",
            defaultValue = "7",
            description = "Of the log stream. Default: 7.")
    private int retentionDays;

    @Option(names = "--policy", paramLabel = "FILE", description = "The archive's policy. Default: the preset minimal.")
    private Optional<Path> policy = Optional.empty();

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = "Prices, in the form of the project's prices.json. Default: that.")
    private Optional<Path> prices = Optional.empty();

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    @Override
    public Integer call() throws IOException {
        ServicePrices read;
        try {
            read = ServicePrices.read(prices);
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println("tributary: " + prices.map(Path::toString).orElse("prices") + ": " + e.getMessage());
            return 3;
        }
        if (accounts < 1 || accounts > MOST_ACCOUNTS || retentionDays < 1 || retentionDays > MOST_DAYS) {
            throw new ParameterException(spec.commandLine(), "--accounts is 1 to 100000, --retention 1 to 365 days");
        }
        Estimator estimator = new Estimator(read, volumes(), accounts, retentionDays, PolicyFile.read(policy));
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            out.println(json(estimator, read).toPrettyString());
        } else {
            print(estimator, read, out);
        }
        out.flush();
        return 0;
    }

    private List<Volume> volumes() {
        List<Volume> read = new ArrayList<>();
        volumes.forEach((name, gb) -> {
            Volume.Kind kind = List.of(Volume.Kind.values()).stream()
                    .filter(each -> each.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "there is no kind \"" + name + "\"; there are " + List.of(Volume.Kind.values())));
            if (!(gb >= 0 && gb <= MOST_GB)) {
                throw new ParameterException(spec.commandLine(), name + ": GB a day are 0 to 1000000");
            }
            read.add(new Volume(kind, gb));
        });
        return read;
    }

    private static ObjectNode json(Estimator estimator, ServicePrices prices) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("currency", prices.archive().currency())
                .put("prices_of", prices.archive().date())
                .put("region", prices.archive().region())
                .put("events_day", Math.round(estimator.eventsDay()))
                .put("shards", estimator.shards())
                .put("nodes", estimator.nodes());
        estimator.items().forEach(item -> json.withArray("items").add(json(item)));
        for (Estimator.Index index : Estimator.Index.values()) {
            json.withArray("index").add(json(estimator.index(index)));
        }
        return json;
    }

    private static ObjectNode json(Item item) {
        return new ObjectMapper()
                .createObjectNode()
                .put("service", item.service())
                .put("what", item.what())
                .put("month", Math.round(item.amount() * 100) / 100.0);
    }

    private static void print(Estimator estimator, ServicePrices prices, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,.0f events and %,.1f GB of compressed records a day; a provisioned stream has %d shards.%n%n",
                estimator.eventsDay(),
                estimator.sentGbDay(),
                estimator.shards());
        double total = 0;
        for (Item item : estimator.items()) {
            line(out, item.service(), item.amount(), item.what());
            total += item.amount();
        }
        line(out, "all of these", total, "");
        out.printf("%nand for a search engine one of:%n%n");
        for (Estimator.Index index : Estimator.Index.values()) {
            Item item = estimator.index(index);
            line(out, item.service(), item.amount(), item.what());
        }
        out.printf(
                Locale.ROOT,
                "%n%s a month, prices of %s, %s. %s%n",
                prices.archive().currency(),
                prices.archive().region(),
                prices.archive().date(),
                prices.archive().note());
    }

    private static void line(PrintWriter out, String name, double amount, String what) {
        out.println(String.format(Locale.ROOT, "  %-30s %,12.2f  %s", name, amount, what)
                .stripTrailing());
    }
}
