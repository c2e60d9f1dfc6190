package io.tributary.alert.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Alert;
import io.tributary.alert.AlertChannel;
import io.tributary.alert.message.ChatNotification;
import io.tributary.alert.message.EmailMessage;
import io.tributary.alert.message.MessageSettings;
import io.tributary.aws.AwsCalls;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;

/**
 * An SNS topic that people subscribe to. Severity, rule and account are message attributes, too, so that a subscription can
 * filter by them.
 */
final class SnsChannel implements AlertChannel {
    private final String name;
    private final String topic;
    private final SnsClient client;
    private final Function<Alert, PublishRequest.Builder> message;

    private SnsChannel(String name, String topic, SnsClient client, Function<Alert, PublishRequest.Builder> message) {
        this.name = name;
        this.topic = topic;
        this.client = client;
        this.message = message;
    }

    static SnsChannel email(String name, String topic, SnsClient client, MessageSettings settings) {
        return new SnsChannel(name, topic, client, alert -> {
            EmailMessage email = EmailMessage.of(alert, settings);
            return PublishRequest.builder().subject(email.subject()).message(email.body());
        });
    }

    static SnsChannel chat(String name, String topic, SnsClient client, MessageSettings settings) {
        return new SnsChannel(name, topic, client, alert -> {
            ObjectNode notification = ChatNotification.of(alert, settings);
            return PublishRequest.builder().message(notification.toString());
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void send(Alert alert) {
        try {
            client.publish(message.apply(alert)
                    .topicArn(topic)
                    .messageAttributes(Map.of(
                            "severity", attribute(alert.rule().severity().caption()),
                            "rule", attribute(alert.rule().id()),
                            "account", attribute(alert.event().account())))
                    .build());
        } catch (SdkException e) {
            throw new IllegalStateException("topic " + topic + ": " + AwsCalls.problem(e), e);
        }
    }

    private static MessageAttributeValue attribute(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value.isEmpty() ? "unknown" : value)
                .build();
    }
}
