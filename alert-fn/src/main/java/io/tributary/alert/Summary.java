package io.tributary.alert;

import io.tributary.alert.rule.Rule;

/** A message about what was not told when it happened. */
public record Summary(Rule rule, Untold untold) {}
