package io.tributary.transform;

import io.tributary.transform.logtype.Origin;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells whose the events of an envelope are, and whether they may speak for other accounts, by what cannot be written into a log line. */
final class Origins {
    /** As the centralization rule names copies: {@code /tributary-central/<account>/<Region>/<the log group's own name>}. */
    private static final Pattern COPY = Pattern.compile("/tributary-central/(\\d{12})/([a-z0-9-]+)/(.+)");

    private final List<TrustedOrigin> trusted;
    private final String centralizationAccount;
    private final boolean acceptsFiles;

    Origins(TransformSettings settings) {
        this.trusted = settings.trustedOrigins();
        this.centralizationAccount = settings.centralizationAccount();
        this.acceptsFiles = settings.acceptsFiles();
    }

    /**
     * The origin of an envelope of CloudWatch Logs. A log group of the account that CloudWatch's centralization copies to is the one that it is a
     * copy of, if its name says so: a member's log group of such a name is prefixed again, and one of any other owner is what it is.
     *
     * @param region the Region to assume if the envelope tells none
     * @param isFile whether the envelope says that it holds a file
     */
    Origin of(String owner, String region, String logGroup, String logStream, boolean isFile) {
        if (isFile && acceptsFiles) {
            return Origin.file(owner, region, logGroup, logStream);
        }
        if (!centralizationAccount.isEmpty() && owner.equals(centralizationAccount)) {
            Matcher copy = COPY.matcher(logGroup);
            if (copy.matches()) {
                return logGroup(copy.group(1), copy.group(2), copy.group(3), logStream);
            }
        }
        return logGroup(owner, region, logGroup, logStream);
    }

    private Origin logGroup(String owner, String region, String logGroup, String logStream) {
        for (TrustedOrigin each : trusted) {
            if (each.matches(owner, logGroup)) {
                return Origin.logGroup(owner, region, logGroup, logStream, each.toString());
            }
        }
        return Origin.logGroup(owner, region, logGroup, logStream, "");
    }
}
