/** What Kinesis and Firehose do: buffer, transform, deliver. */
package io.tributary.local.pipeline.stream;
