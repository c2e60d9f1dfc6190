package io.tributary.alert.message;

import io.tributary.alert.Alert;
import java.util.Optional;

/** How often it happened, in words. */
final class Repetition {
    private Repetition() {}

    static Optional<String> of(Alert alert) {
        if (alert.events() > 1) {
            return Optional.of(alert.events() + " events or more, the threshold of the rule"
                    + (alert.repeats() > 0 ? "; " + alert.repeats() + " more since the last message" : ""));
        }
        if (alert.repeats() > 0) {
            return Optional.of(alert.repeats() + (alert.repeats() == 1 ? " event" : " events")
                    + " of this kind since the last message, not told");
        }
        return alert.isFollowUp() ? Optional.of("It was told before") : Optional.empty();
    }
}
