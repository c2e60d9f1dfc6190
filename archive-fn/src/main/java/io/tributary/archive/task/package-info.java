/** What the function does, in pieces that one invocation can finish. */
package io.tributary.archive.task;
