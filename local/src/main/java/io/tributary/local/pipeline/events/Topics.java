package io.tributary.local.pipeline.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.tributary.local.pipeline.Counts;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * SNS, and whoever is subscribed: an inbox that is sent email by SMTP, and a chat channel that takes custom notifications of Amazon Q
 * Developer, as Slack would show them.
 */
public final class Topics implements AutoCloseable {
    public static final String EMAIL = "arn:aws:sns:eu-central-1:000000000000:tributary-email";
    public static final String CHAT = "arn:aws:sns:eu-central-1:000000000000:tributary-chat";
    public static final String NOTICES = "arn:aws:sns:eu-central-1:000000000000:tributary-notices";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SENDER = "no-reply@sns.amazonaws.com";
    private static final String RECIPIENT = "security@example.com";
    private static final int MOST_MESSAGES = 500;

    private final GreenMail mail;
    private final Counts counts;
    private final List<Told> told = new ArrayList<>();

    /**
     * What somebody was told.
     *
     * @param time epoch milliseconds
     * @param channel {@code email}, {@code chat} or {@code notices}
     * @param attributes the message's: severity, rule, account
     */
    public record Told(
            int number, long time, String channel, String title, String text, Map<String, String> attributes) {}

    public Topics(Counts counts) {
        this.counts = counts;
        mail = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
        mail.start();
    }

    /** Delivers a message to whoever is subscribed to the topic. */
    public void publish(String topic, String subject, String text, Map<String, String> attributes) throws IOException {
        String channel = topic.substring(topic.lastIndexOf('-') + 1);
        String title = subject;
        String body = text;
        if (topic.equals(CHAT)) {
            JsonNode content = JSON.readTree(text).path("content");
            if (!content.path("description").isTextual()) {
                throw new IOException("no custom notification");
            }
            title = content.path("title").asText();
            body = content.path("description").asText();
        } else {
            send(subject, text);
        }
        counts.add("told." + channel, 1);
        synchronized (told) {
            told.add(new Told(told.size(), System.currentTimeMillis(), channel, title, body, Map.copyOf(attributes)));
            if (told.size() > MOST_MESSAGES * 20) {
                throw new IOException("the inbox is full");
            }
        }
    }

    private void send(String subject, String text) throws IOException {
        try {
            Properties properties = new Properties();
            properties.put("mail.smtp.host", "localhost");
            properties.put("mail.smtp.port", Integer.toString(mail.getSmtp().getPort()));
            MimeMessage message = new MimeMessage(Session.getInstance(properties));
            message.setFrom(new InternetAddress(SENDER, "AWS Notifications"));
            message.setRecipient(Message.RecipientType.TO, new InternetAddress(RECIPIENT));
            message.setSubject(subject, StandardCharsets.UTF_8.name());
            message.setText(text, StandardCharsets.UTF_8.name());
            Transport.send(message);
        } catch (MessagingException e) {
            throw new IOException("the inbox takes no mail", e);
        }
    }

    /** What people were told, from a number on. */
    public List<Told> told(int from) {
        synchronized (told) {
            return List.copyOf(told.subList(Math.min(from, told.size()), told.size()));
        }
    }

    /** How many emails are in the inbox. */
    public int emails() {
        return mail.getReceivedMessages().length;
    }

    @Override
    public void close() {
        mail.stop();
    }
}
