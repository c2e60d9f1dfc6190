package io.tributary.local.archive;

import io.tributary.archive.restore.Query;
import io.tributary.local.input.InputException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which events are wanted. */
final class QueryOptions {
    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Their first time: 2026-03-01, or 2026-03-01T08:00:00Z.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "TIME", description = "The time that they are before.")
    private Optional<String> to = Optional.empty();

    @Option(names = "--account", paramLabel = "ID", description = "Only this account; may be repeated.", split = ",")
    private Set<String> accounts = new LinkedHashSet<>();

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only this source; may be repeated.", split = ",")
    private Set<String> sources = new LinkedHashSet<>();

    /** The query. */
    Query query() throws InputException {
        try {
            return new Query(time("--from", from), time("--to", to), accounts, sources);
        } catch (IllegalArgumentException e) {
            throw new InputException(e.getMessage());
        }
    }

    private static Instant time(String name, Optional<String> value) throws InputException {
        if (value.isEmpty()) {
            throw new InputException(name + " is missing: a time such as 2026-03-01, or 2026-03-01T08:00:00Z");
        }
        String text = value.get();
        try {
            return text.length() == "2026-03-01".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new InputException(name + ": '" + text + "' is no time such as 2026-03-01, or 2026-03-01T08:00:00Z");
        }
    }
}
