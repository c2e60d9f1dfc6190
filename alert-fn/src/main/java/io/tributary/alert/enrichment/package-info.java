/**
 * What rules are told of an event beside what stands in it: facts that patterns cannot work out, such as who is behind a session or how wide a
 * network is, out of members that AWS sets, or that AWS acts upon.
 */
package io.tributary.alert.enrichment;
