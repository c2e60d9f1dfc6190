/** What S3 charges. */
package io.tributary.archive.cost;
