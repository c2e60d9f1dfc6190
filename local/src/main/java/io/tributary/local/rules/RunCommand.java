package io.tributary.local.rules;

import io.tributary.alert.AlertFailedException;
import io.tributary.alert.rule.Rule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs rules over files. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs rules over files and tells which events they match and how many alerts that would be, after grouping,"
                    + " thresholds and quiet times. Nothing is sent.",
            "",
            "Reads CloudTrail files, EventBridge events, GuardDuty findings, CloudWatch Logs envelopes of them, and documents"
                    + " that tributary archived; gzip or not."
        },
        footer = {
            "",
            "Examples:",
            "  tributary rules run examples",
            "  tributary rules run --rules ~/sigma/rules/cloud/aws --json 123456789012_CloudTrail_*.json.gz",
            "  tributary rules run out/events/source=cloudtrail"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the rules were run",
            "1:some rules were refused; the others were run",
            "2:the command line is wrong",
            "3:a file cannot be read"
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rules",
            paramLabel = "DIR",
            description = "A folder of rules, of the project's or Sigma's format; may be given again. Default: the"
                    + " project's own.")
    private List<Path> folders = new ArrayList<>();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files or directories; - for standard input.")
    private List<String> files;

    @Option(names = "--json", description = "Print a line of JSON for each rule, also for those that matched nothing.")
    private boolean json;

    @Override
    public Integer call() throws AlertFailedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            List<Path> all = folders.isEmpty() ? RulesFolders.own() : folders;
            List<String> problems = new ArrayList<>();
            List<Rule> rules = RulesFolders.rules(all, problems);
            problems.forEach(problem -> err.println("tributary: " + problem));
            DryRun run = new DryRun(rules);
            EventFiles events = new EventFiles(run::add);
            events.read(files);
            run.finish();
            if (json) {
                run.printJson(out);
            } else {
                run.print(out, events.read(), events.foreign());
            }
            return problems.isEmpty() ? 0 : 1;
        } catch (IOException e) {
            err.println("tributary: " + e.getMessage());
            return 3;
        }
    }
}
