package io.tributary.alert.message;

import io.tributary.alert.Alert;
import io.tributary.alert.Event;
import io.tributary.alert.Summary;
import io.tributary.alert.Template;
import io.tributary.alert.rule.Rule;
import java.util.List;
import java.util.Map;

/**
 * An email through SNS.
 *
 * @param subject at most {@link #LONGEST_SUBJECT} characters of ASCII on one line
 * @param body plain text of at most {@link #MOST_BYTES} bytes
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">SNS Publish</a>
 */
public record EmailMessage(String subject, String body) {
    public static final int LONGEST_SUBJECT = 99;

    /** SNS takes 256 KiB, attributes included. */
    public static final int MOST_BYTES = 250 * 1024;

    private static final int LABEL_WIDTH = 10;

    /** The email of an alert. */
    public static EmailMessage of(Alert alert, MessageSettings settings) {
        Circumstances circumstances = new Circumstances(alert.event(), settings.accountNames());
        return new EmailMessage(
                subject(alert.rule(), alert.rule().title(), circumstances.account()),
                Fitting.bytes(MOST_BYTES, longest -> body(alert, circumstances, settings, longest)));
    }

    /** The email of a summary. */
    public static EmailMessage of(Summary summary, MessageSettings settings) {
        SummaryText summaryText = SummaryText.of(summary, settings.accountNames());
        return new EmailMessage(
                subject(summary.rule(), summaryText.title(), summaryText.account()),
                Fitting.bytes(MOST_BYTES, longest -> body(summary, summaryText, longest)));
    }

    private static String body(Summary summary, SummaryText summaryText, int longest) {
        StringBuilder text = new StringBuilder(1024);
        text.append(summaryText.sentence()).append("\n\n");
        summaryText
                .lines()
                .forEach(line -> line(text, line.label(), line.value(value -> Values.plain(value, longest))));
        text.append("\nRule ")
                .append(summary.rule().id())
                .append(", summary ")
                .append(summary.untold().id())
                .append('\n');
        return text.toString();
    }

    private static String subject(Rule rule, String title, String account) {
        String subject = "[" + rule.severity().caption() + "] " + title + ": " + Values.bare(account, LONGEST_SUBJECT);
        StringBuilder ascii = new StringBuilder(subject.length());
        subject.chars().forEach(character -> ascii.append(character < 0x7f ? (char) character : '?'));
        return ascii.length() <= LONGEST_SUBJECT ? ascii.toString() : ascii.substring(0, LONGEST_SUBJECT - 4) + " ...";
    }

    private static String body(Alert alert, Circumstances circumstances, MessageSettings settings, int longest) {
        StringBuilder text = new StringBuilder(2048);
        String what = Values.defanged(
                alert.rule().what().render(alert.event(), value -> Values.plain(circumstances.named(value), longest)));
        text.append(Values.sentence(what)).append("\n\n");
        line(text, "Severity", alert.rule().severity().caption());
        line(
                text,
                "Account",
                Values.plain(circumstances.account(), longest) + ", " + Values.plain(circumstances.region(), longest));
        circumstances.who().ifPresent(who -> line(text, subjectLabel(alert), Values.plain(who, longest)));
        circumstances.from().ifPresent(from -> line(text, "From", Values.plain(from, longest)));
        line(text, "When", circumstances.when(alert.now()));
        Repetition.of(alert).ifPresent(repeats -> line(text, "Repeats", repeats));
        for (Map.Entry<String, Template> detail : alert.rule().details().entrySet()) {
            if (detail.getValue().tells(alert.event())) {
                line(text, detail.getKey(), render(detail.getValue(), alert.event(), longest));
            }
        }
        text.append("\nWhy it matters\n").append(alert.rule().why()).append('\n');
        text.append("\nWhat to do\n");
        List<Template> runbook = alert.rule().runbook();
        for (int i = 0; i < runbook.size(); i++) {
            text.append(i + 1)
                    .append(". ")
                    .append(render(runbook.get(i), alert.event(), longest))
                    .append('\n');
        }
        text.append('\n');
        circumstances.console().ifPresent(url -> line(text, "Console", url));
        circumstances.search(settings.searchUrl()).ifPresent(url -> line(text, "Search", url));
        alert.rule().references().forEach(url -> line(text, "Read", url));
        text.append("\nRule ")
                .append(alert.rule().id())
                .append(", alert ")
                .append(alert.id())
                .append('\n');
        return text.toString();
    }

    private static String render(Template template, Event event, int longest) {
        return Values.defanged(template.render(event, value -> Values.plain(value, longest)));
    }

    private static String subjectLabel(Alert alert) {
        return alert.event().isFinding() ? "Resource" : "Who";
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(label)
                .append(" ".repeat(Math.max(1, LABEL_WIDTH - label.length())))
                .append(value)
                .append('\n');
    }
}
