/**
 * JSON as bytes. {@link io.tributary.json.JsonText} indexes a text in place and remembers which of its values have been
 * used; {@link io.tributary.json.JsonOutput} writes documents by copying slices and pre-encoded {@link
 * io.tributary.json.Name names}. Neither creates a String or an object per field, which is what a log pipeline spends
 * most of its time on with a general-purpose binding; RATIONALE.md has the figures.
 */
package io.tributary.json;
