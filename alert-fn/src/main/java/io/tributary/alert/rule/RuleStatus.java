package io.tributary.alert.rule;

/** What becomes of an event that a rule matches. */
public enum RuleStatus {
    /** People are told. */
    ACTIVE,
    /** The alert is recorded, but sent to nobody. */
    STAGING,
    /** Nothing. */
    DISABLED
}
