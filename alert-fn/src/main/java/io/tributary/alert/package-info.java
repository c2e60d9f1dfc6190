/**
 * The alert function: events of EventBridge in, alerts to people out. {@link io.tributary.alert.AlertEngine} decides; what it
 * needs of the world are the ports {@code AlertState}, {@code AlertChannel} and a clock.
 */
package io.tributary.alert;
