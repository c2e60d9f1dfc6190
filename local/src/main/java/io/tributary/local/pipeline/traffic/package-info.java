/** Logs of several accounts as they would come, and attacks on them. */
package io.tributary.local.pipeline.traffic;
