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
 * @param defaultRegion the Region of events whose source names none; empty to assume the function's own
 * @param maxExpandedBytes the largest size of a record after decompression, in bytes
 * @param compress whether a record's documents are returned as a gzip member, or plain
 * @param partitionByAccount whether the account is a partition key beside source and date
 * @param rawDataSources the sources whose documents carry the original text in {@code raw_data}
 * @param redact whether secrets are replaced
 * @param captions whether documents carry the captions of their ids
 * @param centralized whether log groups come by CloudWatch's centralization, so that their names say whose they are
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
        boolean centralized) {
    /** 64 MiB: more than ten times the largest Kinesis record's usual expansion. */
    public static final int DEFAULT_MAX_EXPANDED_BYTES = 64 << 20;

    /** What holds where nothing is set. */
    public static final TransformSettings DEFAULTS = new TransformSettings(
            List.of(), Map.of(), "", DEFAULT_MAX_EXPANDED_BYTES, true, false, Set.of(), true, false, false);

    public TransformSettings {
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
}
