package io.tributary.alert.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.alert.Template;
import io.tributary.ocsf.Severity;
import io.tributary.yaml.YamlException;
import io.tributary.yaml.YamlValue;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule's file: the rule, and the cases that prove it. The README explains each member.
 *
 * @param rule what is deployed
 * @param cases at least one that alerts and one that does not
 */
public record RuleFile(Rule rule, List<RuleCase> cases) {
    /** A message's subject has this and the account. */
    private static final int LONGEST_TITLE = 70;

    private static final Duration SHORTEST_QUIET = Duration.ofMinutes(1);
    private static final Duration LONGEST_QUIET = Duration.ofDays(30);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(1);

    private static final Pattern ID = Pattern.compile("[a-z0-9_-]+(/[a-z0-9_-]+)*");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smhd])");
    private static final Pattern TECHNIQUE = Pattern.compile("T\\d{4}(\\.\\d{3})?");
    private static final Pattern PATH = Pattern.compile("[A-Za-z][A-Za-z0-9_.:/-]*");

    private static final List<String> MEMBERS = List.of(
            "title",
            "severity",
            "why",
            "runbook",
            "references",
            "techniques",
            "match",
            "unless",
            "group by",
            "quiet for",
            "threshold",
            "status",
            "message",
            "tests");

    public RuleFile {
        cases = List.copyOf(cases);
    }

    /**
     * Reads a rule.
     *
     * @param file what messages call it
     * @param id the rule's
     * @throws YamlException if anything in it is wrong: the message names file and line
     */
    public static RuleFile parse(String file, String id, String text) throws YamlException {
        if (!ID.matcher(id).matches()) {
            throw new YamlException(
                    file + ":1: the file's path is the rule's id: lower case letters, digits, hyphens, not " + id);
        }
        YamlValue root = YamlValue.parse(file, text);
        root.members(MEMBERS);
        YamlValue match = root.required("match");
        JsonNode matched = EventPattern.check(match);
        Safeguards.sources(match);
        Safeguards.negations(match);
        List<JsonNode> unless = new ArrayList<>();
        for (YamlValue pattern : list(root, "unless")) {
            unless.add(EventPattern.check(pattern));
            Safeguards.excuse(pattern);
        }
        Detection.Pattern detection = new Detection.Pattern(matched, unless);
        YamlValue message = root.required("message");
        message.members(List.of("what", "details"));
        Rule rule = new Rule(
                id,
                title(root.required("title")),
                severity(root.required("severity")),
                status(root.member("status")),
                root.required("why").text(),
                templates(root.required("runbook")),
                references(list(root, "references")),
                techniques(list(root, "techniques")),
                detection,
                groupBy(root.member("group by"), detection),
                quietFor(root.member("quiet for")),
                threshold(root.member("threshold")),
                template(message.required("what")),
                details(message.member("details")));
        return new RuleFile(rule, cases(root.required("tests"), rule.source()));
    }

    private static List<YamlValue> list(YamlValue root, String name) throws YamlException {
        Optional<YamlValue> member = root.member(name);
        return member.isPresent() ? member.get().elements() : List.of();
    }

    private static String title(YamlValue value) throws YamlException {
        String title = value.text();
        if (title.length() > LONGEST_TITLE || title.endsWith(".")) {
            throw value.error("a title has at most " + LONGEST_TITLE + " characters and no period");
        }
        return title;
    }

    private static Severity severity(YamlValue value) throws YamlException {
        Severity severity = value.constant(Severity.class);
        if (severity == Severity.UNKNOWN) {
            throw value.error("say how severe it is: informational, low, medium, high, critical, fatal");
        }
        return severity;
    }

    private static RuleStatus status(Optional<YamlValue> value) throws YamlException {
        return value.isPresent() ? value.get().constant(RuleStatus.class) : RuleStatus.ACTIVE;
    }

    private static List<Template> templates(YamlValue values) throws YamlException {
        List<Template> templates = new ArrayList<>();
        for (YamlValue value : values.elements()) {
            templates.add(template(value));
        }
        if (templates.isEmpty()) {
            throw values.error("a runbook has a step at least");
        }
        return templates;
    }

    private static Template template(YamlValue value) throws YamlException {
        try {
            return Template.of(value.text());
        } catch (IllegalArgumentException e) {
            throw value.error(e.getMessage());
        }
    }

    private static Map<String, Template> details(Optional<YamlValue> value) throws YamlException {
        Map<String, Template> details = new LinkedHashMap<>();
        if (value.isPresent()) {
            for (Map.Entry<String, YamlValue> member : value.get().members().entrySet()) {
                details.put(member.getKey(), template(member.getValue()));
            }
        }
        return details;
    }

    private static List<String> references(List<YamlValue> values) throws YamlException {
        List<String> references = new ArrayList<>();
        for (YamlValue value : values) {
            try {
                if (!"https".equals(URI.create(value.text()).getScheme())) {
                    throw value.error("a reference is an https URL");
                }
            } catch (IllegalArgumentException e) {
                throw value.error("a reference is an https URL: " + e.getMessage());
            }
            references.add(value.text());
        }
        return references;
    }

    private static List<String> techniques(List<YamlValue> values) throws YamlException {
        List<String> techniques = new ArrayList<>();
        for (YamlValue value : values) {
            if (!TECHNIQUE.matcher(value.text()).matches()) {
                throw value.error("'" + value.text() + "' is no MITRE ATT&CK technique, such as T1562.008");
            }
            techniques.add(value.text());
        }
        return techniques;
    }

    private static List<String> groupBy(Optional<YamlValue> value, Detection.Pattern detection) throws YamlException {
        if (value.isEmpty()) {
            return defaultGroup(detection);
        }
        for (YamlValue path : value.get().elements()) {
            if (!PATH.matcher(path.text()).matches()) {
                throw path.error("'" + path.text() + "' is no path into the event, such as tributary.actor");
            }
            Safeguards.group(path);
        }
        return value.get().texts();
    }

    /** A finding is one matter, however often it is updated; else it is a matter of who did it in which account. */
    private static List<String> defaultGroup(Detection.Pattern detection) {
        return detection.match().path("source").toString().equals("[\"aws.guardduty\"]")
                ? List.of("detail.id")
                : List.of("account", "tributary.actor");
    }

    private static Duration quietFor(Optional<YamlValue> value) throws YamlException {
        return value.isPresent() ? duration(value.get(), SHORTEST_QUIET, LONGEST_QUIET) : Duration.ofHours(1);
    }

    private static Optional<Threshold> threshold(Optional<YamlValue> value) throws YamlException {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        value.get().members(List.of("events", "within"));
        return Optional.of(new Threshold(
                value.get().required("events").integer(2, Threshold.MOST_EVENTS),
                duration(value.get().required("within"), Duration.ofSeconds(1), LONGEST_WINDOW)));
    }

    private static Duration duration(YamlValue value, Duration least, Duration most) throws YamlException {
        Matcher matcher = DURATION.matcher(value.text());
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return duration;
            }
        }
        throw value.error("'" + value.text() + "' is no duration from " + text(least) + " to " + text(most)
                + ", such as 90s, 30m, 6h, 1d");
    }

    private static String text(Duration duration) {
        return duration.toDays() > 0
                ? duration.toDays() + "d"
                : duration.toMinutes() > 0 ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
    }

    static List<RuleCase> cases(YamlValue tests, String source) throws YamlException {
        List<RuleCase> cases = new ArrayList<>();
        for (YamlValue test : tests.elements()) {
            test.members(List.of("name", "alerts", "event"));
            YamlValue event = test.required("event");
            if (!event.isMapping()) {
                throw event.error("expected the members of an event");
            }
            cases.add(new RuleCase(
                    test.required("name").text(),
                    test.required("alerts").bool(),
                    SampleEvents.of(source, event.toJson()),
                    test));
        }
        if (cases.stream().noneMatch(RuleCase::alerts) || cases.stream().allMatch(RuleCase::alerts)) {
            throw tests.error("a rule has a test that alerts and one that does not, at least");
        }
        return cases;
    }
}
