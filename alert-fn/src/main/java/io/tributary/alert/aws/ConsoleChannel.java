package io.tributary.alert.aws;

import io.tributary.alert.Alert;
import io.tributary.alert.AlertChannel;
import io.tributary.alert.Summary;
import io.tributary.alert.message.EmailMessage;
import io.tributary.alert.message.MessageSettings;
import java.io.PrintStream;

/** Prints what would be sent by email, for development. */
final class ConsoleChannel implements AlertChannel {
    private final String name;
    private final MessageSettings settings;
    private final PrintStream out;

    ConsoleChannel(String name, MessageSettings settings, PrintStream out) {
        this.name = name;
        this.settings = settings;
        this.out = out;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void send(Alert alert) {
        print(EmailMessage.of(alert, settings));
    }

    @Override
    public void send(Summary summary) {
        print(EmailMessage.of(summary, settings));
    }

    private void print(EmailMessage email) {
        out.printf("%nSubject: %s%n%n%s%n", email.subject(), email.body());
    }
}
