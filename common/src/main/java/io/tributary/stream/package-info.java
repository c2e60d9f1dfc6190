/** Putting records on streams, in batches, until each is accepted or the time is up. */
package io.tributary.stream;
