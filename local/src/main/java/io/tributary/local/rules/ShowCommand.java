package io.tributary.local.rules;

import io.tributary.alert.Alert;
import io.tributary.alert.AlertKey;
import io.tributary.alert.Event;
import io.tributary.alert.message.ChatNotification;
import io.tributary.alert.message.EmailMessage;
import io.tributary.alert.message.MessageSettings;
import io.tributary.alert.rule.Rule;
import io.tributary.alert.rule.RuleCase;
import io.tributary.alert.rule.RuleFile;
import io.tributary.alert.rule.RuleSet;
import io.tributary.local.input.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a rule's message. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Shows the message of a rule as an email and as a chat notification, for the first event of its tests"
                        + " that alerts, or for the first event of a file that it matches.",
        footer = {"", "Examples:", "  tributary rules show cloudtrail/trail-stopped"},
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:shown", "2:the command line is wrong, or there is no such rule", "3:a file cannot be read"})
final class ShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "The rule: its path below the folder, without the ending.")
    private String id;

    @Option(names = "--rules", paramLabel = "DIR", description = "A folder of rules. Default: the project's own.")
    private List<Path> folders = new ArrayList<>();

    @Option(names = "--event", paramLabel = "FILE", description = "Events to look for one that the rule matches.")
    private Optional<String> file = Optional.empty();

    @Option(names = "--json", description = "Print the chat notification only, as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try {
            RuleFile found = rule();
            show(found.rule(), event(found));
            return 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println("tributary: " + e.getMessage());
            return 3;
        }
    }

    private RuleFile rule() throws IOException {
        List<RuleFile> rules = RulesFolders.read(folders.isEmpty() ? RulesFolders.own() : folders)
                .files();
        return rules.stream()
                .filter(rule -> rule.rule().id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "There is no rule '" + id + "'"
                                + rules.stream()
                                        .map(rule -> rule.rule().id())
                                        .filter(other -> other.contains(id))
                                        .findFirst()
                                        .map(other -> "; do you mean " + other + "?")
                                        .orElse(" among " + rules.size() + ".")));
    }

    private Event event(RuleFile rule) throws IOException {
        if (file.isPresent()) {
            RuleSet only = RuleSet.of(List.of(rule.rule()));
            List<Event> matched = new ArrayList<>();
            new EventFiles(event -> {
                        if (matched.isEmpty() && !only.matching(event).isEmpty()) {
                            matched.add(event);
                        }
                    })
                    .read(List.of(file.get()));
            return matched.stream()
                    .findFirst()
                    .orElseThrow(() -> new InputException(file.get() + ": no event in it matches the rule"));
        }
        return rule.cases().stream()
                .filter(RuleCase::alerts)
                .map(RuleCase::event)
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "The rule has no tests: name a file of events with --event."));
    }

    private void show(Rule rule, Event event) {
        MessageSettings settings = new MessageSettings(
                Map.of("123456789012", "production"), Optional.of("https://search.example.com/?uid={uid}"));
        int events = rule.threshold().map(threshold -> threshold.events()).orElse(1);
        String key = AlertKey.of(rule, event);
        Alert alert = new Alert(
                key.substring(key.indexOf('#') + 1),
                key,
                rule,
                event,
                0,
                false,
                events,
                false,
                event.time(Instant.EPOCH));
        PrintWriter out = spec.commandLine().getOut();
        String chat = ChatNotification.of(alert, settings).toPrettyString();
        if (!json) {
            EmailMessage email = EmailMessage.of(alert, settings);
            out.printf("--- email%n%nSubject: %s%n%n%s%n--- chat%n%n", email.subject(), email.body());
        }
        out.println(chat);
        out.flush();
    }
}
