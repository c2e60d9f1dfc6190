package io.tributary.alert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text with references into the event: <code>{detail.userIdentity.arn}</code>, or <code>{a|b}</code> for the first that is
 * there. Several values are separated by commas; where there is none it says so.
 */
public final class Template {
    /** What stands for a value that is not there. */
    public static final String UNKNOWN = "unknown";

    private static final int MOST_VALUES = 10;
    private static final Pattern REFERENCE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern PATHS = Pattern.compile("[A-Za-z][A-Za-z0-9_.:/-]*(\\|[A-Za-z][A-Za-z0-9_.:/-]*)*");

    private final String text;

    private Template(String text) {
        this.text = text;
    }

    /**
     * Checks a text's references.
     *
     * @throws IllegalArgumentException if a brace is alone, or has no path in it
     */
    public static Template of(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            if (!PATHS.matcher(matcher.group(1)).matches()) {
                throw new IllegalArgumentException("{" + matcher.group(1) + "} is no path into the event");
            }
        }
        String rest = matcher.replaceAll("");
        if (rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
            throw new IllegalArgumentException("a brace without its other");
        }
        return new Template(text);
    }

    /** The text as it was written. */
    public String source() {
        return text;
    }

    /** The text with the event's values, each made harmless by {@code escape}; the rest is the rule's own. */
    public String render(Event event, UnaryOperator<String> escape) {
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(escape.apply(value(event, match.group(1)))));
    }

    /** Whether any of its references has a value; a text without references has what it says. */
    public boolean tells(Event event) {
        Matcher matcher = REFERENCE.matcher(text);
        boolean refers = false;
        while (matcher.find()) {
            refers = true;
            if (!value(event, matcher.group(1)).equals(UNKNOWN)) {
                return true;
            }
        }
        return !refers;
    }

    /** The values of the first of several paths that has any, or {@link #UNKNOWN}. */
    static String value(Event event, String paths) {
        for (String path : paths.split("\\|")) {
            Set<String> values = new LinkedHashSet<>();
            for (JsonNode node : event.at(path)) {
                values.add(node.isValueNode() ? node.asText() : node.toString());
            }
            values.remove("");
            if (!values.isEmpty()) {
                String text = values.stream().limit(MOST_VALUES).collect(Collectors.joining(", "));
                int more = values.size() - MOST_VALUES;
                return more <= 0 ? text : text + " and " + more + " more";
            }
        }
        return UNKNOWN;
    }

    @Override
    public String toString() {
        return text;
    }
}
