package io.tributary.archive;

import java.time.Instant;

/**
 * How long a part and its manifest are kept. What is gone before the end of its term was deleted; what is gone after it has expired. Lifecycle
 * rules count days from the making of an object and delete at midnight, so nothing expires before the term of what was begun at {@code made} is over.
 *
 * @param made when it was begun to be made
 * @param until made, and the retention of that time
 */
public record Term(Instant made, Instant until) {}
