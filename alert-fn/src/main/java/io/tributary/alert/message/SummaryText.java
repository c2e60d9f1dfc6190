package io.tributary.alert.message;

import io.tributary.alert.Admission;
import io.tributary.alert.Summary;
import io.tributary.alert.Untold;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a summary says, for every channel.
 *
 * @param title what it is about, without the account
 * @param account its name and id, as they came
 * @param sentence what happened
 * @param lines what else is known
 */
record SummaryText(String title, String account, String sentence, List<Line> lines) {
    /**
     * A line.
     *
     * @param isOfEvents whether the value is of events, and to be made harmless
     */
    record Line(String label, String value, boolean isOfEvents) {
        String value(UnaryOperator<String> escape) {
            return isOfEvents ? escape.apply(value) : value;
        }
    }

    SummaryText {
        lines = List.copyOf(lines);
    }

    static SummaryText of(Summary summary, Map<String, String> accountNames) {
        Untold untold = summary.untold();
        String account = Circumstances.account(untold.account(), accountNames);
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("Severity", summary.rule().severity().caption(), false));
        lines.add(new Line("Account", account, true));
        if (untold instanceof Untold.Repeats repeats) {
            if (!repeats.subject().group().isEmpty()) {
                lines.add(new Line("Group", repeats.subject().group(), true));
            }
            times(untold, lines);
            return new SummaryText(
                    "Repeated: " + summary.rule().title(),
                    account,
                    counted(repeats.events(), "more event")
                            + " of this kind came since the last message. None came after that.",
                    lines);
        }
        Untold.HeldBack heldBack = (Untold.HeldBack) untold;
        lines.add(new Line("Groups", groups(heldBack.groups()), false));
        heldBack.examples().forEach(example -> lines.add(new Line("Such as", example, true)));
        times(untold, lines);
        return new SummaryText(
                "Held back: " + summary.rule().title(),
                account,
                counted(heldBack.messages(), "message") + " of this rule about this account, for "
                        + counted(heldBack.events(), "event")
                        + ", came beyond the hour's allowance and went to nobody. Each alert among them is recorded: the search has it.",
                lines);
    }

    private static void times(Untold untold, List<Line> lines) {
        lines.add(new Line("From", Circumstances.time(untold.from()), false));
        lines.add(new Line("To", Circumstances.time(untold.to()), false));
    }

    private static String groups(int groups) {
        return groups < Admission.MOST_GROUPS ? Integer.toString(groups) : groups + " or more";
    }

    private static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
