package io.tributary.alert.message;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Alert;
import io.tributary.alert.Event;
import io.tributary.alert.Summary;
import io.tributary.alert.Template;
import io.tributary.alert.Untold;
import io.tributary.alert.rule.Rule;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;

/**
 * A custom notification of Amazon Q Developer in chat applications, for Slack and Teams, version 1.0.
 *
 * @see <a href="https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html">Custom notifications</a>
 */
public final class ChatNotification {
    static final int LONGEST_TITLE = 250;
    static final int LONGEST_DESCRIPTION = 8_000;
    static final int LONGEST_STEP = 350;
    static final int LONGEST_KEYWORD = 75;
    private static final int LONGEST_ACCOUNT = 100;

    private ChatNotification() {}

    /** The notification of an alert; repeats of an alert join its thread. */
    public static ObjectNode of(Alert alert, MessageSettings settings) {
        Circumstances circumstances = new Circumstances(alert.event(), settings.accountNames());
        ObjectNode notification = notification(
                alert.id(),
                title(alert.rule(), alert.rule().title(), circumstances.account()),
                Fitting.characters(
                        LONGEST_DESCRIPTION, longest -> description(alert, circumstances, settings, longest)));
        ObjectNode content = (ObjectNode) notification.path("content");
        ArrayNode steps = content.putArray("nextSteps");
        alert.rule()
                .runbook()
                .forEach(step ->
                        steps.add(Fitting.characters(LONGEST_STEP, longest -> render(step, alert.event(), longest))));
        ArrayNode keywords = keywords(content, alert.rule());
        alert.rule().techniques().forEach(keywords::add);
        metadata(
                notification,
                alert.rule(),
                alert.id(),
                alert.key(),
                alert.event().account());
        return notification;
    }

    /** The notification of a summary; that of an alert's repeats joins its thread. */
    public static ObjectNode of(Summary summary, MessageSettings settings) {
        SummaryText summaryText = SummaryText.of(summary, settings.accountNames());
        Untold untold = summary.untold();
        ObjectNode notification = notification(
                untold.id(),
                title(summary.rule(), summaryText.title(), summaryText.account()),
                Fitting.characters(LONGEST_DESCRIPTION, longest -> description(summaryText, longest)));
        keywords((ObjectNode) notification.path("content"), summary.rule());
        metadata(notification, summary.rule(), untold.id(), untold.key(), untold.account());
        return notification;
    }

    private static String description(SummaryText summaryText, int longest) {
        StringJoiner text = new StringJoiner("\n");
        text.add(summaryText.sentence()).add("");
        summaryText
                .lines()
                .forEach(line ->
                        text.add("*" + line.label() + "* " + line.value(value -> Values.markdown(value, longest))));
        return text.toString();
    }

    private static String render(Template template, Event event, int longest) {
        return render(template, event, value -> Values.markdown(value, longest));
    }

    /** Two values side by side are kept apart, since two marks of code together are another mark. */
    private static String render(Template template, Event event, UnaryOperator<String> escape) {
        return Values.defanged(template.render(event, escape)).replace("``", "` `");
    }

    private static ObjectNode notification(String id, String title, String description) {
        ObjectNode notification = JsonNodeFactory.instance
                .objectNode()
                .put("version", "1.0")
                .put("source", "custom")
                .put("id", id);
        notification
                .putObject("content")
                .put("textType", "client-markdown")
                .put("title", title)
                .put("description", description);
        return notification;
    }

    private static ArrayNode keywords(ObjectNode content, Rule rule) {
        return content.putArray("keywords").add(rule.severity().caption()).add(Values.cut(rule.id(), LONGEST_KEYWORD));
    }

    private static void metadata(ObjectNode notification, Rule rule, String id, String thread, String account) {
        notification
                .putObject("metadata")
                .put("threadId", thread)
                .put("summary", notification.at("/content/title").asText())
                .put("eventType", rule.id())
                .putObject("additionalContext")
                .put("rule", rule.id())
                .put("alert", id)
                .put("account", Values.bare(account, LONGEST_ACCOUNT));
    }

    private static String title(Rule rule, String title, String account) {
        return Values.cut(emoji(rule) + " " + title + ": " + Values.bare(account, LONGEST_ACCOUNT), LONGEST_TITLE);
    }

    private static String emoji(Rule rule) {
        return switch (rule.severity()) {
            case FATAL, CRITICAL -> ":rotating_light:";
            case HIGH -> ":red_circle:";
            case MEDIUM -> ":large_orange_circle:";
            case LOW -> ":large_yellow_circle:";
            case INFORMATIONAL, UNKNOWN -> ":information_source:";
        };
    }

    private static String description(Alert alert, Circumstances circumstances, MessageSettings settings, int longest) {
        StringJoiner text = new StringJoiner("\n");
        text.add(Values.sentence(render(
                alert.rule().what(), alert.event(), value -> Values.markdown(circumstances.named(value), longest))));
        text.add("");
        text.add("*Severity* " + alert.rule().severity().caption());
        text.add("*Account* " + Values.markdown(circumstances.account(), longest) + " in "
                + Values.markdown(circumstances.region(), longest));
        circumstances
                .who()
                .ifPresent(who -> text.add(
                        (alert.event().isFinding() ? "*Resource* " : "*Who* ") + Values.markdown(who, longest)));
        circumstances.from().ifPresent(from -> text.add("*From* " + Values.markdown(from, longest)));
        text.add("*When* " + circumstances.when(alert.now()));
        Repetition.of(alert).ifPresent(repeats -> text.add("*Repeats* " + repeats));
        for (Map.Entry<String, Template> detail : alert.rule().details().entrySet()) {
            if (detail.getValue().tells(alert.event())) {
                text.add("*" + detail.getKey() + "* " + render(detail.getValue(), alert.event(), longest));
            }
        }
        text.add("");
        text.add(alert.rule().why());
        text.add("");
        // a link's own syntax differs between Slack and Teams; both make one of a URL
        circumstances.console().ifPresent(url -> text.add("*Console* " + url));
        circumstances.search(settings.searchUrl()).ifPresent(url -> text.add("*Search* " + url));
        return text.toString().strip();
    }
}
