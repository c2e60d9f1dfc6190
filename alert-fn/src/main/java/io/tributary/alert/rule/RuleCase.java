package io.tributary.alert.rule;

import io.tributary.alert.Event;
import io.tributary.yaml.YamlValue;

/**
 * An event that proves a rule.
 *
 * @param alerts whether the rule matches it
 * @param place where it is written
 */
public record RuleCase(String name, boolean alerts, Event event, YamlValue place) {}
