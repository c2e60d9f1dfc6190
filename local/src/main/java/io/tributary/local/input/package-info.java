/** Files of logs, recognised by what is in them. */
package io.tributary.local.input;
