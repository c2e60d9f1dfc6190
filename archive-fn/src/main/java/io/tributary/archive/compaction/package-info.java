/** Joins many small objects of a partition into few large ones, and loses nothing whenever it is interrupted. */
package io.tributary.archive.compaction;
