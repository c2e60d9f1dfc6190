/**
 * The Firehose transformation: records of CloudWatch Logs in, one normalised OCSF document per event out. {@link
 * io.tributary.transform.TransformHandler} is what AWS Lambda calls; {@link io.tributary.transform.Transformer} is the
 * core; a log type is one file in {@code logtype}.
 */
package io.tributary.transform;
