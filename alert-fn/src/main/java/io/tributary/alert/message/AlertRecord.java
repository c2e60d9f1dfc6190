package io.tributary.alert.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.alert.Alert;
import io.tributary.alert.Event;
import io.tributary.alert.rule.RuleStatus;

/**
 * An alert as an event of its own, in the form of EventBridge's, to be stored and searched as all others are: the transform
 * function makes an OCSF Detection Finding of it.
 */
public final class AlertRecord {
    /** EventBridge's {@code source} of alerts. */
    public static final String SOURCE = "tributary.alert";

    /** EventBridge's {@code detail-type} of alerts. */
    public static final String DETAIL_TYPE = "Tributary Alert";

    private static final int LONGEST_VALUE = 1_000;

    private AlertRecord() {}

    /** The event of an alert. */
    public static ObjectNode of(Alert alert, MessageSettings settings) {
        Event event = alert.event();
        ObjectNode alertEvent = JsonNodeFactory.instance
                .objectNode()
                .put("version", "0")
                .put("id", alert.id())
                .put("detail-type", DETAIL_TYPE)
                .put("source", SOURCE)
                .put("account", event.account())
                .put("time", alert.now().toString())
                .put("region", event.region());
        alertEvent.putArray("resources");
        ObjectNode detail = alertEvent
                .putObject("detail")
                .put("key", alert.key())
                .put("rule", alert.rule().id())
                .put("title", alert.rule().title())
                .put("why", alert.rule().why())
                .put("severity_id", alert.rule().severity().id())
                .put("is_sent", alert.rule().status() == RuleStatus.ACTIVE && !alert.isHeldBack())
                .put("is_follow_up", alert.isFollowUp())
                .put("events", alert.events() + alert.repeats())
                .put("message", alert.rule().what().render(event, AlertRecord::value))
                .put("event_uid", event.uid())
                .put("event_time", event.time(alert.now()).toString());
        ArrayNode techniques = detail.putArray("techniques");
        alert.rule().techniques().forEach(techniques::add);
        new Circumstances(event, settings.accountNames()).who().ifPresent(who -> detail.put("who", value(who)));
        put(detail, "operation", event.detail().path("eventName"));
        put(detail, "service", event.detail().path("eventSource"));
        put(detail, "address", event.detail().path("sourceIPAddress"));
        if (event.isFinding()) {
            put(detail, "finding_type", event.detail().path("type"));
        }
        return alertEvent;
    }

    private static void put(ObjectNode detail, String name, JsonNode value) {
        if (value.isTextual()) {
            detail.put(name, value(value.asText()));
        }
    }

    private static String value(String text) {
        return Values.cut(Values.printable(text), LONGEST_VALUE);
    }
}
