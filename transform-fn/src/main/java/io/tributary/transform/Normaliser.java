package io.tributary.transform;

import io.tributary.json.JsonOutput;
import io.tributary.json.JsonText;
import io.tributary.json.Name;
import io.tributary.ocsf.Timestamps;
import io.tributary.transform.logtype.Arrival;
import io.tributary.transform.logtype.BaseEvent;
import io.tributary.transform.logtype.Document;
import io.tributary.transform.logtype.LogEvent;
import io.tributary.transform.logtype.LogType;
import io.tributary.transform.logtype.LogTypes;
import io.tributary.transform.logtype.Origin;
import io.tributary.transform.logtype.Parsed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns one log event into one line of NDJSON: finds its type, has it mapped, keeps it as a Base Event where that fails,
 * redacts it. For one thread.
 */
final class Normaliser {
    private static final Name RAW_DATA = Name.of("raw_data");

    /** How many log groups' types are remembered; more than one function invocation ever sees. */
    private static final int REMEMBERED_LOG_GROUPS = 10_000;

    private record Pattern(LogGroup logGroup, LogType type) {}

    private final List<LogType> types = LogTypes.create();
    private final List<Pattern> logGroups;
    private final Set<String> rawDataSources;
    private final Redactor redactor;
    private final boolean redact;
    private final JsonOutput out;
    private final Document document;
    private final JsonText replayedDocument = new JsonText();
    private final Map<String, LogType> typesByLogGroup = new HashMap<>();

    private Origin origin = Origin.eventBus("", "");
    private Arrival arrival = new Arrival(0, 0);
    private LogType configured;
    private LogType begun;
    private boolean replayed;

    private LogType lastType;
    private int lastRedactions;
    private boolean lastRejected;

    Normaliser(TransformSettings settings, JsonOutput out) {
        this.logGroups = new ArrayList<>();
        for (LogGroup logGroup : settings.logGroups()) {
            logGroups.add(new Pattern(logGroup, logGroup.type(types)));
        }
        for (LogType type : types) {
            type.logGroups()
                    .forEach(pattern -> logGroups.add(new Pattern(new LogGroup(pattern, type.source(), ""), type)));
        }
        this.rawDataSources = settings.rawDataSources();
        this.redactor = new Redactor();
        this.redact = settings.redact();
        this.out = out;
        this.document = new Document(out, settings.accountNames(), settings.captions());
    }

    /** Starts an envelope. */
    void begin(Origin origin, Arrival arrival) {
        this.origin = origin;
        this.arrival = arrival;
        this.begun = null;
        if (typesByLogGroup.size() > REMEMBERED_LOG_GROUPS) {
            typesByLogGroup.clear();
        }
        this.replayed = origin.account().equals(Replayed.OWNER);
        // null stands for a log group that nothing matches
        this.configured = origin.logGroup().isEmpty()
                ? null
                : typesByLogGroup.containsKey(origin.logGroup())
                        ? typesByLogGroup.get(origin.logGroup())
                        : find(origin.logGroup());
    }

    private LogType find(String logGroup) {
        LogType type = logGroups.stream()
                .filter(candidate -> candidate.logGroup().matches(logGroup))
                .map(Pattern::type)
                .findFirst()
                .orElse(null);
        typesByLogGroup.put(logGroup, type);
        return type;
    }

    /**
     * Writes the event's document and a line feed.
     *
     * @return the time by which the event is found, epoch milliseconds
     */
    long write(LogEvent event) {
        if (replayed) {
            return writeReplayed(event);
        }
        LogType type = configured != null ? configured : recognise(event);
        if (type != begun) {
            document.begin(origin, type.source(), arrival);
            begun = type;
        }
        lastType = type;
        int start = out.length();
        Parsed parsed = type.write(event, document);
        lastRejected = parsed instanceof Parsed.Rejected;
        if (parsed instanceof Parsed.Rejected rejected) {
            out.truncate(start);
            BaseEvent.write(event, rejected.reason(), document);
        }
        if (rawDataSources.contains(type.source())) {
            out.member(RAW_DATA, event.bytes(), event.from(), event.to());
        }
        out.raw((byte) '}');
        lastRedactions =
                redact && (lastRejected || type.mayHoldSecrets()) ? redactor.redact(out, document.variableStart()) : 0;
        out.raw((byte) '\n');
        return document.timestamp();
    }

    private long writeReplayed(LogEvent event) {
        lastRedactions = 0;
        long time = Replayed.write(event, replayedDocument, out);
        lastRejected = time == Timestamps.NONE;
        if (lastRejected) {
            document.begin(origin, Replayed.SOURCE, arrival);
            begun = null;
            BaseEvent.write(event, "no document of the archive", document);
            time = document.timestamp();
        }
        out.raw((byte) '}').raw((byte) '\n');
        return time;
    }

    /** What the structure says, where nobody but us could have written it; who writes to a log group could write any. */
    private LogType recognise(LogEvent event) {
        if (origin.kind() == Origin.Kind.LOG_GROUP) {
            return types.get(types.size() - 1);
        }
        for (LogType type : types) {
            if (type.recognises(event)) {
                return type;
            }
        }
        return types.get(types.size() - 1);
    }

    /** The source of the event that was written last. */
    String lastSource() {
        return replayed ? Replayed.SOURCE : lastType.source();
    }

    /** How many secrets were replaced in the event that was written last. */
    int lastRedactions() {
        return lastRedactions;
    }

    /** Whether the event that was written last was kept as a Base Event. */
    boolean lastRejected() {
        return lastRejected;
    }
}
