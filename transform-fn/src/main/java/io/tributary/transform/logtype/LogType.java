package io.tributary.transform.logtype;

import java.util.List;

/**
 * One type of log: how it is recognised and how its events become OCSF documents. An instance is
 * used by one thread, and remembers nothing of an event once it is written.
 *
 * <p>Whoever is watched writes the lines. A line may claim its account, Region and id; {@link Document} decides what of that counts, by the {@link
 * Origin}. A type hands them to {@link Document#openCloud} and {@link Document#uid}, and writes neither {@code cloud} nor {@code metadata.uid}
 * itself. It hands an id on only if the source makes it unique, not the source's client: an id that a client can choose would let one
 * event replace another.
 */
public interface LogType {
    /**
     * The type's name: the value of the {@code source} partition, the name in configuration, and the folder of its
     * fixtures. Lower case letters, digits and hyphens.
     */
    String source();

    /** Patterns of the usual log group names of this type, {@code *} standing for any text; the case does not matter. */
    default List<String> logGroups() {
        return List.of();
    }

    /**
     * Whether an event of a file, or one that came without a log group, is certainly of this type, by its structure. Guessing is worse than not
     * knowing: an event that no type recognises is an application log. Events of a log group are never asked: anybody may write any structure.
     */
    default boolean recognises(LogEvent event) {
        return false;
    }

    /**
     * The type for a log group that was configured with a format of its own, such as a custom VPC flow log.
     *
     * @param format the format as configured
     * @throws IllegalArgumentException if this type has no formats, or this is none of them; the message says why
     */
    default LogType withFormat(String format) {
        throw new IllegalArgumentException(source() + " has one format only, so none can be configured");
    }

    /** Whether events may hold secrets that have to be looked for. */
    default boolean mayHoldSecrets() {
        return true;
    }

    /** Writes the event as one OCSF document, which the caller closes. */
    Parsed write(LogEvent event, Document document);
}
