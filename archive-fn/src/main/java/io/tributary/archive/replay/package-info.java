/** Putting events back: those of the archive as they are, those that failed and raw records as they came. */
package io.tributary.archive.replay;
