package io.tributary.transform;

import io.tributary.transform.logtype.Origin;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Log groups that CloudWatch's centralization has brought into the logging account: they are all of that account, and their names say
 * where they come from. Nobody can pretend another account, as long as every log group comes by centralization: the one of a member
 * that has such a name itself is prefixed again.
 */
final class Centralized {
    /** As the centralization rule names them: {@code /tributary-central/<account>/<Region>/<the log group's own name>}. */
    private static final Pattern NAME = Pattern.compile("/tributary-central/(\\d{12})/([a-z0-9-]+)/(.+)");

    private Centralized() {}

    /** Where events really come from. */
    static Origin resolve(Origin origin) {
        Matcher name = NAME.matcher(origin.logGroup());
        return name.matches() ? new Origin(name.group(1), name.group(2), name.group(3), origin.logStream()) : origin;
    }
}
