/** What EventBridge and SNS do: match, invoke, tell. */
package io.tributary.local.pipeline.events;
