package io.tributary.transform.logtype;

import io.tributary.json.Name;
import io.tributary.ocsf.OcsfClass;
import io.tributary.ocsf.Severity;

/**
 * The document of an event that its log type rejected: an OCSF Base Event with the original text and the reason, so that it
 * can be found, and replayed once its format is known.
 */
public final class BaseEvent {
    private static final Product PRODUCT = Product.aws("CloudWatch Logs", "cloud");
    private static final Name MESSAGE = Name.of("message");
    private static final Name STATUS_ID = Name.of("status_id");
    private static final Name STATUS_DETAIL = Name.of("status_detail");
    private static final int FAILURE = 2;

    private BaseEvent() {}

    /** Writes the event; its time is the one that CloudWatch Logs gave it. */
    public static void write(LogEvent event, String reason, Document document) {
        var out = document.out();
        document.start(OcsfClass.BASE_EVENT, 0, Severity.UNKNOWN, event.timestamp());
        int metadata = document.openMetadata(PRODUCT, event);
        document.uid(event);
        out.closeObject(metadata);
        out.closeObject(document.openCloud(event, event.bytes(), 0, 0, 0, 0));
        out.member(MESSAGE, event.bytes(), event.from(), event.to());
        out.member(STATUS_ID, FAILURE);
        out.member(STATUS_DETAIL, reason);
    }
}
