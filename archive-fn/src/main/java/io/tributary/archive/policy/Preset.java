package io.tributary.archive.policy;

import io.tributary.archive.StorageClass;
import java.util.List;
import java.util.Optional;

/** Policies that rules of the trade ask for. They are a beginning, no legal advice. */
public enum Preset {
    /** PCI DSS 4.0.1, requirement 10.5.1: audit logs for twelve months, the last three at hand. */
    PCI_DSS(90, 366),

    /** HIPAA, 45 CFR 164.316(b)(2)(i): documentation for six years. */
    HIPAA(30, 6 * 366),

    /** Sarbanes-Oxley, 17 CFR 210.2-06: records of audits for seven years. */
    SOX(30, 7 * 366),

    /** What is of use after an incident, and no more. */
    MINIMAL(30, 180);

    private static final int LONG = 365;

    private final int searchableDays;
    private final int retentionDays;

    Preset(int searchableDays, int retentionDays) {
        this.searchableDays = searchableDays;
        this.retentionDays = retentionDays;
    }

    SourcePolicy policy() {
        List<ClassChange> classes = retentionDays > LONG + 1
                ? List.of(new ClassChange(StorageClass.GLACIER_IR, 0), new ClassChange(StorageClass.DEEP_ARCHIVE, LONG))
                : List.of(new ClassChange(StorageClass.GLACIER_IR, 0));
        return new SourcePolicy(searchableDays, classes, retentionDays, Optional.empty());
    }
}
