package io.tributary.alert.rule;

import io.tributary.alert.Template;
import io.tributary.ocsf.Severity;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A rule: what it matches, why that matters, how bad it is, and what to do.
 *
 * @param id the path of its file below the rules' folder, without the ending
 * @param title what happened, in a few words
 * @param why why it matters
 * @param runbook what to do, step by step
 * @param references where to read more: URLs
 * @param techniques MITRE ATT&amp;CK technique ids
 * @param groupBy paths into the event; events with the same values there are the same alert
 * @param quietFor how long a repeat is silent
 * @param what what happened, in one sentence with values of the event
 * @param details what helps to judge it, by label
 */
public record Rule(
        String id,
        String title,
        Severity severity,
        RuleStatus status,
        String why,
        List<Template> runbook,
        List<String> references,
        List<String> techniques,
        Detection detection,
        List<String> groupBy,
        Duration quietFor,
        Optional<Threshold> threshold,
        Template what,
        Map<String, Template> details) {
    public Rule {
        runbook = List.copyOf(runbook);
        references = List.copyOf(references);
        techniques = List.copyOf(techniques);
        groupBy = List.copyOf(groupBy);
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** The first part of the id: {@code cloudtrail}, {@code guardduty}, {@code sigma} or a folder of one's own. */
    public String source() {
        int slash = id.indexOf('/');
        return slash < 0 ? id : id.substring(0, slash);
    }
}
