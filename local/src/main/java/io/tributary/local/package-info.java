/** The command line: the functions on one machine, without AWS. */
package io.tributary.local;
