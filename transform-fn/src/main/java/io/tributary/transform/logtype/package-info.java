/**
 * One file for each type of log: a link to its format, how it is recognised, and its mapping to OCSF. {@link
 * io.tributary.transform.logtype.LogTypes} lists them in the order in which they are asked.
 */
package io.tributary.transform.logtype;
