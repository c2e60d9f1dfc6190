/**
 * {@code tributary transform}: files are read as {@linkplain io.tributary.local.transform.LogFile log events}, {@linkplain
 * io.tributary.local.transform.EnvelopeWriter wrapped} as CloudWatch Logs and Firehose do, given to the {@linkplain
 * io.tributary.local.transform.Function function}, and what it answers is {@linkplain
 * io.tributary.local.transform.ArchiveFolder written} where Firehose would write it.
 */
package io.tributary.local.transform;
