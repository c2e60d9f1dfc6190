/** Everything that runs in a process of its own. */
package io.tributary.local.pipeline.process;
