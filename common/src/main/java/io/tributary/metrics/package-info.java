/** Metrics as lines of a log. */
package io.tributary.metrics;
