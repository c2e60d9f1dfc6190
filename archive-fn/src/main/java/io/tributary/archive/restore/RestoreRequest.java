package io.tributary.archive.restore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.archive.RestoreTier;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is asked for.
 *
 * @param days how long what is woken can be read
 * @param replay whether the events are put on the log stream when all of them can be read
 */
public record RestoreRequest(Query query, RestoreTier tier, int days, boolean replay) {
    private static final int USUAL_DAYS = 7;
    private static final int MOST_DAYS = 365;

    /** @throws IllegalArgumentException if the days are none */
    public RestoreRequest {
        if (days < 1 || days > MOST_DAYS) {
            throw new IllegalArgumentException("days: from 1 to " + MOST_DAYS + ", not " + days);
        }
    }

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static RestoreRequest parse(JsonNode json) {
        return new RestoreRequest(
                query(json),
                tier(json.path("tier").asText("standard")),
                json.path("days").asInt(USUAL_DAYS),
                json.path("replay").asBoolean());
    }

    /**
     * Reads the query of a request.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static Query query(JsonNode json) {
        return new Query(
                instant(json, "from"), instant(json, "to"), strings(json, "accounts"), strings(json, "sources"));
    }

    /**
     * A tier by its name.
     *
     * @throws IllegalArgumentException if there is none of the name
     */
    public static RestoreTier tier(String name) {
        try {
            return RestoreTier.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tier: '" + name + "' is none of expedited, standard, bulk", e);
        }
    }

    private static Instant instant(JsonNode json, String name) {
        try {
            return Instant.parse(json.path(name).asText());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + ": a time such as 2026-03-01T00:00:00Z is missing", e);
        }
    }

    private static Set<String> strings(JsonNode json, String name) {
        Set<String> strings = new LinkedHashSet<>();
        json.path(name).forEach(value -> strings.add(value.asText()));
        return strings;
    }

    ObjectNode toJson() {
        ObjectNode json = new ObjectMapper()
                .createObjectNode()
                .put("from", query.from().toString())
                .put("to", query.to().toString())
                .put("tier", tier.name().toLowerCase(Locale.ROOT))
                .put("days", days)
                .put("replay", replay);
        new TreeSet<>(query.accounts()).forEach(json.putArray("accounts")::add);
        new TreeSet<>(query.sources()).forEach(json.putArray("sources")::add);
        return json;
    }
}
