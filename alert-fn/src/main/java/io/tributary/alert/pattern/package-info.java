/** What EventBridge has to know of the rules, so that the function is given every event that they may match. */
package io.tributary.alert.pattern;
