/** Finding what is wanted in the archive, and waking exactly that. */
package io.tributary.archive.restore;
