/** What runs in a process of its own beside the pipeline on one machine. */
package io.tributary.parts;
