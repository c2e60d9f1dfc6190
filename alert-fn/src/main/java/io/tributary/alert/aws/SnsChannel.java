package io.tributary.alert.aws;

import io.tributary.alert.Alert;
import io.tributary.alert.AlertChannel;
import io.tributary.alert.Summary;
import io.tributary.alert.message.ChatNotification;
import io.tributary.alert.message.EmailMessage;
import io.tributary.alert.message.MessageSettings;
import io.tributary.alert.rule.Rule;
import io.tributary.aws.AwsCalls;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;

/**
 * An SNS topic that people subscribe to. Severity, rule and account are message attributes, too, so that a subscription can
 * filter by them.
 */
final class SnsChannel implements AlertChannel {
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");

    private final String name;
    private final String topic;
    private final SnsClient client;
    private final Function<Alert, PublishRequest.Builder> alerts;
    private final Function<Summary, PublishRequest.Builder> summaries;

    private SnsChannel(
            String name,
            String topic,
            SnsClient client,
            Function<Alert, PublishRequest.Builder> alerts,
            Function<Summary, PublishRequest.Builder> summaries) {
        this.name = name;
        this.topic = topic;
        this.client = client;
        this.alerts = alerts;
        this.summaries = summaries;
    }

    static SnsChannel email(String name, String topic, SnsClient client, MessageSettings settings) {
        return new SnsChannel(
                name,
                topic,
                client,
                alert -> request(EmailMessage.of(alert, settings)),
                summary -> request(EmailMessage.of(summary, settings)));
    }

    static SnsChannel chat(String name, String topic, SnsClient client, MessageSettings settings) {
        return new SnsChannel(
                name,
                topic,
                client,
                alert -> PublishRequest.builder()
                        .message(ChatNotification.of(alert, settings).toString()),
                summary -> PublishRequest.builder()
                        .message(ChatNotification.of(summary, settings).toString()));
    }

    private static PublishRequest.Builder request(EmailMessage email) {
        return PublishRequest.builder().subject(email.subject()).message(email.body());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void send(Alert alert) {
        publish(alerts.apply(alert), alert.rule(), alert.event().account());
    }

    @Override
    public void send(Summary summary) {
        publish(summaries.apply(summary), summary.rule(), summary.untold().account());
    }

    private void publish(PublishRequest.Builder message, Rule rule, String account) {
        try {
            client.publish(message.topicArn(topic)
                    .messageAttributes(Map.of(
                            "severity", attribute(rule.severity().caption()),
                            "rule", attribute(rule.id()),
                            "account", attribute(ACCOUNT.matcher(account).matches() ? account : "unknown")))
                    .build());
        } catch (SdkException e) {
            throw new IllegalStateException("topic " + topic + ": " + AwsCalls.problem(e), e);
        }
    }

    private static MessageAttributeValue attribute(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }
}
