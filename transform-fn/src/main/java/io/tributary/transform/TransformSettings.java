package io.tributary.transform;

import io.tributary.transform.logtype.LogType;
import io.tributary.transform.logtype.LogTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What can be set of the transformation.
 *
 * @param logGroups which log groups are of which type, before the types' own patterns; the first match counts
 * @param accountNames names by account id
 * @param defaultRegion the Region of events whose origin tells none; empty to assume the function's own, {@value #NO_REGION} to assume none
 * @param maxExpandedBytes the largest size of a record after decompression, in bytes
 * @param compress whether a record's documents are returned as a gzip member, or plain
 * @param partitionByAccount whether the account is a partition key beside source and date
 * @param rawDataSources the sources whose documents carry the original text in {@code raw_data}
 * @param redact whether secrets are replaced
 * @param captions whether documents carry the captions of their ids
 * @param trustedOrigins log groups whose events may speak for other accounts
 * @param centralizationAccount the account that CloudWatch's centralization copies log groups to, so that their names say whose they are; empty if
 *     there is no such
 * @param acceptsFiles whether an envelope may say that it holds a file that whoever hands it over vouches for; never where envelopes come from AWS
 */
public record TransformSettings(
        List<LogGroup> logGroups,
        Map<String, String> accountNames,
        String defaultRegion,
        int maxExpandedBytes,
        boolean compress,
        boolean partitionByAccount,
        Set<String> rawDataSources,
        boolean redact,
        boolean captions,
        List<TrustedOrigin> trustedOrigins,
        String centralizationAccount,
        boolean acceptsFiles) {
    /** 64 MiB: more than ten times the largest Kinesis record's usual expansion. */
    public static final int DEFAULT_MAX_EXPANDED_BYTES = 64 << 20;

    /** The default Region where logs of several Regions may come without saying so: none is better than a wrong one. */
    public static final String NO_REGION = "none";

    /** What holds where nothing is set. */
    public static final TransformSettings DEFAULTS = builder().build();

    public TransformSettings {
        trustedOrigins = List.copyOf(trustedOrigins);
        if (!centralizationAccount.matches("(\\d{12})?")) {
            throw new IllegalArgumentException(
                    "tributary.centralization-account: expected a 12-digit account id, found \"" + centralizationAccount
                            + "\"");
        }
        logGroups = List.copyOf(logGroups);
        accountNames = Map.copyOf(accountNames);
        rawDataSources = Set.copyOf(rawDataSources);
        if (maxExpandedBytes < 1 << 20 || maxExpandedBytes > 512 << 20) {
            throw new IllegalArgumentException(
                    "tributary.max-expanded-bytes is " + maxExpandedBytes + "; it must be between 1 MiB and 512 MiB");
        }
    }

    /**
     * Reads which log groups are of which type: {@code pattern = type} or {@code pattern = type: format}, separated by
     * semicolons or line breaks.
     *
     * @param setting the setting's name, for messages
     */
    public static List<LogGroup> parseLogGroups(String setting, String text) {
        List<LogGroup> logGroups = new ArrayList<>();
        for (String entry : text.split("[;\n]")) {
            if (!entry.isBlank()) {
                logGroups.add(logGroup(setting, entry.strip()));
            }
        }
        return logGroups;
    }

    private static LogGroup logGroup(String setting, String entry) {
        int equals = entry.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    setting + ": expected \"log group pattern = type\", found \"" + entry + "\"");
        }
        String pattern = entry.substring(0, equals).strip();
        String value = entry.substring(equals + 1).strip();
        int colon = value.indexOf(':');
        String source = colon < 0 ? value : value.substring(0, colon).strip();
        String format = colon < 0 ? "" : value.substring(colon + 1).strip();
        try {
            LogGroup logGroup = new LogGroup(pattern, source, format);
            logGroup.type(LogTypes.create());
            return logGroup;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + ": " + pattern + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads account names: {@code account id = name} each.
     *
     * @param setting the setting's name, for messages
     */
    public static Map<String, String> parseAccountNames(String setting, List<String> entries) {
        Map<String, String> names = new HashMap<>();
        for (String entry : entries) {
            String[] parts = entry.split("=", 2);
            if (parts.length != 2 || !parts[0].strip().matches("\\d{12}") || parts[1].isBlank()) {
                throw new IllegalArgumentException(
                        setting + ": expected \"12-digit account id=name\", found \"" + entry + "\"");
            }
            names.put(parts[0].strip(), parts[1].strip());
        }
        return names;
    }

    /**
     * Reads which log groups' events may speak for other accounts: {@code account id:log group} each, {@code *} standing for any text.
     *
     * @param setting the setting's name, for messages
     */
    public static List<TrustedOrigin> parseTrustedOrigins(String setting, List<String> entries) {
        try {
            return entries.stream().map(TrustedOrigin::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a list of sources.
     *
     * @param setting the setting's name, for messages
     */
    public static Set<String> parseSources(String setting, List<String> entries) {
        Set<String> known = sources();
        for (String entry : entries) {
            if (!known.contains(entry.strip())) {
                throw new IllegalArgumentException(
                        setting + ": there is no source \"" + entry + "\"; there are " + known);
            }
        }
        return entries.stream().map(String::strip).collect(Collectors.toSet());
    }

    private static Set<String> sources() {
        return LogTypes.create().stream().map(LogType::source).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Settings in the making: what is not set is as by default. */
    public static Builder builder() {
        return new Builder();
    }

    /** See {@link TransformSettings} for what each means. */
    public static final class Builder {
        private List<LogGroup> logGroups = List.of();
        private Map<String, String> accountNames = Map.of();
        private String defaultRegion = "";
        private int maxExpandedBytes = DEFAULT_MAX_EXPANDED_BYTES;
        private boolean compress = true;
        private boolean partitionByAccount;
        private Set<String> rawDataSources = Set.of();
        private boolean redact = true;
        private boolean captions;
        private List<TrustedOrigin> trustedOrigins = List.of();
        private String centralizationAccount = "";
        private boolean acceptsFiles;

        private Builder() {}

        public Builder logGroups(List<LogGroup> logGroups) {
            this.logGroups = logGroups;
            return this;
        }

        public Builder accountNames(Map<String, String> accountNames) {
            this.accountNames = accountNames;
            return this;
        }

        public Builder defaultRegion(String defaultRegion) {
            this.defaultRegion = defaultRegion;
            return this;
        }

        public Builder maxExpandedBytes(int maxExpandedBytes) {
            this.maxExpandedBytes = maxExpandedBytes;
            return this;
        }

        public Builder compress(boolean compress) {
            this.compress = compress;
            return this;
        }

        public Builder partitionByAccount(boolean partitionByAccount) {
            this.partitionByAccount = partitionByAccount;
            return this;
        }

        public Builder rawDataSources(Set<String> rawDataSources) {
            this.rawDataSources = rawDataSources;
            return this;
        }

        public Builder redact(boolean redact) {
            this.redact = redact;
            return this;
        }

        public Builder captions(boolean captions) {
            this.captions = captions;
            return this;
        }

        public Builder trustedOrigins(List<TrustedOrigin> trustedOrigins) {
            this.trustedOrigins = trustedOrigins;
            return this;
        }

        public Builder centralizationAccount(String centralizationAccount) {
            this.centralizationAccount = centralizationAccount;
            return this;
        }

        public Builder acceptsFiles(boolean acceptsFiles) {
            this.acceptsFiles = acceptsFiles;
            return this;
        }

        /** @throws IllegalArgumentException if a setting is wrong; the message names it */
        public TransformSettings build() {
            return new TransformSettings(
                    logGroups,
                    accountNames,
                    defaultRegion,
                    maxExpandedBytes,
                    compress,
                    partitionByAccount,
                    rawDataSources,
                    redact,
                    captions,
                    trustedOrigins,
                    centralizationAccount,
                    acceptsFiles);
        }
    }
}
