package io.tributary.alert.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The README's picture of an alert, drawn of the golden messages, so that it shows what is sent. Rewritten as they are, with
 * {@code -Dtributary.golden=write}.
 */
class PictureTest {
    private static final Path PICTURE = Path.of("..", "docs", "alert.svg");
    private static final Path GOLDEN = Path.of("src", "test", "resources", "message");
    private static final int LINE = 17;
    private static final int EMAIL_COLUMNS = 76;
    private static final int CHAT_COLUMNS = 70;

    private final StringBuilder svg = new StringBuilder();

    @Test
    void thePictureShowsWhatIsSent() throws IOException {
        int left = email(Files.readString(GOLDEN.resolve("call.email.txt")));
        int right = chat(new ObjectMapper().readTree(Files.readString(GOLDEN.resolve("call.chat.json"))));
        int height = Math.max(left, right) + 20;
        String picture = """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 %d" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="13" role="img">
                <title>An alert by email and in Slack</title>
                <rect width="1200" height="%d" fill="#eceff3"/>
                <rect x="16" y="16" width="590" height="%d" rx="8" fill="#fff" stroke="#d0d5dd"/>
                <rect x="622" y="16" width="562" height="%d" rx="8" fill="#fff" stroke="#d0d5dd"/>
                %s</svg>
                """.formatted(height, height, left - 16, right - 16, svg);
        if ("write".equals(System.getProperty("tributary.golden"))) {
            Files.writeString(PICTURE, picture);
        }
        assertThat(Files.readString(PICTURE)).isEqualTo(picture);
    }

    private int email(String message) {
        String[] parts = message.split("\n\n", 2);
        int y = 44;
        text(34, y, "#101828", "font-size=\"16\" font-weight=\"600\"", parts[0].replace("Subject: ", ""));
        y += 22;
        text(34, y, "#667085", "", "AWS Notifications <no-reply@sns.amazonaws.com>");
        y += 30;
        for (String line : parts[1].strip().split("\n", -1)) {
            for (String piece : wrapped(line, EMAIL_COLUMNS)) {
                text(
                        34,
                        y,
                        piece.startsWith("https") || line.startsWith("Read ") ? "#175cd3" : "#101828",
                        MONOSPACED,
                        piece);
                y += LINE;
            }
        }
        return y + 6;
    }

    private static final String MONOSPACED =
            "font-family=\"Menlo, Consolas, monospace\" font-size=\"11.5\" xml:space=\"preserve\"";

    private int chat(JsonNode notification) {
        JsonNode content = notification.path("content");
        int y = 44;
        text(640, y, "#101828", "font-weight=\"600\"", "Amazon Q  APP");
        y += 26;
        int top = y - 14;
        text(
                660,
                y,
                "#101828",
                "font-size=\"15\" font-weight=\"600\"",
                content.path("title").asText().replace(":red_circle:", "\u25cf"));
        y += 26;
        y = markdown(y, content.path("description").asText());
        y += 8;
        text(660, y, "#101828", "font-weight=\"600\"", "Next steps");
        y += LINE + 3;
        for (JsonNode step : content.path("nextSteps")) {
            y = markdown(y, "\u2022 " + step.asText());
        }
        y += 6;
        List<String> keywords = new ArrayList<>();
        content.path("keywords").forEach(keyword -> keywords.add(keyword.asText()));
        text(660, y, "#667085", "font-size=\"12\"", "Keywords: " + String.join(", ", keywords));
        svg.append(
                "<rect x=\"640\" y=\"%d\" width=\"4\" height=\"%d\" fill=\"#d92d20\"/>\n".formatted(top, y - top + 4));
        return y + 20;
    }

    /** Slack's marks are drawn as what they mean: bold labels, code in its colour. */
    private int markdown(int start, String text) {
        int y = start;
        for (String line : text.split("\n", -1)) {
            for (String piece : wrapped(line, CHAT_COLUMNS)) {
                boolean label = piece.startsWith("*") && piece.indexOf('*', 1) > 0;
                int end = label ? piece.indexOf('*', 1) : 0;
                String bold =
                        label ? "<tspan font-weight=\"600\">" + escaped(piece.substring(1, end)) + "</tspan>" : "";
                String rest = escaped(label ? piece.substring(end + 1) : piece)
                        .replaceAll(
                                "`([^`]*)`",
                                "<tspan fill=\"#c01048\" font-family=\"Menlo, Consolas, monospace\" font-size=\"11.5\">$1</tspan>")
                        .replaceAll("(https://[^ ]*)", "<tspan fill=\"#175cd3\">$1</tspan>");
                svg.append("<text x=\"660\" y=\"%d\" fill=\"#101828\">%s%s</text>\n".formatted(y, bold, rest));
                y += LINE + 1;
            }
        }
        return y;
    }

    private static List<String> wrapped(String line, int columns) {
        List<String> pieces = new ArrayList<>();
        String rest = line;
        while (rest.length() > columns) {
            int space = rest.lastIndexOf(' ', columns);
            int end = space > columns / 2 ? space : columns;
            pieces.add(rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        pieces.add(rest);
        return pieces;
    }

    private void text(int x, int y, String colour, String attributes, String text) {
        svg.append("<text x=\"%d\" y=\"%d\" fill=\"%s\" %s>%s</text>\n"
                .formatted(x, y, colour, attributes, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
