package io.tributary.local.rules;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.rule.RuleFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves rules. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Reads every rule of a folder and runs its tests, as the build does.",
        footer = {"", "Examples:", "  tributary rules test", "  tributary rules test ~/sigma/rules/cloud/aws"},
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every rule is right",
            "1:some are not",
            "2:the command line is wrong",
            "3:a folder cannot be read"
        })
final class TestCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "DIR", description = "Folders of rules. Default: the project's own.")
    private List<Path> folders = new ArrayList<>();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<Path> all = folders.isEmpty() ? RulesFolders.own() : folders;
        if (all.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Which folder? The project's own rules are not here.");
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            RulesFolders rules = RulesFolders.read(all);
            if (json) {
                printJson(rules, out);
            } else {
                print(rules, out);
            }
            return rules.problems().isEmpty() ? 0 : 1;
        } catch (IOException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private static void print(RulesFolders rules, PrintWriter out) {
        rules.problems().forEach(out::println);
        rules.undeployable().forEach(problem -> out.println(problem + " (the build refuses it)"));
        out.printf(
                "%d rules with %d tests%s: %s%n",
                rules.files().size(),
                tests(rules),
                rules.foreign() > 0 ? " (and " + rules.foreign() + " Sigma rules for other logs, left out)" : "",
                rules.problems().isEmpty() ? "all right" : rules.problems().size() + " problems");
        out.flush();
    }

    private static void printJson(RulesFolders rules, PrintWriter out) {
        ObjectNode result = new ObjectMapper()
                .createObjectNode()
                .put("rules", rules.files().size())
                .put("tests", tests(rules))
                .put("left_out", rules.foreign());
        ArrayNode problems = result.putArray("problems");
        rules.problems().forEach(problems::add);
        ArrayNode undeployable = result.putArray("undeployable");
        rules.undeployable().forEach(undeployable::add);
        out.println(result);
        out.flush();
    }

    private static int tests(RulesFolders rules) {
        return rules.files().stream().map(RuleFile::cases).mapToInt(List::size).sum();
    }
}
