/** Rules: how their files are read, proved and compiled, and which of them an event breaks. */
package io.tributary.alert.rule;
