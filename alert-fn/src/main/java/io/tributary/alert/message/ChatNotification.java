package io.tributary.alert.message;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Alert;
import io.tributary.alert.Template;
import java.util.Map;
import java.util.StringJoiner;

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

    private ChatNotification() {}

    /** The notification of an alert; repeats of an alert join its thread. */
    public static ObjectNode of(Alert alert, MessageSettings settings) {
        Circumstances circumstances = new Circumstances(alert.event(), settings.accountNames());
        ObjectNode notification = JsonNodeFactory.instance
                .objectNode()
                .put("version", "1.0")
                .put("source", "custom")
                .put("id", alert.id());
        ObjectNode content = notification
                .putObject("content")
                .put("textType", "client-markdown")
                .put("title", Values.cut(title(alert, circumstances), LONGEST_TITLE))
                .put("description", Values.cut(description(alert, circumstances, settings), LONGEST_DESCRIPTION));
        ArrayNode steps = content.putArray("nextSteps");
        alert.rule()
                .runbook()
                .forEach(step -> steps.add(Values.cut(step.render(alert.event(), Values::markdown), LONGEST_STEP)));
        ArrayNode keywords = content.putArray("keywords");
        keywords.add(alert.rule().severity().caption())
                .add(Values.cut(alert.rule().id(), LONGEST_KEYWORD));
        alert.rule().techniques().forEach(keywords::add);
        ObjectNode metadata = notification
                .putObject("metadata")
                .put("threadId", alert.key())
                .put("summary", Values.cut(title(alert, circumstances), LONGEST_TITLE))
                .put("eventType", alert.rule().id());
        metadata.putObject("additionalContext")
                .put("rule", alert.rule().id())
                .put("alert", alert.id())
                .put("account", alert.event().account());
        return notification;
    }

    private static String title(Alert alert, Circumstances circumstances) {
        return emoji(alert) + " " + alert.rule().title() + ": "
                + Values.printable(circumstances.account()).replaceAll("[`*_~<>]", "");
    }

    private static String emoji(Alert alert) {
        return switch (alert.rule().severity()) {
            case FATAL, CRITICAL -> ":rotating_light:";
            case HIGH -> ":red_circle:";
            case MEDIUM -> ":large_orange_circle:";
            case LOW -> ":large_yellow_circle:";
            case INFORMATIONAL, UNKNOWN -> ":information_source:";
        };
    }

    private static String description(Alert alert, Circumstances circumstances, MessageSettings settings) {
        StringJoiner text = new StringJoiner("\n");
        text.add(Values.sentence(
                alert.rule().what().render(alert.event(), value -> Values.markdown(circumstances.named(value)))));
        text.add("");
        text.add("*Severity* " + alert.rule().severity().caption());
        text.add("*Account* " + Values.markdown(circumstances.account()) + " in "
                + Values.markdown(circumstances.region()));
        circumstances
                .who()
                .ifPresent(
                        who -> text.add((alert.event().isFinding() ? "*Resource* " : "*Who* ") + Values.markdown(who)));
        circumstances.from().ifPresent(from -> text.add("*From* " + Values.markdown(from)));
        text.add("*When* " + circumstances.when(alert.now()));
        Repetition.of(alert).ifPresent(repeats -> text.add("*Repeats* " + repeats));
        for (Map.Entry<String, Template> detail : alert.rule().details().entrySet()) {
            if (detail.getValue().tells(alert.event())) {
                text.add("*" + detail.getKey() + "* " + detail.getValue().render(alert.event(), Values::markdown));
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
