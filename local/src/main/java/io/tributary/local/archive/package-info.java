/** The commands about the archive, in S3 or in a folder. */
package io.tributary.local.archive;
