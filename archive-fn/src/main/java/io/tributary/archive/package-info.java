/**
 * What looks after the archive bucket. The core is plain Java; what it needs of S3 is the port {@link
 * io.tributary.archive.ArchiveStore}.
 */
package io.tributary.archive;
