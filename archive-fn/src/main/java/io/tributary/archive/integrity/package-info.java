/** Proves that what was archived is there, unchanged and complete. */
package io.tributary.archive.integrity;
